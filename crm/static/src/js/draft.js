/* A long text is never lost: every 20 seconds, and when the page is left, changed fields go to the server. */
import { post } from "./net.js";
import { text } from "./text.js";

const PAUSE = 20_000;

function now() {
  return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.kept = this.unsaved() ? "" : this.fields();
    this.status = document.querySelector("[data-draft-status]");
    setInterval(() => this.keep(), PAUSE);
    form.addEventListener("submit", () => (this.sent = true));
    addEventListener("pageshow", () => (this.sent = false));
    addEventListener("pagehide", () => this.keep(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.keep(true));
  }

  /* A form that came back with errors, in two versions or after signing in again is not stored anywhere yet. */
  unsaved() {
    return "unsaved" in this.form.dataset || Boolean(document.querySelector(".err-sum, .conf"));
  }

  fields() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  async keep(leaving = false) {
    const body = this.fields();
    const before = this.kept;
    if (this.sent || body === before) return;
    this.kept = body;
    const token = this.form.elements.csrf_token?.value;
    const sent = post(this.form.dataset.draftUrl, body, token, leaving && body.length < 60_000);
    const answer = await sent.catch(() => null);
    const good = Boolean(answer?.ok && !answer.redirected);
    if (good) document.dispatchEvent(new CustomEvent("session-alive"));
    else this.kept = before;
    if (this.status) this.status.textContent = good ? text("draft-saved", now()) : text("draft-failed");
  }
}

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-draft-url]")) new Keeper(form);
}
