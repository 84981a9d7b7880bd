/* The quick line: read while one types. Answers and crosses read it anew at once; late answers of the server are
   dropped, what was clicked meanwhile goes along with the next reading. Enter saves; while a part is unclear it
   leads to the first question instead. */
import { debounce, parse, postHtml } from "./net.js";

const FAILED = false;

class QuickLine {
  constructor(form) {
    this.form = form;
    this.region = form.querySelector("[data-quick-read]");
    this.status = form.querySelector("[data-quick-status]");
    this.input = form.elements.line;
    this.turn = 0;
    this.unread = false;
    this.clicked = [];
    this.soon = debounce(() => this.read(), 150);
    this.input.addEventListener("input", this.soon);
    this.region.addEventListener("click", (event) => this.answer(event));
    form.addEventListener("submit", (event) => this.save(event));
    addEventListener("pageshow", () => (this.unread = false));
    if (this.input.value && !this.region.childElementCount) this.read();
    else this.seen = this.input.value.trim();
    if (this.question) this.lead();
  }

  async read() {
    this.soon.cancel();
    const mine = ++this.turn;
    const data = new FormData(this.form);
    for (const button of this.clicked) data.append(button.name, button.value);
    const line = this.input.value.trim();
    if (!line) {
      this.clicked = [];
      this.region.replaceChildren();
      return FAILED;
    }
    const html = await postHtml(this.form.dataset.quick, data).catch(() => null);
    if (html === null) return FAILED;
    if (mine === this.turn) this.show(html, line);
    return true;
  }

  show(html, line) {
    const held = this.region.contains(document.activeElement);
    this.clicked = [];
    const fresh = parse(html).body.childNodes;
    this.region.replaceChildren(...[...fresh].map((node) => document.importNode(node, true)));
    this.seen = line;
    this.status.textContent = this.region.querySelector("[data-quick-said]")?.textContent || "";
    if (held) (this.question?.querySelector("button") || this.input).focus();
  }

  get question() {
    return this.region.querySelector(".quick-asks");
  }

  lead() {
    (this.question.querySelector("button") || this.input).focus();
  }

  answer(event) {
    const button = event.target.closest("[data-quick-answer]");
    if (!button) return;
    event.preventDefault();
    // Of two answers to one question the first that is sent counts: the last click stands first.
    this.clicked.unshift(button);
    this.read();
  }

  get fresh() {
    return this.seen === this.input.value.trim();
  }

  save(event) {
    if (this.unread || event.submitter?.hasAttribute("formaction")) return;
    if (this.fresh && !this.question) return;
    event.preventDefault();
    if (this.fresh) this.lead();
    else this.readFirst(event.submitter);
  }

  /* Whoever types faster than the answer comes has the line read first; without an answer it is sent as it is. */
  async readFirst(submitter) {
    while (!this.fresh && !this.unread) this.unread = (await this.read()) === FAILED;
    if (!this.unread && this.question) return this.lead();
    this.form.requestSubmit(submitter);
  }
}

export function startQuick() {
  for (const form of document.querySelectorAll("[data-quick]")) new QuickLine(form);
}
