/* Mails dropped anywhere on the page go into the form with data-drop, which is then sent as if they were chosen. */
const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

function watch(form) {
  const input = form.querySelector("input[type=file]");
  let depth = 0;
  const show = (over) => form.classList.toggle("is-over", over);

  document.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    show(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    show(depth > 0);
  });
  // Without this the browser would leave the page and open the file.
  document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    if (!event.dataTransfer.files.length || form.classList.contains("is-sending")) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

export function startDrop() {
  for (const form of document.querySelectorAll("form[data-drop]")) watch(form);
}
