"""What is in a file: its words and pictures of its pages, found out by programs of their own within limits.

No file can take the program along that reads it: the reader has its own process, with only so much memory and
time, no secrets of the surroundings, and no way to write files.
"""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm.documents import drawing, file_text

PATIENCE = 60
WITH_TEXT, WITH_PICTURES = file_text.KINDS, drawing.KINDS
log = logging.getLogger("kikz")


@dataclass(frozen=True)
class Picture:
    """The picture of a page: a PNG and its size."""

    width: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Drawn:
    """How many pages a file has, 0 where it cannot be read, and pictures of the first of them."""

    pages: int = 0
    pictures: tuple[Picture, ...] = ()


def text_of(content: bytes, kind: Any, called: str = "a file") -> str:
    """Give the words of a file of a kind (a `FileKind` or its media type); empty where it has none.

    This takes up to a minute: hold no transaction meanwhile. One that cannot be read is named in the log as
    it is `called` there.
    """
    media_type = getattr(kind, "media_type", kind)
    if media_type not in WITH_TEXT:
        return ""
    return _answer(file_text, content, media_type, called).decode("utf-8", "replace")


def pictures_of(content: bytes, kind: Any, called: str = "a file") -> Drawn:
    """Draw the first pages of a file; the same holds as for its words."""
    media_type = getattr(kind, "media_type", kind)
    if media_type not in WITH_PICTURES:
        return Drawn()
    head, _line, rest = _answer(drawing, content, media_type, called).partition(b"\n")
    if not head:
        return Drawn()
    told, pictures = json.loads(head), []
    for width, height, size in told["pictures"]:
        pictures.append(Picture(width, height, rest[:size]))
        rest = rest[size:]
    return Drawn(told["pages"], tuple(pictures))


def _answer(program: Any, content: bytes, media_type: str, called: str) -> bytes:
    command = [sys.executable, "-I", "-B", str(Path(program.__file__)), media_type]
    try:
        done = subprocess.run(  # noqa: S603 our own program with our own arguments
            command, input=content, capture_output=True, timeout=PATIENCE, check=True, env={}
        )
    except (subprocess.SubprocessError, OSError) as problem:
        log.warning("%s cannot be read: %s", called, type(problem).__name__)
        return b""
    return done.stdout
