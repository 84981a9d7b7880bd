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

function exchange(form, html) {
  const page = parse(html);
  for (const selector of form.dataset.swap.split(",")) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
    if (!old || !fresh) continue;
    old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
    startComboboxes(old);
  }
  const status = form.querySelector("[data-swap-status]");
  if (status) status.textContent = text("results");
}

function watch(form) {
  let turn = 0;
  const run = debounce(async () => {
    const mine = ++turn;
    const url = address(form);
    const html = await getHtml(url).catch(() => null);
    if (html === null || mine !== turn) return;
    exchange(form, html);
    history.replaceState(null, "", url);
  }, Number(form.dataset.swapDelay || 220));
  for (const name of ["input", "change", "chip-added", "chip-removed"]) form.addEventListener(name, run);
}

export function startSwap() {
  for (const form of document.querySelectorAll("form[data-swap]")) watch(form);
}
