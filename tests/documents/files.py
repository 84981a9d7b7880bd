"""Small files of every kind that is taken, and of many that are not."""

import io
import zipfile
import zlib

DOCX_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PPTX_PART = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


def pdf(inside=b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"):
    """A PDF in outline."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + inside + b"startxref\n9\n%%EOF\n"


def png(size=(1, 1)):
    """A picture of one grey dot, or of more of them."""

    def chunk(name, data):
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    width, height = size
    head = chunk(b"IHDR", width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00")
    rows = (b"\x00" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\xff\xd9"
TIFF = b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"
TIFF_BIG_END = b"MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"


def packed(*entries, method=zipfile.ZIP_DEFLATED):
    """An archive of (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def listed(part):
    """A list of contents that names one main part."""
    return (
        f'<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="{part}"/></Types>'
    )


def docx(*more, part=DOCX_PART):
    """A document of Word in outline."""
    return packed(("[Content_Types].xml", listed(part)), ("word/document.xml", "<w/>"), *more)


def xlsx():
    """A workbook of Excel in outline."""
    return docx(part=XLSX_PART)


def odt(kind=ODT_TYPE):
    """A document of LibreOffice in outline."""
    return packed(("mimetype", kind), ("content.xml", "<x/>"), method=zipfile.ZIP_STORED)


def bomb():
    """A list of contents of 100 MB in a small archive."""
    return packed(("[Content_Types].xml", b"x" * 100_000_000), ("a", "b"))


def crowd():
    """An archive that lists a great many files."""
    return docx(*((f"x/{number}", "") for number in range(5001)))


GOOD = {
    "PDF": (pdf(), "pdf", "application/pdf"),
    "PDF with blanks behind": (pdf() + b"\r\n" * 100, "pdf", "application/pdf"),
    "PNG": (png(), "png", "image/png"),
    "JPEG": (JPEG, "jpg", "image/jpeg"),
    "JPEG with a trailer of a phone": (JPEG + b"SEFT" * 50, "jpg", "image/jpeg"),
    "TIFF": (TIFF, "tif", "image/tiff"),
    "TIFF, other byte order": (TIFF_BIG_END, "tif", "image/tiff"),
    "DOCX": (docx(), "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "XLSX": (xlsx(), "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "PPTX": (
        docx(part=PPTX_PART),
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "ODT": (odt(), "odt", ODT_TYPE),
}
BAD = {
    "SVG": SVG,
    "HTML": HTML,
    "text": b"Guten Tag",
    "zeros": b"\x00" * 1000,
    "a header of PDF and nothing else": b"%PDF-1.7\n",
    "PDF with a page in front": HTML + pdf(),
    "PDF that begins as a page": pdf(HTML),
    "PDF with capitals of a page": pdf(b"<ScRiPt>alert(1)</sCrIpT>"),
    "PDF after a blank": b"\n" + pdf(),
    "PDF cut off": pdf()[:-8] + b" " * 2000,
    "PDF with an archive behind": pdf() + packed(("a.class", "x")) + b"\n%%EOF",
    "PDF that is an archive": pdf() + packed(("a.class", "x")),
    "PNG cut off": png()[:-4],
    "PNG with a page behind": png() + HTML,
    "PNG with an archive behind": png()[:-12] + packed(("a", "b")) + png()[-12:],
    "PNG header with a page": b"\x89PNG\r\n\x1a\n" + HTML + b"IEND\xaeB`\x82",
    "JPEG without an end": b"\xff\xd8\xff\xe0" + b"x" * 100,
    "JPEG with a page in its remark": b"\xff\xd8\xff\xfe\x00\x50" + HTML + b"\xff\xd9",
    "TIFF header alone": b"II*\x00",
    "GIF": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "a program for Windows": b"MZ\x90\x00" + b"\x00" * 200,
    "a program for Linux": b"\x7fELF" + b"\x00" * 200,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "PHP": b"<?php system($_GET['x']); ?>",
    "a plain archive": packed(("a.txt", "x")),
    "an empty archive": packed(),
    "an archive that lists nothing": b"PK\x03\x04" + packed(),
    "an archive cut off": docx()[:-30],
    "an archive with rubbish in front": b"x" + docx(),
    "DOCX without a list": packed(("word/document.xml", "<w/>")),
    "DOCX with macros by its list": docx(part="application/vnd.ms-word.document.macroEnabled.main+xml"),
    "DOCX with macros inside": docx(("word/vbaProject.bin", "x")),
    "DOCX with macros in capitals": docx(("word/VBAPROJECT.BIN", "x")),
    "XLSX with macros by its list": docx(part="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    "ODS": odt("application/vnd.oasis.opendocument.spreadsheet"),
    "ODT with more in its kind": odt(ODT_TYPE + "x"),
    "DOCX that begins as a PDF": packed(("%PDF-1.7", "x"), ("[Content_Types].xml", listed(DOCX_PART))),
    "DOCX with a page in front": packed(("<html><script>", "x"), ("[Content_Types].xml", listed(DOCX_PART))),
    "an old document of Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000,
    "an archive that swells": bomb(),
    "an archive of a great many files": crowd(),
    "RTF": rb"{\rtf1 Guten Tag}",
    "a mail": b"From: a@b.de\r\nSubject: x\r\n\r\nx",
    "an object of Java": b"\xca\xfe\xba\xbe" + b"\x00" * 100,
}
