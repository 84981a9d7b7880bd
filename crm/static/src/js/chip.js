/* One chip: chosen (with its hidden field), pending (no answer yet), or open (nothing found). */
import { text } from "./text.js";

export function chosenChip(name, item) {
  const chip = frame("chip chip-pick", item.elsewhere ? `${item.text} (${item.note})` : item.text);
  chip.dataset.value = item.value;
  chip.prepend(Object.assign(document.createElement("input"), { type: "hidden", name, value: item.value }));
  chip.append(cross(item.text));
  return chip;
}

export function pendingChip(typed) {
  const chip = frame("chip chip-pick chip-pending", typed);
  chip.dataset.typed = typed;
  return chip;
}

/* Kept as text: nobody loses a key, and the server can read it. */
export function openChip(typed) {
  const chip = frame("chip chip-open", typed);
  chip.dataset.typed = typed;
  chip.append(cross(typed));
  return chip;
}

function frame(className, words) {
  const chip = document.createElement("li");
  chip.className = className;
  const name = document.createElement("span");
  name.textContent = words;
  chip.append(name);
  return chip;
}

function cross(words) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "chip-x" });
  button.setAttribute("aria-label", text("remove", words));
  const sign = document.createElement("span");
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = "×";
  button.append(sign);
  return button;
}
