"""Where the program wants to connect to: noted for tests that ask, refused when it is another machine."""

import sys
from contextlib import contextmanager
from ipaddress import ip_address

_NOTES = []


class Outgoing(Exception):
    """Somebody wanted to leave this machine."""


def _is_near(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(event, details):
    if event == "socket.connect" and isinstance(details[1], tuple):
        host, port = details[1][:2]
        for notes in _NOTES:
            notes.append((host, port))
        if not _is_near(host):
            raise Outgoing(f"a connection to {host}:{port}")
    elif event == "socket.getaddrinfo":
        for notes in _NOTES:
            notes.append((details[0], details[1]))


@contextmanager
def noted():
    """Collect every connection and every name looked up inside the block, as (host, port)."""
    notes = []
    _NOTES.append(notes)
    try:
        yield notes
    finally:
        _NOTES.remove(notes)


# It stays for the whole run; hooks cannot be taken away.
sys.addaudithook(_listen)
