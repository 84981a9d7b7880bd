/* Where the eye goes: errors first, and from each error to its field, also when it hides in a closed part.
   A preset day is replaced by the one that is typed. */
const REACHABLE = "input:not([type=hidden]), select, textarea, button";

function lead(event) {
  const target = document.getElementById(event.currentTarget.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.closest("details")?.setAttribute("open", "");
  const field = target.matches(REACHABLE) ? target : target.querySelector(REACHABLE);
  (target.closest(".field, .check, .party") || target).scrollIntoView({ block: "start" });
  field?.focus({ preventScroll: true });
}

/* The browser brings the caret of a text into view, not the whole field: its end could lie under the foot. */
function seeWhole(event) {
  if (event.key === "Tab" && event.target.matches?.("textarea")) event.target.scrollIntoView({ block: "nearest" });
}

/* The browser gives the focus now or in a moment. */
function offerDay(field) {
  if (!field) return;
  const choose = () => field.value === field.defaultValue && field.select();
  if (field === document.activeElement) choose();
  else field.addEventListener("focus", choose, { once: true });
}

/* Of a large field the browser brings only the line to be typed in to light: the foot may lie on the rest. */
function uncover() {
  const field = document.activeElement, foot = field?.closest("form")?.querySelector(".form-foot");
  if (!foot || !field.matches("textarea") || getComputedStyle(foot).position !== "sticky") return;
  const box = field.getBoundingClientRect(), over = box.bottom - foot.getBoundingClientRect().top;
  if (over > 0) scrollBy(0, Math.min(over + 8, Math.max(box.top - 16, 0)));
}

export function startFocus() {
  document.addEventListener("keyup", (event) => event.key === "Tab" && uncover());
  document.querySelector("[data-autofocus]")?.focus();
  document.addEventListener("keyup", seeWhole);
  offerDay(document.querySelector(".field-day > [autofocus]"));
  for (const link of document.querySelectorAll(".err-sum a[href^='#']")) link.addEventListener("click", lead);
}
