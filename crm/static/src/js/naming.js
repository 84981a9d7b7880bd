/* Naming people in a text: "@" offers contacts, those of the talk's organisations first. What is taken stands
   in the text as @[Name]; the server keeps a number of it. Esc leaves the "@" as it was typed. */
import { debounce, getJson, withParams } from "./net.js";
import { Suggestions } from "./suggestions.js";
import { text } from "./text.js";

const PLACES = "input[type=hidden][name=organisations]";
// From an "@" at the beginning of a word up to the caret; a bracket closes it.
const BEGUN = /(?:^|[\s(,;:–-])@\[?([^@\[\]#\n]{0,60})$/;

class Naming {
  constructor(area) {
    this.area = area;
    this.list = new Suggestions(area, this.build(), "textbox");
    this.left = -1;
    this.turn = 0;
    const suggest = debounce(() => this.suggest(), 110);
    area.addEventListener("input", suggest);
    area.addEventListener("click", () => this.list.close());
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("blur", () => this.list.close());
    this.list.list.addEventListener("pointerdown", (event) => this.point(event));
  }

  /* The list, what is said of it, and the button, all of them of use with a script only. */
  build() {
    const list = document.createElement("ul");
    list.className = "combo-list";
    list.id = `${this.area.id}-people`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", text("people"));
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.area.after(list, this.status);
    if (this.area.dataset.namingButton) this.area.closest(".field").append(this.button());
    return list;
  }

  button() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-small";
    button.textContent = text("name-person");
    button.addEventListener("click", () => this.begin());
    return button;
  }

  /* What is typed of a name, and where its "@" stands; null where none was begun. */
  get begun() {
    const { selectionStart, selectionEnd, value } = this.area;
    if (selectionStart !== selectionEnd) return null;
    const found = BEGUN.exec(value.slice(0, selectionStart));
    if (!found) return null;
    const at = found.index + found[0].indexOf("@");
    return at === this.left ? null : { at, typed: found[1] };
  }

  begin() {
    const { selectionStart: at, value } = this.area;
    this.area.focus();
    this.area.setRangeText(at && !/\s/.test(value[at - 1]) ? " @" : "@", at, this.area.selectionEnd, "end");
    this.left = -1;
    this.area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  async suggest() {
    const mine = ++this.turn;
    const { begun } = this;
    if (!begun) return this.close();
    try {
      const found = await getJson(this.url(begun.typed));
      if (mine !== this.turn || document.activeElement !== this.area) return;
      this.list.show(begun.typed, found);
      if (found.length) this.say(found.length === 1 ? text("one-hit") : text("hits", found.length));
      else this.say(begun.typed ? text("no-hit", begun.typed) : "");
    } catch {
      this.close();
    }
  }

  url(q) {
    const places = [...this.area.form.querySelectorAll(PLACES)].map((one) => one.value);
    return withParams(this.area.dataset.naming, { q, kommune: places.join(",") });
  }

  key(event) {
    const { list } = this;
    if (!list.open || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      list.move(list.active + (event.key === "ArrowDown" ? 1 : -1));
    } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
      event.preventDefault();
      this.take();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.left = this.begun?.at ?? -1;
      this.close();
    }
  }

  point(event) {
    const line = event.target.closest("[role=option]");
    if (!line) return;
    event.preventDefault();
    this.list.move([...line.parentNode.children].indexOf(line));
    this.take();
  }

  take() {
    const { begun } = this;
    const one = this.list.chosen;
    this.close();
    if (!begun || !one) return;
    const end = this.area.selectionStart;
    const closed = this.area.value[end] === "]" ? 1 : 0;
    this.area.setRangeText(`@[${one.text}]`, begun.at, end + closed, "end");
    this.area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    this.say(text("added", one.text));
  }

  close() {
    this.turn += 1;
    this.list.close();
  }

  say(words) {
    this.status.textContent = words;
  }
}

export function startNaming() {
  for (const area of document.querySelectorAll("textarea[data-naming]")) new Naming(area);
}
