"""Walking through a page with the Tab key."""

from playwright.sync_api import expect

MOST = 400
SKIP = "Zum Inhalt springen"

# What carries the ring of the focused element: itself, or the box drawn around or after it.
LOOK = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const known = at.dataset.stop;
  at.dataset.stop ??= String(document.querySelectorAll("[data-stop]").length);
  const bearer = at.matches(".combo-box > input") ? at.parentElement
    : at.matches(".seg-row input") ? at.nextElementSibling
    : at.closest(".conf-opt") || at;
  const style = getComputedStyle(bearer), box = bearer.getBoundingClientRect();
  const foot = document.querySelector(".form-foot"), edge = foot && foot.getBoundingClientRect();
  const sticky = foot && getComputedStyle(foot).position === "sticky" && !foot.contains(at);
  return {
    name: at.id || at.getAttribute("aria-label") || at.textContent.trim().slice(0, 40),
    again: known !== undefined,
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    outside: box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth,
    covered: Boolean(sticky && box.bottom > edge.top + 1 && box.top < edge.bottom
      && box.right > edge.left && box.left < edge.right),
    left: at.getBoundingClientRect().left, top: at.getBoundingClientRect().top + scrollY,
    column: at.closest(".form-main, .form-side")?.className || "",
  };
}
"""

# What Tab can reach, in the order of the text: one stop for each group of radio buttons.
REACHABLE = """
() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const groups = new Set();
  return [...document.querySelectorAll(wanted)].filter((one) => {
    if (one.disabled || !one.checkVisibility({ visibilityProperty: true })) return false;
    if (one.type !== "radio") return true;
    const first = !groups.has(one.name);
    groups.add(one.name);
    return first;
  }).map((one) => one.type === "radio" ? one.name : one.dataset.stop);
}
"""


def walk(page, back=False):
    """Press Tab once around the page, wherever the focus was; give every stop in the order of Tab."""
    found = []
    while len(found) < MOST:
        page.keyboard.press("Shift+Tab" if back else "Tab")
        stop = page.evaluate(LOOK)
        if stop is None:
            continue
        if stop["again"]:
            break
        found.append(stop)
    assert found[0]["name"] == stop["name"], f"the circle closed at {stop['name']}, not where it began"
    found = found[::-1] if back else found
    first = next(place for place, one in enumerate(found) if one["name"] == SKIP)
    return found[first:] + found[:first]


def tab_to(page, target, key="Tab"):
    """Press Tab until something has the focus."""
    for _turn in range(MOST):
        page.keyboard.press(key)
        if target.evaluate("(one) => one === document.activeElement"):
            return
    expect(target).to_be_focused()


def press_at(page, target, key="Enter"):
    """Go to something by Tab and press it."""
    tab_to(page, target)
    page.keyboard.press(key)


def choose_file(page, target, path):
    """Go to a file field by Tab, open its dialog by Space, and take a file in it."""
    # Whoever listens before the first key misses no dialog, however busy the machine is.
    page.on("filechooser", lambda _chooser: None)
    tab_to(page, target)
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Space")
    asked.value.set_files(path)
