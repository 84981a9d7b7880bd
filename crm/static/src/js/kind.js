/* One organisation is a single talk, several are a group, as long as nobody chose the kind by hand.
   Stands on the radios' fieldset or on the select: data-kind-rows="#parties" data-kind-one data-kind-many. */
function valueOf(field) {
  return field.matches("select") ? field.value : field.querySelector("input:checked")?.value;
}

function choose(field, value) {
  if (field.matches("select")) field.value = value;
  else field.querySelector(`input[value="${value}"]`).checked = true;
}

export function startKind() {
  for (const field of document.querySelectorAll("[data-kind-rows]")) {
    const { kindRows, kindOne = "single", kindMany = "group" } = field.dataset;
    let touched = false;

    field.addEventListener("change", () => (touched = true));
    document.querySelector(kindRows)?.addEventListener("rows-changed", (event) => {
      const current = valueOf(field);
      const ours = !current || current === kindOne || current === kindMany;
      if (event.detail && ours && !touched) choose(field, event.detail > 1 ? kindMany : kindOne);
    });
  }
}
