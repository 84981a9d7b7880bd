/* A form with <div data-upload hidden>: the file is sent with a bar that shows how much of it has arrived. Without
   a script, or when no file is chosen, the browser sends the form as ever. */
import { exchange } from "./swap.js";
import { text } from "./text.js";

const STEP = 25;

function tell(part, words) {
  const status = part.querySelector("[data-upload-status]");
  if (status.textContent !== words) status.textContent = words;
}

/* Screen readers hear of every quarter, not of every per cent. */
function show(part, share) {
  part.querySelector("progress").value = share;
  if (share >= 100) tell(part, text("checking"));
  else if (share >= STEP) tell(part, text("sent", String(Math.floor(share / STEP) * STEP)));
}

/* A refusal is the same page with its errors; anything else the browser may show by asking itself. */
function refuse(html, form) {
  exchange(html, "#content");
  const fresh = document.querySelector("#content form[data-form] [data-upload]")?.closest("form");
  if (fresh) watch(fresh);
  (document.querySelector(".err-sum") || document.getElementById("content")).focus();
  form.classList.remove("is-sending");
}

function send(form, part, again) {
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Upload", "1");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) show(part, Math.round((event.loaded / event.total) * 100));
  });
  request.addEventListener("error", () => {
    form.classList.remove("is-sending");
    tell(part, text("send-failed"));
    again();
  });
  request.addEventListener("load", () => {
    if ((request.getResponseHeader("Content-Type") || "").startsWith("application/json")) {
      location.assign(JSON.parse(request.responseText).to);
    } else if (request.responseURL !== form.action) {
      // Sent before already, or signed out meanwhile.
      location.assign(request.responseURL);
    } else refuse(request.responseText, form);
  });
  part.hidden = false;
  request.send(new FormData(form));
}

function watch(form) {
  const part = form.querySelector("[data-upload]");
  const input = form.querySelector("input[type=file]");
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (!input?.files.length) return;
    event.preventDefault();
    if (sent) return;
    sent = true;
    form.classList.add("is-sending");
    send(form, part, () => { sent = false; });
  });
  addEventListener("pageshow", () => { sent = false; });
}

export function startUploads() {
  for (const part of document.querySelectorAll("form[data-form] [data-upload]")) watch(part.closest("form"));
}
