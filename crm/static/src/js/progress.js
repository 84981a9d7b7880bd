/* <div id="progress" data-progress>: the part is fetched anew every second until the server leads elsewhere. */
import { getHtml, parse } from "./net.js";

function once(part) {
  setTimeout(async () => {
    // An answer that leads elsewhere means that the work is done: the page itself follows it.
    const html = await getHtml(location.href).catch(() => null);
    const fresh = html && parse(html).querySelector("#progress");
    if (!fresh || !("progress" in fresh.dataset)) {
      location.reload();
      return;
    }
    const [bar, now] = [part.querySelector("progress"), fresh.querySelector("progress")];
    part.querySelector("label").textContent = fresh.querySelector("label").textContent;
    if (now.hasAttribute("value")) bar.value = now.value;
    once(part);
  }, 1000);
}

export function startProgress() {
  for (const part of document.querySelectorAll("#progress[data-progress]")) once(part);
}
