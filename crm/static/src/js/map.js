/* A map of links: one stop for Tab, arrow keys lead to the nearest place in that direction. What is under the
   pointer or has the focus gets a ring above its neighbours and is said in words beside the map. */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function middle(link) {
  const box = link.getBBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/* How far a place is that lies in a direction, in the quarter around it; where there is none, anywhere ahead. */
function distance([x, y], [toX, toY], [right, down], anywhere) {
  const ahead = (toX - x) * right + (toY - y) * down;
  const beside = Math.abs((toX - x) * down) + Math.abs((toY - y) * right);
  return ahead > 0.5 && (anywhere || beside <= ahead) ? Math.hypot(ahead, beside) : Infinity;
}

function next(from, links, way) {
  const here = middle(from);
  for (const anywhere of [false, true]) {
    const all = links.map((one) => distance(here, middle(one), way, anywhere));
    const least = Math.min(...all);
    if (least < Infinity) return links[all.indexOf(least)];
  }
  return null;
}

function watch(map) {
  // A drawing that listens for the focus would be a stop for Tab itself; its frame listens instead.
  const frame = map.parentElement;
  const links = [...map.querySelectorAll("a")];
  const rings = map.querySelectorAll("[data-ring]");
  const said = document.querySelector("[data-map-said]");
  const usual = said.textContent;
  let stop = links[0];
  if (!stop) return;

  const show = (link) => {
    const around = link ? link.querySelector("path").getAttribute("d") : "";
    for (const ring of rings) ring.setAttribute("d", around);
    said.textContent = link ? link.querySelector("title").textContent : usual;
  };
  const focused = () => links.find((one) => one === document.activeElement);
  const enter = (link) => {
    stop.setAttribute("tabindex", "-1");
    stop = link;
    stop.setAttribute("tabindex", "0");
    show(link);
  };

  for (const one of links) one.setAttribute("tabindex", one === stop ? "0" : "-1");
  said.hidden = false;
  frame.addEventListener("focusin", (event) => {
    if (links.includes(event.target)) enter(event.target);
  });
  frame.addEventListener("focusout", () => show(null));
  frame.addEventListener("pointerover", (event) => show(event.target.closest("[data-map] a") || focused()));
  frame.addEventListener("pointerleave", () => show(focused()));
  frame.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || !focused() || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    next(stop, links, way)?.focus();
  });
}

export function startMaps() {
  for (const map of document.querySelectorAll("[data-map]")) watch(map);
}
