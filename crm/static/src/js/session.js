/* Two minutes before the session ends the page says so and offers to stay; every answer starts it anew. */
import { get } from "./net.js";
import { text } from "./text.js";

const WARNING = 120;

export function startSession() {
  const { sessionSeconds, extendUrl } = document.documentElement.dataset;
  const region = document.querySelector("[data-session-region]");
  const template = document.querySelector("[data-session-template]");
  if (!sessionSeconds || !region || !template) return;
  let timer;

  const warn = () => region.replaceChildren(template.content.cloneNode(true));
  const restart = () => {
    clearTimeout(timer);
    region.replaceChildren();
    timer = setTimeout(warn, Math.max(Number(sessionSeconds) - WARNING, 5) * 1000);
  };
  const extend = async () => {
    const good = await get(extendUrl, "*/*").then(() => true, () => false);
    region.textContent = "";
    const line = document.createElement("div");
    line.className = `notice notice-${good ? "ok" : "bad"}`;
    line.textContent = text(good ? "extended" : "extend-failed");
    region.append(line);
    if (good) setTimeout(() => line.remove(), 6000);
  };

  region.addEventListener("click", (event) => event.target.closest("[data-extend]") && extend());
  document.addEventListener("session-alive", restart);
  restart();
}
