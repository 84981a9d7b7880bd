/* Selection in lists: the bar counts what is ticked; X ticks a row, Shift goes on with the selection, A ticks all on
   the page, M leads into the bar, Esc clears. Rows come and go (swap.js), so nothing is kept but the ticks themselves. */
import { current, move, rows } from "./cursor.js";
import { isFree } from "./keys.js";

const BOX = "input[form=picks][name=nummer]";

function boxes() {
  return [...document.querySelectorAll(BOX)];
}

function count() {
  const [all, picked] = [boxes(), boxes().filter((one) => one.checked).length];
  const whole = document.querySelector("[data-pick-whole]");
  for (const one of document.querySelectorAll("[data-pick-all]")) {
    one.checked = all.length > 0 && picked === all.length;
    one.indeterminate = picked > 0 && picked < all.length;
  }
  for (const one of document.querySelectorAll("[data-picked]")) {
    const number = whole?.checked ? Number(whole.value).toLocaleString(document.documentElement.lang) : picked;
    one.textContent = one.dataset.picked.replace("%s", number);
  }
}

function tick(box, on) {
  if (box && box.checked !== on) box.checked = on;
}

let last = null;

/* Tick everything between the row ticked last and this one. */
function extend(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
  for (const one of from < 0 ? [box] : all.slice(from, to + 1)) tick(one, true);
  last = box;
}

function boxOf(row) {
  return row?.querySelector(BOX);
}

function toggle(event) {
  const box = boxOf(current());
  if (!box) return false;
  if (event.shiftKey) extend(box);
  else {
    tick(box, !box.checked);
    last = box;
  }
  return true;
}

function grow(steps) {
  const start = boxOf(current());
  if (start) tick(start, true);
  const row = move(steps);
  tick(boxOf(row), true);
  last = boxOf(row) || last;
  return Boolean(row);
}

function all() {
  const [found, on] = [boxes(), boxes().some((one) => !one.checked)];
  for (const one of found) tick(one, on);
  return found.length > 0;
}

function clear() {
  const form = document.getElementById("picks");
  if (!form || !boxes().some((one) => one.checked)) return false;
  form.reset();
  if (!current()) move(1);
  return true;
}

function intoBar() {
  const bar = [...document.querySelectorAll(".pick-bar")].find((one) => one.checkVisibility());
  bar?.querySelector("button")?.focus();
  return Boolean(bar);
}

function act(event) {
  const key = event.key.toLowerCase();
  if (event.shiftKey && (key === "j" || key === "k")) return grow(key === "j" ? 1 : -1);
  if (key === "x") return toggle(event);
  if (event.shiftKey) return false;
  return { a: all, m: intoBar, escape: clear }[key]?.() || false;
}

function changed(event) {
  const target = event.target;
  if (target.matches?.("[data-pick-all]")) for (const one of boxes()) tick(one, target.checked);
  if (target.matches?.(BOX) || target.matches?.("[data-pick-all]")) {
    const whole = document.querySelector("[data-pick-whole]");
    if (whole) whole.checked = false;
  }
  count();
}

export function startPicks() {
  document.addEventListener("keydown", (event) => {
    if (!isFree(event) || !rows().length || !act(event)) return;
    event.preventDefault();
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.(`${BOX}, [data-pick-all], [data-pick-whole]`)) changed(event);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.(BOX)) return;
    if (event.shiftKey && last) extend(event.target);
    else last = event.target;
    count();
  });
  document.addEventListener("reset", (event) => {
    if (event.target.id === "picks") setTimeout(count);
  });
  count();
}
