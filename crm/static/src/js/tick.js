/* One press, no new page: <form data-post-swap="#results, #turnout">. The form is sent as ever, the page that
   answers is taken apart and the named parts are exchanged; the focus stays on the button. Whatever goes wrong,
   the form is sent the ordinary way. */
import { exchange } from "./swap.js";

async function answer(form, body) {
  const got = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  if (!got.ok || new URL(got.url).pathname !== location.pathname) throw new Error(String(got.status));
  document.dispatchEvent(new CustomEvent("session-alive"));
  return got.text();
}

function sendPlainly(form, button) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: button.name, value: button.value });
  form.append(field);
  form.submit();
}

async function press(event) {
  const [form, button] = [event.target, event.submitter];
  if (!form.matches("form[data-post-swap]") || !button) return;
  event.preventDefault();
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, button));
  try {
    exchange(await answer(form, body), form.dataset.postSwap);
    document.getElementById(button.id)?.focus({ preventScroll: true });
  } catch {
    sendPlainly(form, button);
  }
}

export function startTicks() {
  document.addEventListener("submit", press);
}
