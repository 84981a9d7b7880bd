/* Keys that stand visibly at their element (data-hotkey="n", "Ctrl+k /"). Single keys work outside of fields
   only and can be switched off by the user (html data-hotkeys). Ctrl+Enter saves the form. */
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function pressed(event) {
  const key = event.key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
}

/* Tells whether a single key may act: switched on, outside of fields, no dialog in between. */
export function isFree(event) {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return false;
  if (document.documentElement.dataset.hotkeys !== "on") return false;
  return !event.target.matches?.(FIELDS) && !document.querySelector("dialog[open]");
}

/* What can be reached by a key on this page now: [{ keys, element }]. */
export function reachable() {
  const seen = [...document.querySelectorAll("[data-hotkey]")].filter((one) => one.checkVisibility());
  return seen.map((element) => ({ keys: element.dataset.hotkey.split(" "), element }));
}

function elementFor(name) {
  return reachable().find((one) => one.keys.some((key) => key.toLowerCase() === name))?.element;
}

function use(element) {
  if (!element.matches(FIELDS)) return element.click();
  element.focus();
  element.select?.();
}

function save(event) {
  const form = event.target.closest?.("form") || document.querySelector("form[data-form]");
  if (!form?.matches("[data-form]")) return;
  event.preventDefault();
  form.requestSubmit();
}

export function say(words) {
  const status = document.querySelector("[data-key-status]");
  if (status) status.textContent = words;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const name = pressed(event);
    if (name === "ctrl+enter") return save(event);
    const single = !name.startsWith("ctrl+");
    if (single && (!isFree(event) || event.repeat)) return;
    if (document.querySelector("dialog[open]")) return;
    const element = elementFor(name);
    if (!element) return;
    event.preventDefault();
    use(element);
  });
}
