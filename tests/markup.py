"""What a page holds, read by the rules of HTML; the names are those of Beautiful Soup."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

# What stands in them is no text of the page.
_UNSEEN = ("script", "style", "template")


class Element:
    """An element of a page; two are equal when they are the same place in it."""

    def __init__(self, node: LexborNode):
        self._node = node

    def __eq__(self, other):
        return isinstance(other, Element) and self._node.mem_id == other._node.mem_id

    def __hash__(self):
        return hash(self._node.mem_id)

    def __str__(self):
        return self._node.html or ""

    __repr__ = __str__

    def __getattr__(self, name):
        """Give the first element of a kind within this one: `page.soup.main`."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.select_one(name)

    @property
    def name(self):
        """Its kind, as `td`."""
        return self._node.tag

    @property
    def attrs(self):
        """All attributes; `class` is a list, what stands there without a value is empty."""
        found = {name: value or "" for name, value in self._node.attributes.items()}
        if "class" in found:
            found["class"] = found["class"].split()
        return found

    def __getitem__(self, name):
        return self.attrs[name]

    def get(self, name, default=None):
        """Give the value of an attribute."""
        return self.attrs.get(name, default)

    def has_attr(self, name):
        """Tell whether it has an attribute, with or without a value."""
        return name in self._node.attributes

    def select(self, selector):
        """Give the elements within this one that a CSS selector names, in their order."""
        # An element that two selectors of a list name is found by each of them.
        found = {node.mem_id: node for node in self._node.css(selector)}
        if self.parent is not None:
            found.pop(self._node.mem_id, None)
        return [Element(node) for node in found.values()]

    def select_one(self, selector):
        """Give the first of them, or None."""
        return next(iter(self.select(selector)), None)

    def find_all(self, name="*", string=None, **attributes):
        """Give the elements of a kind that say a text or carry attributes."""
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [one for one in self.select(name) if one._is(string, wanted)]

    def _is(self, string, wanted):
        if string is not None and self.get_text() != string:
            return False
        own = self.attrs
        return all(
            value(own.get(key)) if callable(value) else own.get(key) == value for key, value in wanted.items()
        )

    def find(self, name="*", string=None, **attributes):
        """Give the first of them, or None."""
        return next(iter(self.find_all(name, string, **attributes)), None)

    def extract(self):
        """Take it out of the page."""
        self._node.decompose()

    @property
    def parent(self):
        """The element around it, or None."""
        around = self._node.parent
        return Element(around) if around is not None and around.is_element_node else None

    @property
    def parents(self):
        """All elements around it, from the inside."""
        around = self.parent
        while around is not None:
            yield around
            around = around.parent

    def find_parent(self, name=None, class_=None):
        """Give the nearest element around it of a kind or a class, or None."""
        return next(
            (
                one
                for one in self.parents
                if name in (None, one.name) and (class_ is None or class_ in one.get("class", ()))
            ),
            None,
        )

    def get_text(self, separator="", strip=False):
        """Give all text within it, joined by a separator."""
        if self._node.css_first(", ".join(_UNSEEN)) is None:
            return self._node.text(separator=separator, strip=strip, skip_empty=strip)
        parts = [
            node.text_content or ""
            for node in self._node.traverse(include_text=True)
            if node.is_text_node and node.parent.tag not in _UNSEEN
        ]
        return (
            separator.join(part.strip() for part in parts if part.strip()) if strip else separator.join(parts)
        )

    @property
    def text(self):
        """All text within it."""
        return self.get_text()

    @property
    def string(self):
        """All text within it."""
        return self.get_text()


def parsed(html: str) -> Element:
    """Give the root of a page."""
    return Element(LexborHTMLParser(html).root)
