/* One organisation is a single talk, several are a group, as long as nobody chose the kind by hand.
   <fieldset data-kind-rows="#parties" data-kind-one="single" data-kind-many="group"> */
export function startKind() {
  for (const field of document.querySelectorAll("[data-kind-rows]")) {
    const target = document.querySelector(field.dataset.kindRows);
    const { kindOne = "single", kindMany = "group" } = field.dataset;
    const radio = (value) => field.querySelector(`input[value="${value}"]`);
    let touched = false;

    field.addEventListener("change", () => (touched = true));
    target?.addEventListener("rows-changed", (event) => {
      const current = field.querySelector("input:checked")?.value;
      if (touched || (current && current !== kindOne && current !== kindMany)) return;
      const wanted = radio(event.detail > 1 ? kindMany : kindOne);
      if (wanted && event.detail) wanted.checked = true;
    });
  }
}
