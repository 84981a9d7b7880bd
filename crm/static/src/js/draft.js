/* A long text is never lost: every 20 seconds, and when the page is left, changed fields go to the server. */
import { text } from "./text.js";

const PAUSE = 20_000;

function now() {
  return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.kept = this.fields();
    this.status = document.querySelector("[data-draft-status]");
    setInterval(() => this.keep(), PAUSE);
    form.addEventListener("submit", () => (this.sent = true));
    addEventListener("pageshow", () => (this.sent = false));
    addEventListener("pagehide", () => this.keep(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.keep(true));
  }

  fields() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  async keep(leaving = false) {
    const body = this.fields();
    if (this.sent || body === this.kept) return;
    const answer = await fetch(this.form.dataset.draftUrl, {
      method: "POST", body, credentials: "same-origin", keepalive: leaving && body.length < 60_000,
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": this.form.elements.csrf_token?.value || "",
        "X-Fragment": "1",
      },
    }).catch(() => null);
    const good = Boolean(answer?.ok && !answer.redirected);
    if (good) {
      this.kept = body;
      document.dispatchEvent(new CustomEvent("session-alive"));
    }
    if (this.status) this.status.textContent = good ? text("draft-saved", now()) : text("draft-failed");
  }
}

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-draft-url]")) new Keeper(form);
}
