/* A button that prints; without scripts it is not there, and the browser's own way remains. */
export function startPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
