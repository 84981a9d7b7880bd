"""How many requests were answered and how: counted by all processes of one machine in one small file.

The file may be deleted at any time; then counting begins anew.
"""

import fcntl
import mmap
import struct
import threading
from contextlib import suppress
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
        with suppress(OSError, ValueError), self.lock, self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if file.seek(0, 2) < _FORM.size:
                file.truncate(_FORM.size)
            with mmap.mmap(file.fileno(), _FORM.size) as memory:
                numbers = list(_FORM.unpack(memory[:]))
                numbers[place] += 1
                memory[:] = _FORM.pack(*numbers)

    def read(self) -> dict[str, int]:
        """Give the numbers by class of status."""
        try:
            numbers = _FORM.unpack(self.path.read_bytes()[: _FORM.size])
        except (OSError, struct.error):
            numbers = (0,) * len(CLASSES)
        return dict(zip(CLASSES, numbers, strict=True))


def init_app(app: Flask) -> None:
    """Count every answer."""
    app.extensions["counts"] = counts = Counts(Path(app.config["REQUEST_COUNTS"]))

    @app.after_request
    def count(answer: Response) -> Response:
        counts.add(answer.status_code)
        return answer
