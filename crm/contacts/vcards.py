"""People as vCards. Version 3.0 (RFC 2426): Outlook and telephones read it best, most of them no 4.0."""

from collections.abc import Iterable, Iterator

from crm.contacts.models import Function, Person
from crm.contacts.queries import by_rank
from crm.folding import sort_key

OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": None})


def to_vcards(people: Iterable[Person]) -> bytes:
    """Write one card after the other, in UTF-8 with the line ends the standard asks for."""
    return "".join(f"{_folded(line)}\r\n" for one in people for line in _lines(one)).encode()


def file_name(name: str) -> str:
    """Name the file of one card in plain letters."""
    plain = sort_key(name).encode("ascii", "ignore").decode()
    return "-".join(["kontakt", *plain.split()])[:80]


def _lines(person: Person) -> Iterator[str]:
    """Name, then the functions held today: the highest as title, the others as a remark."""
    held = sorted((one for one in person.functions if one.is_current), key=by_rank)
    yield from ("BEGIN:VCARD", "VERSION:3.0")
    yield "N:" + ";".join(
        _text(part) for part in (person.last_name, person.first_name, None, person.academic_title, None)
    )
    yield f"FN:{_text(person.name)}"
    if held:
        yield f"ORG:{_text(held[0].organisation.name)}"
        yield f"TITLE:{_text(held[0].called)}"
    yield from _reached("TEL;TYPE=WORK,VOICE", (one.phone for one in held))
    yield from _reached("TEL;TYPE=VOICE", [person.phone])
    yield from _reached("EMAIL;TYPE=INTERNET,WORK", (one.email for one in held))
    yield from _reached("EMAIL;TYPE=INTERNET", [person.email])
    if held[1:]:
        yield f"NOTE:{_text(_further(held[1:]))}"
    yield "END:VCARD"


def _reached(name: str, values: Iterable[str | None]) -> Iterator[str]:
    return (f"{name}:{_text(value)}" for value in dict.fromkeys(values) if value)


def _further(functions: list[Function]) -> str:
    return "\n".join(f"{one.called}, {one.organisation.name}" for one in functions)


def _text(value: str | None) -> str:
    """Escape what has a meaning of its own in a card."""
    return (value or "").translate(_ESCAPED)


def _folded(line: str) -> str:
    """Break a line after at most 75 octets, never inside a letter."""
    parts, room = [""], OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append("")
            room = OCTETS - 1
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
