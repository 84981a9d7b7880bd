/* What scripts say comes translated from the page: <body data-texts='{"added": "%s added", …}'>. */
const texts = JSON.parse(document.body.dataset.texts || "{}");

export function text(key, value = "") {
  return (texts[key] || key).replace("%s", value);
}
