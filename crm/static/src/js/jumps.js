/* “G, then a letter” leads to another part of the program: <a data-jump="B">. A begun jump stands in a line at
   the edge of the window and lapses after a moment, with Esc or with a letter that leads nowhere. */
import { isFree, say } from "./keys.js";
import { text } from "./text.js";

const PATIENCE = 4000;
let timer = 0;

function end(words = "") {
  clearTimeout(timer);
  timer = 0;
  say(words);
}

function begin() {
  say(text("where-to"));
  timer = setTimeout(end, PATIENCE);
}

function jump(key) {
  const letter = key.toUpperCase();
  const target = document.querySelector(`[data-jump="${CSS.escape(letter)}"]`);
  end(target ? "" : text("nowhere", `G ${letter}`));
  target?.click();
}

export function startJumps() {
  document.addEventListener("keydown", (event) => {
    if (!isFree(event) || event.repeat) return;
    if (!timer) {
      if (event.key.toLowerCase() !== "g") return;
      event.preventDefault();
      return begin();
    }
    if (event.key === "Shift") return;
    event.preventDefault();
    if (event.key === "Escape") end(text("gave-up"));
    else jump(event.key);
  });
}
