/* The list under a combobox: draws options, moves through them, tells screen readers which one is active. */
let counter = 0;

export class Suggestions {
  /* A field of many lines stays a textbox: no combobox has lines, and a textbox is never said to be open. */
  constructor(input, list, role = "combobox") {
    this.input = input;
    this.list = list;
    this.items = [];
    this.active = -1;
    this.query = null;
    this.says = role === "combobox";
    if (this.says) input.setAttribute("role", role);
    input.setAttribute("aria-autocomplete", "list");
    this.tell();
    input.setAttribute("aria-controls", list.id);
  }

  get open() {
    return !this.list.hidden;
  }

  tell() {
    if (this.says) this.input.setAttribute("aria-expanded", String(this.open));
  }

  get chosen() {
    return this.items[this.active];
  }

  show(query, items) {
    this.query = query;
    this.items = items;
    this.list.replaceChildren(...items.map(option));
    this.list.hidden = !items.length;
    this.tell();
    if (items.length) this.move(0);
  }

  move(to) {
    const { length } = this.items;
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = (to + length) % length;
    const line = this.list.children[this.active];
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", line.id);
  }

  close() {
    this.list.hidden = true;
    this.items = [];
    this.active = -1;
    this.query = null;
    this.tell();
    this.input.removeAttribute("aria-activedescendant");
  }
}

function option(item) {
  const line = document.createElement("li");
  line.id = `option-${++counter}`;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  line.classList.toggle("is-new", Boolean(item.isNew));
  const name = document.createElement("span");
  name.textContent = item.label || item.text;
  line.append(name);
  if (item.note) {
    const note = document.createElement("span");
    note.className = "muted";
    note.textContent = item.note;
    line.append(" ", note);
  }
  return line;
}
