/* While a talk is planned: what else lies around its day with the same organisations. The server knows which
   days lie ahead; for today, as the form opens, it is not asked at all. Late answers are dropped. */
import { debounce, getHtml, parse, withParams } from "./net.js";

const PLACES = "input[type=hidden][name=organisations]";

/* What is to be asked: the typed day and the numbers of the chips; nothing while there is no other day. */
function question(form, region) {
  const tag = form.elements.held_on.value.trim();
  const places = [...form.querySelectorAll(PLACES)].map((one) => one.value);
  if (!tag || tag === region.dataset.today) return "";
  return withParams(region.dataset.nearby, { tag, kommune: places.join(",") });
}

function watch(region) {
  const form = region.closest("form");
  let shown = "";
  let turn = 0;

  const show = (html) => {
    if (html === shown) return;
    shown = html;
    const fresh = parse(html).body;
    region.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  };
  const look = debounce(async () => {
    const mine = ++turn;
    const url = question(form, region);
    const html = url ? await getHtml(url).catch(() => null) : "";
    if (html !== null && mine === turn) show(html.trim());
  }, 150);

  form.elements.held_on.addEventListener("change", look);
  for (const name of ["chip-added", "chip-removed"]) {
    form.addEventListener(name, (event) => event.target.dataset.name === "organisations" && look());
  }
  look();
}

export function startNearby() {
  for (const region of document.querySelectorAll("[data-nearby]")) watch(region);
}
