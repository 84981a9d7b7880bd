/* A chip brings a row of fields (data-row-source, data-row-target) and takes it away again. Rows keep the
   order of the chips: a placeholder holds the place until the server has drawn the row. */
import { startComboboxes } from "./combobox.js";
import { getHtml, parse, withParams } from "./net.js";
import { text } from "./text.js";

const rowsIn = (target) => [...target.querySelectorAll("[data-row]")];

/* Numbers only grow: a removed row leaves a gap, never two rows with one name. */
function nextIndex(target) {
  const after = rowsIn(target).map((row) => Number(row.dataset.index) + 1);
  const index = Math.max(Number(target.dataset.next || 0), ...after);
  target.dataset.next = index + 1;
  return index;
}

function placeholder(item, index) {
  const row = document.createElement("li");
  row.className = "party-pending";
  row.dataset.row = item.value;
  row.dataset.index = index;
  row.setAttribute("aria-busy", "true");
  row.textContent = text("loading", item.text);
  return row;
}

/* The row of the first later chip that has one; null means "at the end". */
function nextRow(field, target, item) {
  const values = [...field.querySelectorAll("[data-chips] > li")].map((chip) => chip.dataset.value);
  const later = values.slice(values.indexOf(item.value) + 1);
  return rowsIn(target).find((row) => later.includes(row.dataset.row)) || null;
}

/* A row that was taken off waits here with all that stood in it: one Backspace too many loses nothing. */
const off = new Map();

async function add(field, target, item) {
  const waiting = off.get(item.value);
  if (waiting) {
    off.delete(item.value);
    target.insertBefore(waiting, nextRow(field, target, item));
    return changed(target);
  }
  const index = nextIndex(target);
  const place = placeholder(item, index);
  target.insertBefore(place, nextRow(field, target, item));
  changed(target);
  try {
    const html = await getHtml(withParams(field.dataset.rowSource, { value: item.value, index }));
    const row = parse(html).body.firstElementChild;
    if (!place.isConnected || !row) return;
    place.replaceWith(document.importNode(row, true));
    startComboboxes(target);
  } catch {
    place.textContent = text("row-failed", item.text);
    place.removeAttribute("aria-busy");
  }
  changed(target);
}

function changed(target) {
  target.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true, detail: rowsIn(target).length }));
}

function count(out) {
  const target = document.querySelector(out.dataset.count);
  if (!target) return;
  const update = () => {
    const all = [...target.querySelectorAll("[data-presence]")];
    const isCounted = (one) => one.dataset.presence.split(" ").includes(one.value);
    const counts = (one) => isCounted(one) && !one.closest("[data-uncounted]");
    const number = all.filter(counts).length;
    const words = number === 1 ? out.dataset.countOne : out.dataset.countMany.replace("%s", number);
    if (out.textContent !== words) out.textContent = words;
  };
  target.addEventListener("change", update);
  target.addEventListener("rows-changed", update);
  update();
}

export function startRows() {
  for (const out of document.querySelectorAll("[data-count]")) count(out);
  for (const field of document.querySelectorAll("[data-row-source]")) {
    const target = document.querySelector(field.dataset.rowTarget);
    if (!target) continue;
    field.addEventListener("chip-added", (event) => add(field, target, event.detail));
    field.addEventListener("chip-removed", (event) => {
      const row = rowsIn(target).find((one) => one.dataset.row === event.detail.value);
      if (row && !row.classList.contains("party-pending")) off.set(event.detail.value, row);
      row?.remove();
      changed(target);
    });
  }
}
