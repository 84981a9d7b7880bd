"""What a file is, by looking inside; its name and what the browser says of it count for nothing.

Only whole files of a few kinds pass: they begin and end as their kind does, and nothing in them makes another
program take them for a page, a program or an archive.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
# Browsers of all kinds look no further to find out whether a file is a page.
_LOOKED_AT = 1024
_PAGE_MARKS = (
    b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe", b"<object", b"<?php", b"<%",
)  # fmt: skip
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, OSError, RuntimeError, ValueError, EOFError,
)  # fmt: skip
_MOST_ENTRIES = 5000
_LARGEST_LIST = 500_000


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken: its name on screen, its media type, and its endings, the usual first."""

    label: str
    media_type: str
    endings: tuple[str, ...]


PDF = FileKind("PDF", "application/pdf", ("pdf",))
PNG = FileKind("PNG", "image/png", ("png",))
JPEG = FileKind("JPEG", "image/jpeg", ("jpg", "jpeg"))
TIFF = FileKind("TIFF", "image/tiff", ("tif", "tiff"))
DOCX = FileKind("DOCX", f"{_OFFICE}.wordprocessingml.document", ("docx",))
XLSX = FileKind("XLSX", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
PPTX = FileKind("PPTX", f"{_OFFICE}.presentationml.presentation", ("pptx",))
ODT = FileKind("ODT", f"{_OPEN}.text", ("odt",))
KINDS = (PDF, PNG, JPEG, TIFF, DOCX, XLSX, PPTX, ODT)
# What a field for files offers to choose from.
ACCEPTED = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)
_MAIN_PARTS = {f"{kind.media_type}.main+xml".encode(): kind for kind in (DOCX, XLSX, PPTX)}


def kind_of(content: bytes) -> FileKind | None:
    """Say what a file is; None for all that is not wholly one of the kinds."""
    if content.startswith(b"PK\x03\x04"):
        return None if b"%PDF-" in content[:_LOOKED_AT] or _looks_like_page(content) else _packed(content)
    kind = _bare(content)
    # An archive can hang on the end of anything; whoever opens the file as one finds other things in it.
    if kind is None or _looks_like_page(content) or zipfile.is_zipfile(io.BytesIO(content)):
        return None
    return kind


def _looks_like_page(content: bytes) -> bool:
    beginning = content[:_LOOKED_AT].lower()
    return any(mark in beginning for mark in _PAGE_MARKS)


def _bare(content: bytes) -> FileKind | None:
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-_LOOKED_AT:]:
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB`\x82"):
        return PNG
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[2:]:
        return JPEG
    return TIFF if content.startswith((b"II*\x00", b"MM\x00*")) and len(content) > 8 else None


def _packed(content: bytes) -> FileKind | None:
    """Tell the office documents, which are archives, by the list of what is in them."""
    if content.count(b"PK\x01\x02") > _MOST_ENTRIES:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _document_in(archive)
    except _UNREADABLE:
        return None


def _document_in(archive: zipfile.ZipFile) -> FileKind | None:
    names = [one.filename for one in archive.infolist()]
    if any(name.rpartition("/")[2].casefold() == "vbaproject.bin" for name in names):
        return None
    if names[:1] == ["mimetype"]:
        return ODT if _read(archive, "mimetype").strip() == ODT.media_type.encode() else None
    listed = _read(archive, "[Content_Types].xml")
    return next((kind for part, kind in _MAIN_PARTS.items() if b'"' + part + b'"' in listed), None)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack a list of contents, up to the size such a list may have.

    The other ways of packing are allowed to nobody who makes such documents, and swell at once.
    """
    if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(name)
    with archive.open(name) as packed:
        return packed.read(_LARGEST_LIST)
