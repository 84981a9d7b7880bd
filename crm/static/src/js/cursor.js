/* The row cursor of lists: J and K, or the arrows, move the focus from row to row, on the link that is the thing
   itself; O opens it, B edits it, E ticks it off. Rows come and go (swap.js), so nothing is kept but what the page shows. */
import { isFree } from "./keys.js";

const ROWS = "#results tbody tr, #results .rows > li";
const LINK = "th a, .row-main > a";

export function rows() {
  return [...document.querySelectorAll(ROWS)].filter((one) => one.querySelector(LINK) && one.checkVisibility());
}

export function current() {
  const row = document.activeElement?.closest?.(ROWS);
  return row && row.querySelector(LINK) ? row : null;
}

export function linkOf(row) {
  return row.querySelector(LINK);
}

/* Go some rows on; from outside the first step leads to the first row, or to the last. */
export function move(steps) {
  const [all, row] = [rows(), current()];
  if (!all.length) return null;
  const from = row ? all.indexOf(row) : steps > 0 ? -1 : all.length;
  const target = all[Math.min(Math.max(from + steps, 0), all.length - 1)];
  linkOf(target).focus();
  target.scrollIntoView({ block: "nearest" });
  return target;
}

function arrow(event) {
  const onPage = event.target === document.body || event.target.matches?.("main");
  return current() || onPage ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined;
}

/* The page of a record and what stands below it: /beratungen/7 and /beratungen/7/bearbeiten. */
function edit(row) {
  const path = linkOf(row).pathname;
  if (!document.querySelector("[data-edits]") || !/\/\d+$/.test(path)) return false;
  location.assign(`${path}/bearbeiten`);
  return true;
}

function finish(row) {
  const tick = row.querySelector(".tick-btn");
  tick?.click();
  return Boolean(tick);
}

function act(event, row) {
  const key = event.key.toLowerCase();
  if (key === "b") return edit(row);
  if (key === "e") return finish(row);
  if (key !== "o") return false;
  linkOf(row).click();
  return true;
}

export function startCursor() {
  document.addEventListener("keydown", (event) => {
    if (!isFree(event) || event.shiftKey) return;
    const steps = { j: 1, k: -1 }[event.key.toLowerCase()] || arrow(event);
    const row = current();
    if (steps ? move(steps) : row && act(event, row)) event.preventDefault();
  });
}
