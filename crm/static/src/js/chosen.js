/* The chips of one combobox: taken at once, settled when the server has answered, in the order of typing. */
import { chosenChip, openChip, pendingChip } from "./chip.js";
import { text } from "./text.js";

export class Chosen {
  constructor(root, say) {
    this.root = root;
    this.say = say;
    this.list = root.querySelector("[data-chips]");
    this.input = root.querySelector("[data-input]");
    this.list.addEventListener("click", (event) => {
      if (event.target.closest(".chip-x")) this.remove(event.target.closest("li"));
    });
    this.input.form?.addEventListener("formdata", (event) => this.addText(event.formData));
  }

  has(value) {
    return [...this.list.children].some((chip) => chip.dataset.value === String(value));
  }

  hold(typed) {
    const place = pendingChip(typed);
    this.list.append(place);
    return place;
  }

  settle(place, item, problem = "not-found") {
    if (!place.isConnected) return;
    if (!item) {
      place.replaceWith(openChip(place.dataset.typed));
      this.say(text(problem, place.dataset.typed));
      return;
    }
    const wanted = (item.members || [item]).filter((one) => !this.has(one.value));
    if (this.root.dataset.single && wanted.length) this.removeOthers(place);
    place.replaceWith(...wanted.map((one) => chosenChip(this.root.dataset.name, one)));
    for (const one of wanted) this.tell("chip-added", one);
    const names = wanted.map((one) => one.text).join(", ");
    this.say(names ? text("added", names) : text("already", item.text));
  }

  removeOthers(place) {
    for (const old of [...this.list.children]) if (old !== place) this.drop(old);
  }

  drop(chip) {
    const { value } = chip.dataset;
    const name = chip.querySelector("span").textContent;
    chip.remove();
    if (value) this.tell("chip-removed", { value, text: name });
    return name;
  }

  /* Text that found nothing goes back into the field, to be corrected. */
  remove(chip = this.list.lastElementChild) {
    if (!chip) return;
    const { typed } = chip.dataset;
    this.say(text("removed", this.drop(chip)));
    if (typed && !this.input.value) this.input.value = typed;
    this.input.focus();
  }

  /* What has not become a chip yet is sent as text; the server reads it like typed names. */
  addText(data) {
    const waiting = [...this.list.querySelectorAll("[data-typed]")].map((chip) => chip.dataset.typed);
    if (waiting.length) data.set(this.input.name, [...waiting, this.input.value].filter(Boolean).join("; "));
  }

  tell(name, detail) {
    this.root.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}
