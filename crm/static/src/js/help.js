/* `?` shows the keys of this page in a dialog: those that stand at its buttons, then those of every page.
   Without a script, or when the list does not come, the same link leads to the page of all keys. */
import { reachable } from "./keys.js";
import { getHtml, parse } from "./net.js";
import { text } from "./text.js";

function make(tag, className = "", content = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content) element.textContent = content;
  return element;
}

function nameOf(element) {
  const label = element.getAttribute("aria-label") || element.labels?.[0]?.textContent;
  if (label) return label.trim();
  const copy = element.cloneNode(true);
  for (const one of copy.querySelectorAll("kbd")) one.remove();
  return copy.textContent.trim();
}

function shown(key) {
  const [letter, ctrl] = key.split("+").reverse();
  return ctrl ? `${text("ctrl")} ${letter.toUpperCase()}` : key.toUpperCase();
}

function line({ keys, element }) {
  const [row, term] = [make("div"), make("dt")];
  for (const key of keys) term.append(make("kbd", "keys", shown(key)));
  row.append(term, make("dd", "", nameOf(element)));
  return row;
}

function ofThisPage() {
  const found = reachable().filter(({ element }) => !element.matches("[data-keyboard]"));
  if (!found.length) return [];
  const [part, list] = [make("section", "key-group"), make("dl")];
  list.append(...found.map(line));
  part.append(make("h3", "", text("on-this-page")), list);
  return [part];
}

function ofEveryPage(html) {
  const groups = parse(html).querySelector("[data-key-groups]");
  if (!groups) throw new Error("no keys");
  return [...groups.children].map((one) => {
    const copy = document.importNode(one, true);
    copy.removeAttribute("aria-labelledby");
    copy.querySelector("h2").replaceWith(make("h3", "", one.querySelector("h2").textContent));
    return copy;
  });
}

function dialogOf(parts) {
  const dialog = make("dialog", "keyboard");
  dialog.setAttribute("aria-labelledby", "keyboard-title");
  const [head, title, close] = [make("div", "block-head"), make("h2", "", text("keyboard")), make("button", "btn btn-secondary", text("close"))];
  title.id = "keyboard-title";
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  head.append(title, close);
  const groups = make("div", "key-groups");
  groups.append(...parts);
  groups.tabIndex = 0;
  groups.setAttribute("role", "group");
  groups.setAttribute("aria-labelledby", "keyboard-title");
  dialog.append(head, groups);
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}

async function open(link) {
  const here = ofThisPage();
  try {
    const dialog = dialogOf([...here, ...ofEveryPage(await getHtml(link.href))]);
    document.body.append(dialog);
    dialog.showModal();
  } catch {
    location.assign(link.href);
  }
}

export function startHelp() {
  const link = document.querySelector("[data-keyboard]");
  if (!link || link.href.split("#")[0] === location.href.split("#")[0]) return;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) open(link);
  });
}
