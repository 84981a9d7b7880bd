/* A form is sent once, and not before every typed name has become a chip. Buttons stay enabled, so that their
   value is sent too; a second press does nothing. */
const PATIENCE = 5000;

function settled(form) {
  const end = Date.now() + PATIENCE;
  return new Promise((done) => {
    const look = () => {
      if (form.querySelector(".chip-pending") && Date.now() < end) setTimeout(look, 40);
      else done();
    };
    look();
  });
}

function watch(form) {
  let waited = false;
  form.addEventListener("submit", async (event) => {
    if (form.classList.contains("is-sending")) return event.preventDefault();
    form.classList.add("is-sending");
    if (waited || !form.querySelector(".chip-pending")) return;
    event.preventDefault();
    await settled(form);
    waited = true;
    form.classList.remove("is-sending");
    form.requestSubmit(event.submitter);
  });
  addEventListener("pageshow", () => {
    form.classList.remove("is-sending");
    waited = false;
  });
}

export function startSending() {
  for (const form of document.querySelectorAll("form[data-form]")) watch(form);
}
