/* Keys that stand visibly at their element (data-hotkey="n", "Ctrl+k /"). Single keys work outside of fields
   only and can be switched off by the user (html data-hotkeys). Ctrl+Enter saves the form. */
const FIELDS = "input, textarea, select, [contenteditable]";

function pressed(event) {
  const key = event.key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
}

function elementFor(name) {
  const holds = (one) => one.dataset.hotkey.toLowerCase().split(" ").includes(name);
  return [...document.querySelectorAll("[data-hotkey]")].find((one) => holds(one) && one.checkVisibility());
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

export function startKeys() {
  const singles = document.documentElement.dataset.hotkeys === "on";
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const name = pressed(event);
    if (name === "ctrl+enter") return save(event);
    const single = !name.startsWith("ctrl+");
    if (single && (!singles || event.target.matches?.(FIELDS) || event.repeat)) return;
    const element = elementFor(name);
    if (!element) return;
    event.preventDefault();
    use(element);
  });
}
