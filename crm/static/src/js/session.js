/* Before the session ends the page says so, at least two minutes ahead. Idle time begins anew by one key, F2,
   which works in fields too, and by every answer; the longest time ends by signing in again elsewhere. */
import { post } from "./net.js";
import { text } from "./text.js";

// The server notes the use of a session once a minute: its end may be a minute nearer than the page knows.
const WARNING = 120 + 60;
const LAST_WORDS = 600;

export function startSession() {
  const { sessionSeconds, sessionLeft, extendUrl } = document.documentElement.dataset;
  const region = document.querySelector("[data-session-region]");
  if (!sessionSeconds || !region) return;
  let timer;
  let asking = false;

  const show = (name) => {
    const template = document.querySelector(`[data-session-template=${name}]`);
    region.append(template.content.cloneNode(true));
  };
  const clear = (what) => region.querySelectorAll(what).forEach((one) => one.remove());
  const restart = () => {
    clearTimeout(timer);
    clear("[data-idle], [data-said]");
    timer = setTimeout(() => show("idle"), Math.max(Number(sessionSeconds) - WARNING, 5) * 1000);
  };
  const say = (name, tone) => {
    const line = document.createElement("div");
    line.className = `notice notice-${tone}`;
    line.dataset.said = name;
    line.textContent = text(name);
    // The notice and its button stay until they are not needed any more.
    clear("[data-said]");
    region.append(line);
    return line;
  };
  const extend = async () => {
    if (asking) return undefined;
    asking = true;
    const within = region.contains(document.activeElement);
    const answer = await post(extendUrl, {}).catch(() => null);
    asking = false;
    if (!answer?.ok || answer.redirected) return say("extend-failed", "bad");
    // Whoever pressed the button goes on where the page begins; whoever pressed the key never left.
    if (within) document.querySelector("main")?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("session-alive"));
    const line = say("extended", "ok");
    return setTimeout(() => line.remove(), 6000);
  };

  region.addEventListener("click", (event) => event.target.closest("[data-extend]") && extend());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || !region.querySelector("[data-extend]")) return;
    event.preventDefault();
    if (!event.repeat) extend();
  });
  document.addEventListener("session-alive", restart);
  restart();
  if (sessionLeft) setTimeout(() => show("last"), Math.max(Number(sessionLeft) - LAST_WORDS, 5) * 1000);
}
