/* What is typed into the palette may be a line of a talk ("tel cölbe: bauhof, 30 min"): then it can be logged from
   there. The line travels in the body of a form: addresses stand in logs. */
import { csrfToken } from "./net.js";
import { text } from "./text.js";

const FILTER = /^(von|thema|art|am|seit|bis):/i;
const BEGINS = /^(tel|telefon|telefonat|anruf|mail|e-mail|video|vk|vor ort|besuch|heute|gestern|vorgestern)[.:]?\s+\S/i;
const COLON = /\S:\s*\S/;

/* The line as something to choose; one with a colon is no search, so the server need not be asked for hits. */
export function lineItem(dialog, query) {
  const colon = COLON.test(query) && !query.split(/\s+/).some((word) => FILTER.test(word));
  if (!dialog.dataset.line || !(colon || BEGINS.test(query))) return null;
  return {
    group: text("line-group"), text: text("line", query), url: dialog.dataset.line, icon: "lightning-charge-fill",
    line: query, alone: colon,
  };
}

export function sendLine(dialog, line) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = dialog.dataset.line;
  for (const [name, value] of Object.entries({ csrf_token: csrfToken(), line })) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
