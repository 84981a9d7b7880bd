/* A look at a row without leaving the list: P, or the space bar on a row, shows the record in short beside the list,
   in a narrow window in a dialog. It follows the row cursor; P or Esc closes it. Late answers are dropped. */
import { current, linkOf } from "./cursor.js";
import { isFree } from "./keys.js";
import { debounce, getHtml, parse } from "./net.js";
import { text } from "./text.js";

const RECORD = /\/(beratungen|kommunen|kontakte|kooperationen)\/\d+$/;
const WIDE = matchMedia("(min-width: 73.75em)");
let turn = 0;

function panel() {
  return document.querySelector(".peek");
}

function addressOf(row) {
  const path = row && linkOf(row).pathname;
  return path && RECORD.test(path) ? `${path}/vorschau` : null;
}

function close() {
  const open = panel();
  turn += 1;
  if (!open) return false;
  open.close?.();
  open.remove();
  document.documentElement.classList.remove("has-peek");
  return true;
}

function closer() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet peek-close";
  button.textContent = text("close");
  button.addEventListener("click", () => close());
  return button;
}

function frame() {
  const made = document.createElement(WIDE.matches ? "aside" : "dialog");
  made.className = "peek";
  made.setAttribute("aria-label", text("preview"));
  const [content, status] = [document.createElement("div"), document.createElement("p")];
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  content.dataset.peek = "";
  made.append(closer(), status, content);
  made.addEventListener("close", close);
  document.querySelector(WIDE.matches ? ".shell" : "main").append(made);
  document.documentElement.classList.toggle("has-peek", WIDE.matches);
  made.showModal?.();
  return made;
}

async function show(url) {
  const mine = ++turn;
  const html = await getHtml(url).catch(() => null);
  if (mine !== turn) return;
  const found = html && parse(html).querySelector(".peek-body");
  const open = panel() || frame();
  const content = open.querySelector("[data-peek]");
  const words = document.createElement("p");
  words.textContent = text("no-preview");
  content.replaceChildren(found ? document.importNode(found, true) : words);
  const title = content.querySelector("[data-peek-title]")?.textContent || "";
  open.querySelector("[role=status]").textContent = found ? text("preview-of", title) : text("no-preview");
}

const follow = debounce(() => {
  const url = addressOf(current());
  if (url && panel()) show(url);
}, 120);

function toggle() {
  if (close()) return true;
  const url = addressOf(current());
  if (url) show(url);
  return Boolean(url);
}

export function startPreview() {
  document.addEventListener("keydown", (event) => {
    if (!isFree(event) || event.shiftKey || event.repeat) return;
    const key = event.key.toLowerCase();
    const onRow = key === " " && current() && event.target === linkOf(current());
    if (key === "escape" ? close() : (key === "p" || onRow) && toggle()) event.preventDefault();
  });
  document.addEventListener("focusin", () => panel() && follow());
}
