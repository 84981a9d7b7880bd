/* An example follows its pattern while one types: <span data-pattern-of="id of the field" data-jahr data-nummer>. */
export function startPatterns() {
  for (const example of document.querySelectorAll("[data-pattern-of]")) {
    const field = document.getElementById(example.dataset.patternOf);
    field.addEventListener("input", () => {
      const { jahr, nummer } = example.dataset;
      example.textContent = field.value.replaceAll("{jahr}", jahr).replaceAll("{nummer}", nummer);
    });
  }
}
