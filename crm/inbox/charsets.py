"""Bytes to text, whatever charset a mail claims; what cannot be read is replaced and told."""

import codecs

# What a program may call a charset and still mean a trick or a page of its own.
_NO_CHARSETS = {
    "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7",
}  # fmt: skip
# As all mail programs do: who says Latin-1 or nothing on Windows means this.
_MEANT = {"ascii": "utf-8", "iso8859-1": "cp1252", "latin_1": "cp1252"}
LAST = "cp1252"


def decoded(content: bytes, charset: str) -> tuple[str, bool]:
    """Give the text of some bytes, and whether each of them could be read."""
    for name in (_known(charset), "utf-8", LAST):
        try:
            return content.decode(name), True
        except (UnicodeError, ValueError):
            continue
    return content.decode(LAST, "replace"), False


def _known(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()[:40]
    try:
        found = codecs.lookup(name) if name.isascii() and name else None
    except (LookupError, ValueError):
        found = None
    if found is None or found.name in _NO_CHARSETS or not getattr(found, "_is_text_encoding", False):
        return "utf-8"
    return _MEANT.get(found.name, found.name)
