/* A form is sent once. Buttons stay enabled, so that their value is sent too; a second press does nothing. */
export function startSending() {
  for (const form of document.querySelectorAll("form[data-form]")) {
    form.addEventListener("submit", (event) => {
      if (form.classList.contains("is-sending")) event.preventDefault();
      form.classList.add("is-sending");
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll(".is-sending")) form.classList.remove("is-sending");
  });
}
