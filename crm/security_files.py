"""Handlers of logs that never stop a request: a full disk costs lines, not work."""

import logging
import os
from pathlib import Path


class Patient(logging.StreamHandler):
    """Writes to a stream; where that cannot take the line, it is gone."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 the name is the library's
        """Say nothing: what could be said would go the same way."""


class SecurityFile(logging.Handler):
    """A file for its owner alone; what it cannot take goes to the usual log.

    It is opened for each line, so that logrotate can move it away, and several processes write it: one write
    at the end of the file is one line.
    """

    def __init__(self, path: str | Path, instead: logging.Handler):
        super().__init__()
        self.path, self.instead = path, instead

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        try:
            number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(number, f"{self.format(record)}\n".encode("ascii"))
            finally:
                os.close(number)
        except OSError:
            self.instead.handle(record)
