/* Requests to the own server. An answer also means that the session lives: a countdown starts again. */
export async function get(url, accept) {
  const headers = { "X-Fragment": "1", Accept: accept };
  const answer = await fetch(url, { headers, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  document.dispatchEvent(new CustomEvent("session-alive"));
  return answer;
}

export async function getJson(url) {
  return (await get(url, "application/json")).json();
}

export async function getHtml(url) {
  return (await get(url, "text/html")).text();
}

/* The token of any form of the page: signing out is one of them. */
export function csrfToken() {
  return document.querySelector("input[name=csrf_token]")?.value || "";
}

/* Sends fields as a form does. With `keepalive` the page may be left meanwhile. */
export function post(url, fields, token, keepalive = false) {
  return fetch(url, {
    method: "POST", body: new URLSearchParams(fields), credentials: "same-origin", keepalive,
    headers: {
      "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token || "", "X-Fragment": "1",
    },
  });
}

/* What is typed travels in the body, never in an address: addresses stand in logs. */
export async function postHtml(url, data) {
  const answer = await post(url, data, data.get("csrf_token"));
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  document.dispatchEvent(new CustomEvent("session-alive"));
  return answer.text();
}

/* Asks once per word; a failed question may be asked again. */
export function asker(url) {
  const answers = new Map();
  return (query) => {
    if (!answers.has(query)) {
      answers.set(query, getJson(withParams(url, { q: query })));
      answers.get(query).catch(() => answers.delete(query));
    }
    return answers.get(query);
  };
}

/* Parsing into an inert document: scripts of the answer never run. */
export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

export function withParams(url, params) {
  return url + (url.includes("?") ? "&" : "?") + new URLSearchParams(params);
}

/* The last call after a pause; `cancel` calls off the one that waits. */
export function debounce(fn, wait) {
  let timer;
  const later = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...values), wait);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}
