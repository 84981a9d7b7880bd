/* Many records by typing. Enter, comma, semicolon and Tab take the active (first) suggestion. If the server
   has not answered yet, the text becomes a pending chip: quick typists lose no key and keep their order. */
import { Chosen } from "./chosen.js";
import { asker, debounce } from "./net.js";
import { Suggestions } from "./suggestions.js";
import { text } from "./text.js";

class Combobox {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("[data-input]");
    this.status = root.querySelector("[data-status]");
    this.list = new Suggestions(this.input, root.querySelector("[data-list]"));
    this.chosen = new Chosen(root, (words) => this.say(words));
    this.ask = asker(root.dataset.source);
    const suggest = debounce(() => this.suggest(), 110);
    this.input.addEventListener("input", () => {
      this.split(this.input.value, false);
      suggest();
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("paste", (event) => this.paste(event));
    this.input.addEventListener("blur", () => this.list.close());
    this.list.list.addEventListener("pointerdown", (event) => this.point(event));
    root.querySelector(".combo-box").addEventListener("click", (event) => {
      if (event.target === event.currentTarget) this.input.focus();
    });
  }

  newItem(query) {
    // One letter is no name: Enter must not make somebody of it.
    if (!this.root.dataset.create || query.length < 2) return null;
    return { value: `+${query}`, text: query, label: text("create", query), isNew: true };
  }

  async suggest() {
    const query = this.input.value.trim();
    if (!query) return this.list.close();
    try {
      const one = "single" in this.chosen.root.dataset;
      // All of a county at once are no answer where one is asked for.
      const found = (await this.ask(query)).filter((item) => (item.members ? !one : !this.chosen.has(item.value)));
      if (query !== this.input.value.trim() || document.activeElement !== this.input) return;
      this.list.show(query, [...found, this.newItem(query)].filter(Boolean));
      if (!found.length) this.say(text("no-hit", query));
      else this.say(found.length === 1 ? text("one-hit") : text("hits", found.length));
    } catch {
      this.list.close();
      this.say(text("unreachable"));
    }
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return this.take();
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const typed = this.input.value.trim();
    const { list } = this;
    if (event.key === "Enter" && (typed || this.input.form?.method === "post")) {
      event.preventDefault();
      this.take(typed, true);
    } else if (event.key === "Tab" && !event.shiftKey && typed) {
      this.take();
    } else if (event.key === "Backspace" && !this.input.value) {
      // The text of a chip that found nothing comes back into the field; this key must not shorten it.
      event.preventDefault();
      this.chosen.remove();
    } else if (list.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      list.move(list.active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (list.open && event.key === "Escape") {
      event.stopPropagation();
      list.close();
    }
  }

  point(event) {
    const line = event.target.closest("[role=option]");
    if (!line) return;
    event.preventDefault();
    this.list.move([...line.parentNode.children].indexOf(line));
    this.take(this.input.value.trim(), true);
  }

  paste(event) {
    const pasted = event.clipboardData?.getData("text") || "";
    if (!/[,;\n]/.test(pasted)) return;
    event.preventDefault();
    this.split(this.input.value + pasted.replace(/[\r\n]+/g, ";"), true);
  }

  /* Everything before a comma or semicolon is taken; the rest stays in the field, unless it was pasted. */
  split(typed, whole) {
    // A comma stands inside a new name: "Petra Henkel, Büroleitung".
    const parts = typed.split(this.root.dataset.create ? ";" : /[,;]/);
    if (parts.length < 2) return;
    for (const part of whole ? parts : parts.slice(0, -1)) this.take(part.trim());
    this.input.value = whole ? "" : parts.at(-1).trimStart();
  }

  /* A guess is taken only when somebody `picks` it from the list: by Enter or with the pointer. */
  take(typed = this.input.value.trim(), picks = false) {
    const seen = typed && typed === this.list.query ? this.list.chosen : null;
    const ready = seen?.guess && !picks ? null : seen;
    this.input.value = "";
    this.list.close();
    if (!typed) return;
    const place = this.chosen.hold(typed);
    if (ready) return this.chosen.settle(place, ready);
    this.ask(typed).then(
      (found) => this.chosen.settle(place, this.unseen(found) || this.newItem(typed)),
      () => this.chosen.settle(place, null, "unreachable"),
    );
  }

  /* What may be taken before anybody saw the list: a namesake from elsewhere may be another person. */
  unseen(found) {
    return found.find((item) => !item.guess && !(this.root.dataset.create && item.elsewhere));
  }

  say(words) {
    this.status.textContent = words;
  }
}

export function startComboboxes(root = document) {
  for (const field of root.querySelectorAll("[data-combobox]:not([data-ready])")) {
    field.dataset.ready = "1";
    new Combobox(field);
  }
}
