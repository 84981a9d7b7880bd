"""A clerk who types, moves and presses in a real browser while somebody counts."""

from playwright.sync_api import expect

SECONDS_A_KEY, SECONDS_A_FIELD = 0.28, 1.35


class Clerk:
    """Counts keys, changes of field and interactions.

    An interaction is one field left, one pick or one press; chips typed in a row in one field count as one.
    """

    def __init__(self, page):
        self.page, self.keys, self.fields, self.interactions = page, 0, 0, 0
        self._typed = False

    @property
    def seconds(self):
        """What the script takes a person."""
        return self.keys * SECONDS_A_KEY + self.fields * SECONDS_A_FIELD

    @property
    def figures(self):
        """All counts in one line of the table."""
        return {
            "keys": self.keys, "fields": self.fields, "interactions": self.interactions,
            "seconds": round(self.seconds, 1),
        }  # fmt: skip

    def open(self, key, field):
        """Press a key that opens a form, and look at its first field."""
        self.press(key)
        expect(field).to_be_focused()
        self.fields += 1

    def press(self, key):
        """Press a key, or several at once; a field that was typed in is left by it."""
        self._leave()
        self.page.keyboard.press(key)
        self.keys += 1 + key.count("+")
        self.interactions += 1

    def type(self, text):
        """Type into the field that has the focus."""
        self.page.keyboard.type(text)
        self.keys += len(text)
        self._typed = True

    def chips(self, *starts):
        """Type the beginnings of names, each taken with Enter, without waiting for anything."""
        for start in starts:
            self.type(start)
            self.page.keyboard.press("Enter")
            self.keys += 1

    def tab(self):
        """Go to the next field."""
        self._leave()
        self.page.keyboard.press("Tab")
        self.keys += 1
        self.fields += 1

    def go(self, field):
        """Point at another field."""
        self._leave()
        field.click()
        self.fields += 1

    def pick(self, choice):
        """Point at one of several values."""
        self._leave()
        choice.click()
        self.fields += 1
        self.interactions += 1

    def _leave(self):
        self.interactions += self._typed
        self._typed = False


def offered_day(page):
    """See that the preset day has the focus and is chosen whole, so that typing replaces it."""
    field = page.get_by_label("Tag")
    expect(field).to_be_focused()
    expect(field).to_have_js_property("selectionStart", 0)
    expect(field).to_have_js_property("selectionEnd", len("31.12.2026"))


def form_of(page):
    """Open the form for a new talk; its first field has the focus."""
    page.goto("/beratungen/neu")
    expect(page.get_by_role("combobox", name="Kommunen")).to_be_focused()
    return page
