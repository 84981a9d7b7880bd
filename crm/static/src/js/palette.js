/* Search or go to: a <dialog> over every page (Ctrl+K). Typing asks the server, arrows move, Enter opens, with Ctrl
   in a new tab. What comes from the server are hits and commands alike: {group, text, note, url, icon, sure}, hits
   also with {kind, number}. A command may carry what was typed in its url, so new ones need nothing here. */
import { asker, csrfToken, debounce, post } from "./net.js";
import { lineItem, sendLine } from "./palette_line.js";
import { text } from "./text.js";

const FIELDS = "input, textarea, select, [contenteditable]";
const OWN_SEARCH = "main .filters input[type=search], main .filters input[name=q]";

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[data-palette-status]");
    this.empty = dialog.querySelector("[data-palette-empty]");
    this.active = -1;
    this.input.addEventListener("input", debounce(() => this.load(), 80));
    this.input.addEventListener("keydown", (event) => this.key(event));
    dialog.querySelector("form").addEventListener("submit", (event) => this.enter(event));
    dialog.querySelector("[data-palette-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("pointerdown", (event) => event.target === dialog && dialog.close());
    this.list.addEventListener("click", (event) => this.picked(event));
  }

  get lines() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  open(query = "") {
    if (this.dialog.open) return;
    // What was opened last changes from page to page and while this one stands open.
    this.ask = asker(this.dialog.dataset.source);
    this.dialog.showModal();
    this.input.value = query;
    this.input.select();
    this.query = null;
    this.load();
  }

  async load() {
    const query = this.input.value.trim();
    if (this.shows(query)) return;
    const line = lineItem(this.dialog, query);
    try {
      const items = line?.alone ? [line] : [line, ...(await this.ask(query))].filter(Boolean);
      if (query !== this.input.value.trim() || this.shows(query)) return;
      this.show(query, items);
    } catch {
      this.show(query, []);
      this.say(text("unreachable"), true);
    }
  }

  /* Enter asks at once, and the pause after the last letter once more: what is chosen by then stays chosen. */
  shows(query) {
    return query === this.query && this.lines.length > 0;
  }

  show(query, items) {
    this.query = query;
    [this.first] = items;
    this.list.replaceChildren(...groups(items));
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.move(items.length ? 0 : -1);
    if (!items.length) this.say(text("no-hit", query), true);
    else this.say(items.length === 1 ? text("one-hit") : text("hits", items.length));
  }

  say(words, visibly = false) {
    this.status.textContent = words;
    this.empty.hidden = !visibly;
    this.empty.textContent = visibly ? words : "";
  }

  move(to) {
    const { lines } = this;
    lines[this.active]?.setAttribute("aria-selected", "false");
    this.active = lines.length ? (to + lines.length) % lines.length : -1;
    const line = lines[this.active];
    if (!line) return this.input.removeAttribute("aria-activedescendant");
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    // The heading of the first group would else stay out of sight for good.
    if (this.active === 0) this.list.scrollTop = 0;
    this.input.setAttribute("aria-activedescendant", line.id);
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.move(this.active + step);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.use((line) => window.open(line.href, "_blank", "noopener"));
    }
  }

  /* Who types faster than the server answers means what was typed: it is opened unseen if there is no doubt about
     it, else the list stands there to choose from. Without an answer, or a hit, the page of hits has more to say. */
  async enter(event) {
    const query = this.input.value.trim();
    const seen = query === this.query;
    if (seen && this.active < 0 && query) return;
    event.preventDefault();
    if (!seen) await this.load();
    if (this.query === query && (seen || this.first?.sure)) this.use((line) => line.click());
  }

  use(how) {
    const line = this.lines[this.active];
    if (line) how(line);
  }

  picked(event) {
    const line = event.target.closest("[role=option]");
    if (line?.dataset.line) {
      event.preventDefault();
      return sendLine(this.dialog, line.dataset.line);
    }
    if (line && !event.ctrlKey && !event.metaKey) this.dialog.close();
  }
}

function groups(items) {
  const made = [];
  items.forEach((item, place) => {
    if (!made.length || made.at(-1).dataset.name !== item.group) made.push(group(item.group));
    made.at(-1).append(option(item, place));
  });
  return made;
}

function group(name) {
  const box = document.createElement("div");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", name);
  box.dataset.name = name;
  box.append(span("palette-group", name));
  box.firstChild.setAttribute("aria-hidden", "true");
  return box;
}

function option(item, place) {
  const line = document.createElement("a");
  line.id = `palette-${place}`;
  line.href = item.url;
  line.tabIndex = -1;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  if (item.line) line.dataset.line = item.line;
  if (item.kind) Object.assign(line.dataset, { hitKind: item.kind, hitNumber: item.number });
  line.append(icon(item.icon), span("palette-text", item.text));
  if (item.note) line.append(span("palette-note", item.note));
  return line;
}

function span(name, words) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = words;
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sheet = document.querySelector(".find use").getAttribute("href").split("#")[0];
  svg.setAttribute("class", "ic");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sheet}#${name}`);
  svg.append(use);
  return svg;
}

/* What was opened from a search is offered first next time. The page is left at once: the note goes along. */
function noteUse(url, link) {
  const fields = { kind: link.dataset.hitKind, number: link.dataset.hitNumber };
  post(url, fields, csrfToken(), true).catch(() => null);
}

export function startPalette() {
  const dialog = document.querySelector("[data-palette]");
  if (!dialog) return;
  const palette = new Palette(dialog);
  const field = document.querySelector("#find");
  const singles = document.documentElement.dataset.hotkeys === "on";
  for (const name of ["click", "auxclick"]) {
    document.addEventListener(name, (event) => {
      const link = event.target.closest?.("a[data-hit-kind]");
      if (link) noteUse(dialog.dataset.used, link);
    });
  }
  field?.addEventListener("click", () => palette.open(field.value));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    const whole = (event.ctrlKey || event.metaKey) && key === "k";
    const single = singles && key === "/" && !event.ctrlKey && !event.target.matches?.(FIELDS);
    if (!whole && !single) return;
    event.preventDefault();
    const own = single && !dialog.open && document.querySelector(OWN_SEARCH);
    if (own) own.select();
    else palette.open();
  });
}
