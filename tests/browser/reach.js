/* What a page promises to everybody, measured in the page itself. Each measure gives a list of faults. */
(() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden, [hidden]");
  const quiet = (one, all = true) => [...one.childNodes].map((node) => node.nodeType === 3 ? node.data
    : node.nodeType !== 1 || node.getAttribute("aria-hidden") === "true" || !node.checkVisibility()
      || (!all && node.matches(".visually-hidden")) ? "" : node.getAttribute("aria-label") || node.alt || quiet(node, all)).join("");
  const named = (one) => (one.getAttribute("aria-label")
    || (one.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean).map((id) => quiet(document.getElementById(id))).join(" ")
    || [...(one.labels || [])].map((label) => quiet(label)).join(" ") || quiet(one)).replace(/\s+/g, " ").trim();
  return {
    // Landmarks, title, language, headings, ids, the skip link.
    structure: () => {
      const found = [], all = (what) => [...document.querySelectorAll(what)], root = document.documentElement;
      if (all("h1").length !== 1) found.push(`${all("h1").length} h1`);
      if (all("main").length !== 1) found.push("not one main");
      if (!/^(de|en)$/.test(root.lang)) found.push(`lang ${root.lang}`);
      if (!/^.{2,} – IKZ-Beratung$/s.test(document.title)) found.push(`title ${document.title}`);
      const first = document.querySelector("a[href], button, input:not([type=hidden]), select, textarea, summary");
      if (!first?.matches(".skip[href='#content']") || !document.querySelector("main#content[tabindex='-1']"))
        found.push("no skip link first");
      let before = 1;
      for (const one of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
        const level = Number(one.tagName[1]);
        if (level > before + 1) found.push(`heading ${before} to ${level}: ${quiet(one).trim()}`);
        if (!quiet(one).trim()) found.push("empty heading");
        before = level;
      }
      const marks = new Set();
      for (const one of all("nav, aside, section[aria-label], [role=search], [role=region]").filter(shown)) {
        const key = `${one.tagName} ${named(one)}`;
        if (one.tagName === "NAV" && !(one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")))
          found.push("nav without a name");
        if (one.tagName === "NAV" && marks.has(key)) found.push(`two landmarks ${key}`);
        marks.add(key);
      }
      const ids = all("[id]").map((one) => one.id);
      for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) found.push(`two of #${id}`);
      if (!all("footer a[href='/barrierefreiheit']").length) found.push("no way to the statement");
      if (root.querySelector("[data-session-region]") && !root.querySelector(".flashes[role=status]"))
        found.push("no live region");
      return found;
    },
    // Controls: a name, unique where it leads elsewhere; a visible label that the name holds.
    controls: () => {
      const found = [], leads = new Map();
      const target = (one) => one.href ?? [one.form?.action, one.name, one.value, one.getAttribute("popovertarget"),
        ...(one.form ? [...new FormData(one.form)].filter(([key]) => key !== "csrf_token").map((pair) => pair.join("=")) : [])].join("|");
      for (const one of document.querySelectorAll("a[href], button")) {
        if (!shown(one)) continue;
        const name = named(one), where = target(one);
        if (!name && !one.querySelector(":scope > title")) found.push(`no name: ${one.outerHTML.slice(0, 120)}`);
        const icon = !one.closest("svg") && !quiet(one).trim() || one.hasAttribute("aria-label");
        if (icon && leads.has(name) && leads.get(name) !== where) found.push(`same name, other target: ${name}`);
        if (icon) leads.set(name, where);
        const seen = one.hasAttribute("aria-label") && quiet(one, false).replace(/\s+/g, " ").trim();
        if (seen && !name.toLowerCase().includes(seen.toLowerCase())) found.push(`name „${name}“ without „${seen}“`);
      }
      for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (!shown(one) || one.closest("[aria-hidden=true]")) continue;
        if (!named(one)) found.push(`field without a name: ${one.name}`);
        const label = [...(one.labels || [])].find((label) => label.checkVisibility());
        const other = one.closest("fieldset, tr, [role=search], [data-chips], .combo, .combo-box") || one.placeholder;
        if (!label && !other && !one.getAttribute("aria-label")) found.push(`no visible label: ${one.name}`);
        for (const id of (one.getAttribute("aria-describedby") || "").split(" ").filter(Boolean))
          if (!document.getElementById(id)) found.push(`described by nothing: ${one.name} ${id}`);
      }
      return found;
    },
    // Tables: caption, scope, order, a frame that rolls and takes keys.
    tables: () => {
      const found = [];
      for (const one of document.querySelectorAll("table")) {
        const name = one.caption?.textContent.trim() || one.className;
        if (!one.caption?.textContent.trim()) found.push(`no caption: ${name}`);
        for (const head of one.querySelectorAll("th")) if (!head.scope) found.push(`no scope: ${name} ${head.textContent.trim()}`);
        if (!one.querySelector("th")) found.push(`no head: ${name}`);
        const sorted = one.querySelectorAll("[aria-sort]");
        if (sorted.length > 1) found.push(`sorted twice: ${name}`);
        for (const head of sorted) if (!head.querySelector("a, button")) found.push(`sorted by nothing: ${name}`);
        const frame = one.closest(".table-wrap");
        if (frame && (frame.tabIndex !== 0 || !frame.getAttribute("aria-label"))) found.push(`frame without key: ${name}`);
        if (!frame && one.scrollWidth > one.parentElement.clientWidth + 1) found.push(`no frame: ${name}`);
      }
      return found;
    },
    // WCAG 2.5.8: 24 by 24 px, or a circle of 24 px around it meets no other; a link in a line of text is free.
    targets: () => {
      const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]";
      const seen = [...document.querySelectorAll(wanted)].filter((one) =>
        one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden, .skip, svg, [aria-hidden=true]"));
      const area = (one) => {
        const box = one.getBoundingClientRect();
        const tick = /checkbox|radio/.test(one.type) && one.labels?.[0];
        if (!tick) return box;
        const label = tick.getBoundingClientRect();
        const [left, top] = [Math.min(box.left, label.left), Math.min(box.top, label.top)];
        return new DOMRect(left, top, Math.max(box.right, label.right) - left, Math.max(box.bottom, label.bottom) - top);
      };
      const boxes = seen.map((one) => [one, area(one)]).filter(([, box]) => box.width > 1 && box.height > 1);
      const inText = (one) => one.matches("a") && getComputedStyle(one).display === "inline"
        && [...one.parentElement.childNodes].some((node) => node !== one && node.textContent.trim());
      const small = ([, box]) => box.width < 23.9 || box.height < 23.9;
      const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
      return boxes.filter(small).filter(([one]) => !inText(one)).filter(([one, box]) => {
        const [x, y] = middle(box);
        return boxes.some((other) => {
          if (other[0] === one || other[0].contains(one) || one.contains(other[0])) return false;
          const edge = other[1];
          if (small(other)) { const [u, v] = middle(edge); if (Math.hypot(x - u, y - v) < 24) return true; }
          const dx = Math.max(edge.left - x, 0, x - edge.right), dy = Math.max(edge.top - y, 0, y - edge.bottom);
          return Math.hypot(dx, dy) < 12;
        });
      }).map(([one, box]) => `small: ${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30) || one.name} ${Math.round(box.width)}x${Math.round(box.height)}`);
    },
    // Colours are the system's: what can be used keeps an edge, what is chosen differs from what is not.
    forced: () => {
      const found = [];
      const edge = (one) => { const style = getComputedStyle(one);
        return ["Top", "Bottom", "Left", "Right"].some((side) => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none"); };
      for (const one of document.querySelectorAll(":is(.btn, .form-control, .form-select, .combo-box, .seg-row span, .chip, .tag, .notice, .menu-button, .tick-btn)"))
        if (one.checkVisibility() && !edge(one) && !one.closest(".combo-box .combo-box")
          && !one.matches(".combo-box > *, .btn-quiet")) found.push(`no edge: ${one.className} ${one.textContent.trim().slice(0, 30)}`);
      for (const one of document.querySelectorAll("svg.ic")) if (one.checkVisibility()) {
        const style = getComputedStyle(one);
        if (style.fill === getComputedStyle(document.body).backgroundColor && !one.closest(".btn-primary, .btn-danger"))
          found.push(`icon lost: ${one.parentElement.className}`);
      }
      for (const one of document.querySelectorAll("nav [aria-current=page], .seg-row input:checked + span, [aria-pressed=true]")) {
        const kind = one.matches("span") ? ".seg-row input:not(:checked) + span" : one.matches("a") ? `#${one.closest("nav").id || "x"} a:not([aria-current]), .tabs a:not([aria-current])` : "[aria-pressed=false]";
        const other = [...document.querySelectorAll(kind)].find((two) => two.closest("nav, .seg-row, table, ul") === one.closest("nav, .seg-row, table, ul") && two.checkVisibility());
        if (!other || !one.checkVisibility()) continue;
        const look = (it) => { const s = getComputedStyle(it), b = getComputedStyle(it, "::before"), a = getComputedStyle(it, "::after");
          return [s.backgroundColor, s.color, s.borderTopWidth, s.borderBottomWidth, s.borderBottomColor, s.borderLeftWidth, s.borderInlineStartColor, s.outlineStyle, s.textDecorationLine, s.fontWeight, b.content, a.content].join(); };
        if (look(one) === look(other)) found.push(`chosen looks like not chosen: ${one.className} ${one.textContent.trim().slice(0, 30)}`);
      }
      return found;
    },
    // The summary of errors has the focus; each line leads to its field, which says what is wrong with it.
    errors: () => {
      const found = [], summary = document.querySelector(".err-sum");
      if (!summary) return ["no summary"];
      if (!document.title.startsWith("Fehler: ")) found.push(`title ${document.title}`);
      if (summary.getAttribute("role") !== "alert") found.push("no alert");
      if (document.activeElement !== summary) found.push("the summary has no focus");
      for (const line of summary.querySelectorAll("li")) {
        const words = line.textContent.trim(), link = line.querySelector("a");
        // What concerns the form as a whole leads nowhere.
        if (!link) continue;
        const target = document.getElementById(link.hash.slice(1));
        link.click();
        const at = document.activeElement;
        if (!target || !(target === at || target.contains(at))) { found.push(`leads nowhere: ${words}`); continue; }
        const group = at.closest("fieldset[aria-describedby]") || at;
        const told = `${at.getAttribute("aria-describedby") || ""} ${group.getAttribute("aria-describedby") || ""}`;
        const said = told.split(" ").filter(Boolean).map((id) => document.getElementById(id)?.textContent || "").join(" ");
        // Above the form a message may say first which field is meant.
        const name = (at.labels?.[0] || group.querySelector("legend") || at).firstChild?.textContent.trim();
        if (![words, words.replace(`${name}: `, "")].some((one) => said.includes(one))) found.push(`not said at its field: ${words}`);
        if (at.getAttribute("aria-invalid") !== "true" && group === at) found.push(`not invalid: ${words}`);
        const label = (at.labels?.[0] || group.querySelector("legend") || at).getBoundingClientRect();
        if (label.bottom < 0 || label.top > innerHeight) found.push(`label out of sight: ${words}`);
      }
      for (const one of document.querySelectorAll("[aria-invalid=true]"))
        if (![...summary.querySelectorAll("a")].some((link) => link.hash === `#${one.id}`)) found.push(`not in the summary: ${one.id}`);
      return found;
    },
    // Nothing is sent or opened because something has the focus or is chosen (WCAG 3.2.1, 3.2.2).
    surprises: async () => {
      const found = [], before = location.pathname;
      const held = (event) => { event.preventDefault(); found.push(`sent: ${event.target.action}`); };
      addEventListener("submit", held, true);
      window.open = (url) => found.push(`opened: ${url}`);
      HTMLFormElement.prototype.submit = function () { found.push(`sent: ${this.action}`); };
      const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
      for (const one of all.filter(shown)) one.focus();
      for (const one of document.querySelectorAll("select, input[type=checkbox], input[type=radio]")) {
        if (one.disabled) continue;
        if (one.tagName === "SELECT") one.selectedIndex = (one.selectedIndex + 1) % one.length;
        else one.checked = !one.checked;
        for (const name of ["input", "change"]) one.dispatchEvent(new Event(name, { bubbles: true }));
      }
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      if (location.pathname !== before) found.push(`led to ${location.pathname}`);
      return found;
    },
    // Nothing moves where less motion is asked for.
    moving: () => [...document.querySelectorAll("*")].filter((one) => ["", "::before", "::after"].some((part) => {
      const style = getComputedStyle(one, part || null);
      return [style.transitionDuration, style.animationDuration].some((time) => time.split(",").some((t) => parseFloat(t) > 0));
    })).map((one) => `moves: ${one.tagName}.${one.className}`),
    // Two pieces of text never lie on each other; what floats above is closed here.
    overlaps: () => {
      const rects = [], found = [], range = document.createRange();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode());) {
        const one = node.parentElement;
        if (!node.data.trim() || one.closest("svg, .visually-hidden, .skip, option, select, [popover], dialog, template, script, .stack thead, .form-foot, .bulk-bar, .picks-bar")
          || !one.checkVisibility({ visibilityProperty: true })) continue;
        const style = getComputedStyle(one);
        if (style.clipPath !== "none" || style.position === "fixed") continue;
        range.selectNodeContents(node);
        const frame = one.closest(".table-wrap, .tabs, .board, .cal")?.getBoundingClientRect();
        for (const box of range.getClientRects()) if (box.width > 2 && box.height > 2) {
          if (!frame) rects.push([box, one, node]);
          else if (box.left < frame.right - 3 && box.right > frame.left + 3 && box.bottom < frame.bottom + 3)
            rects.push([new DOMRect(Math.max(box.left, frame.left), box.top, Math.min(box.right, frame.right) - Math.max(box.left, frame.left), box.height), one, node]);
        }
      }
      rects.sort((a, b) => a[0].top - b[0].top);
      rects.forEach(([box, one, node], place) => {
        for (let next = place + 1; next < rects.length && rects[next][0].top < box.bottom - 6; next++) {
          const [other, two, twin] = rects[next];
          if (twin === node) continue;
          const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
          const high = Math.min(box.bottom, other.bottom) - other.top;
          if (wide > 3 && high > 6) found.push(`overlap: ${node.data.trim().slice(0, 30)} / ${twin.data.trim().slice(0, 30)}`);
        }
      });
      return [...new Set(found)].slice(0, 5);
    },
    // What stays in place while the page rolls must leave most of a low window free.
    sticky: () => [...document.querySelectorAll("body *")].filter((one) => {
      const style = getComputedStyle(one);
      return /sticky|fixed/.test(style.position) && one.checkVisibility() && !one.closest("[popover], dialog, thead")
        && one.getBoundingClientRect().height > innerHeight / 3;
    }).map((one) => `covers the window: ${one.tagName}.${one.className}`),
  };
})()
