/* Who is known already is said while one types. A region names the address to ask and the fields to send:
   data-known-fields="last_name email=official_email" sends the field official_email as email. */
import { debounce, getHtml, parse, withParams } from "./net.js";

const PAUSE = 250;

class Known {
  constructor(region) {
    this.region = region;
    this.form = region.closest("form");
    this.asked = "";
    const look = debounce(() => this.look(), PAUSE);
    this.form.addEventListener("input", look);
    for (const chips of this.form.querySelectorAll("[data-chips]")) {
      new MutationObserver(look).observe(chips, { childList: true });
    }
  }

  async look() {
    const typed = this.typed();
    const url = withParams(this.region.dataset.known, typed);
    if (url === this.asked) return;
    this.asked = url;
    try {
      const found = parse(await getHtml(url)).body;
      if (this.asked === url) this.show(found);
    } catch {
      this.asked = "";
    }
  }

  /* What says the same is left alone, or it would be read out again. */
  show(found) {
    if (found.textContent.trim() === this.region.textContent.trim()) return;
    this.region.replaceChildren(...found.childNodes);
  }

  typed() {
    const data = new FormData(this.form);
    const pairs = this.region.dataset.knownFields.split(" ").map((one) => one.split("="));
    const sent = pairs.map(([name, field]) => [name, String(data.get(field || name) || "")]);
    return Object.fromEntries(sent.filter(([, value]) => value));
  }
}

export function startKnown() {
  for (const region of document.querySelectorAll("[data-known]")) new Known(region);
}
