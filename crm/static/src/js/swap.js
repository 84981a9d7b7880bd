/* Live filter: <form data-swap="#results, #total">. The server draws the same page; the named parts are
   exchanged and the address follows. Late answers to outdated input are
   dropped; on failure nothing changes. */
import { startComboboxes } from "./combobox.js";
import { debounce, getHtml, parse } from "./net.js";
import { text } from "./text.js";

function address(form) {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(filled).toString();
  return form.action.split("?")[0] + (query ? `?${query}` : "");
}

export function exchange(html, selectors) {
  const page = parse(html);
  for (const selector of selectors.split(",")) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
    if (!old || !fresh) continue;
    const held = old.contains(document.activeElement) && document.activeElement.id;
    old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
    startComboboxes(old);
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
  }
}

function watch(form) {
  let turn = 0;
  let last = address(form);
  const run = debounce(async () => {
    const mine = ++turn;
    const url = address(form);
    // Leaving a field tells of a change that was answered while one typed.
    if (url === last) return;
    const html = await getHtml(url).catch(() => null);
    if (html === null || mine !== turn) return;
    exchange(html, form.dataset.swap);
    const status = form.querySelector("[data-swap-status]");
    if (status) status.textContent = text("results");
    history.replaceState(null, "", url);
    last = url;
  }, Number(form.dataset.swapDelay || 220));
  for (const name of ["input", "change", "chip-added", "chip-removed"]) form.addEventListener(name, run);
}

export function startSwap() {
  for (const form of document.querySelectorAll("form[data-swap]")) watch(form);
}
