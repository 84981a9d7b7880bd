"""A PDF as a program for reading aloud sees it: text, tags, language, title."""

import io
import re

from pypdf import PdfReader


class Pdf:
    """One read PDF."""

    def __init__(self, data):
        self.reader = PdfReader(io.BytesIO(data))
        self.root = self.reader.trailer["/Root"]

    @property
    def text(self):
        """All words; line ends and the places where an endless word may break are no words."""
        pages = " ".join(page.extract_text() for page in self.reader.pages)
        return re.sub(r"\s+", " ", pages.replace("\u200b", ""))

    @property
    def letters(self):
        """All words without blanks, for what a line end may cut."""
        return self.text.replace(" ", "")

    @property
    def xmp(self):
        """The description of the document, as it is written."""
        return self.root["/Metadata"].get_data().decode("utf-8")

    @property
    def roles(self):
        """The roles of all tags, in reading order, each with its ancestors: Document/Table/THead/TR/TH."""
        return list(_roles(self.root["/StructTreeRoot"]["/K"], ""))

    @property
    def links(self):
        """Where its links lead."""
        notes = [one.get_object() for page in self.reader.pages for one in page.get("/Annots", ())]
        return [one["/A"]["/URI"] for one in notes if one["/Subtype"] == "/Link"]


def _roles(node, above):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from _roles(one, above)
    elif isinstance(node, dict) and "/S" in node:
        here = f"{above}/{node['/S'][1:]}".removeprefix("/")
        yield here
        yield from _roles(node.get("/K", []), here)


def last(roles):
    """The roles without what they stand in."""
    return [one.rpartition("/")[2] for one in roles]
