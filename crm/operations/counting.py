"""How many requests were answered and how: counted by all processes of one machine in one small file.

The file may be deleted at any time; then counting begins anew.
"""

import fcntl
import os
import struct
import threading
from contextlib import suppress
from io import FileIO
from pathlib import Path

from flask import Flask, Response

CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_FORM = struct.Struct(f"<{len(CLASSES)}Q")


class Counts:
    """The numbers; a process opens the file when it first counts."""

    def __init__(self, path: Path):
        self.path, self.lock = path, threading.Lock()

    def add(self, status: int) -> None:
        """Count one answer. Where the file cannot be written nothing is counted, and nobody is troubled."""
        place = status // 100 - 1
        if not 0 <= place < len(CLASSES):
            return
        with suppress(OSError), self.lock, self._opened() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            numbers = list(_unpacked(os.pread(file.fileno(), _FORM.size, 0)))
            numbers[place] += 1
            # Not by a map of the file: written into one, what finds no space ends the process.
            os.pwrite(file.fileno(), _FORM.pack(*numbers), 0)

    def _opened(self) -> FileIO:
        return FileIO(self.path, "r+", opener=lambda path, flags: os.open(path, flags | os.O_CREAT, 0o600))

    def read(self) -> dict[str, int]:
        """Give the numbers by class of status."""
        try:
            block = self.path.read_bytes()
        except OSError:
            block = b""
        return dict(zip(CLASSES, _unpacked(block), strict=True))


def _unpacked(block: bytes) -> tuple[int, ...]:
    return _FORM.unpack(block[: _FORM.size]) if len(block) >= _FORM.size else (0,) * len(CLASSES)


def init_app(app: Flask) -> None:
    """Count every answer."""
    app.extensions["counts"] = counts = Counts(Path(app.config["REQUEST_COUNTS"]))

    @app.after_request
    def count(answer: Response) -> Response:
        counts.add(answer.status_code)
        return answer
