"""The field for texts that name people: `@[Dr. Petra Müller]` on screen, a number in the database.

Where the name alone does not say who is meant, the number stands behind it: `@[Petra Müller #12]`.
"""

import re
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import ValidationError

from crm import naming
from crm.fields import LongTextField
from crm.folding import fold
from crm.naming import Named

MOST_PEOPLE = 200
_TYPED = re.compile(r"(?<!\\)@\[([^\[\]\n#]{0,500}?)[ \u00a0]*(?:#([1-9][0-9]{0,9}))?\]")
_SIGNS = re.compile(r"[\[\]#\\]")


class NamedTextField(LongTextField):
    """Text of many lines that may name people; `data` is what is stored, with numbers."""

    typed: str | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the names; what names nobody stays as typed, with an error that says what to write."""
        super().process_formdata(valuelist)
        self.typed = self.data
        if self.data:
            self.data, problems = read(self.data, self.object_data or "")
            if problems:
                raise ValidationError(" ".join(problems))

    def __call__(self, **attributes: Any) -> Markup:
        """Draw the field with the address its script asks for people."""
        return super().__call__(**{"data_naming": naming.SOURCES[0].offers()} | attributes)

    def _value(self) -> str:
        return self.typed if self.typed is not None else written(self.data or "")


def written(text: str) -> str:
    """Give a stored text as one edits it."""
    found = naming.people(naming.numbers_in(text))
    said = as_typed(found)
    return naming.TOKEN.sub(lambda match: said.get(int(match[1]), match[0]), text)


def as_typed(found: dict[int, Named]) -> dict[int, str]:
    """Say how each of some people is written in a field: by name, with the number unless that is enough."""
    plain = {number: _SIGNS.sub("", one.name) for number, one in found.items()}
    sure = {
        number: name
        for number, name in plain.items()
        if found[number].in_sight and name == found[number].name
    }
    same = naming.called(set(sure.values()))
    alone = {number for number, name in sure.items() if same[name] == {found[number].contact}}
    names = [plain[number] for number in alone]
    return {
        number: f"@[{name}]" if number in alone and names.count(name) == 1 else f"@[{name} #{number}]"
        for number, name in plain.items()
    }


def read(text: str, stored: str = "") -> tuple[str, list[str]]:
    """Give a typed text as it is stored, and what is wrong with it.

    People of the `stored` text are known; what stood there between brackets and names nobody stays as it is.
    """
    typed, old, known = _typed_in(text), _typed_in(stored), naming.numbers_in(stored)
    if len(typed) > max(MOST_PEOPLE, len(known)):
        return text, [
            _("A text names %(most)s people at most. Name the others without @[ ].", most=MOST_PEOPLE)
        ]
    found = naming.people({number for _name, number in typed if number} | known)
    same = naming.called({name for name, number in typed if not number})
    meant, problems = {}, []
    for name, number in sorted(typed):
        answer = _by_number(name, number, found, known) if number else _by_name(name, same[name], found)
        if isinstance(answer, int):
            meant[name, number] = naming.token(answer)
        elif (name, number) not in old:
            problems.append(answer)
    return _TYPED.sub(lambda one: meant.get((one[1].strip(), int(one[2] or 0)), one[0]), text), problems


def _typed_in(text: str) -> set[tuple[str, int]]:
    return {(match[1].strip(), int(match[2] or 0)) for match in _TYPED.finditer(text)} - {("", 0)}


def _by_number(name: str, number: int, found: dict[int, Named], known: set[int]) -> int | str:
    """Take a number if it is that of the name; only who is named already may be out of sight."""
    one = found.get(number)
    if one is None or not (one.in_sight or number in known):
        return _("There is no contact with the number %(number)s. Correct @[… #%(number)s].", number=number)
    if name and fold(name) != fold(_SIGNS.sub("", one.name)):
        said = f"@[{_SIGNS.sub('', one.name)} #{number}]"
        return _("The number %(number)s belongs to %(said)s. Correct it.", number=number, said=said)
    return number


def _by_name(name: str, numbers: set[int], found: dict[int, Named]) -> int | str:
    """Take the one who is called so; who stands in the text already keeps the number that stands there."""
    if not numbers:
        return _(
            "No contact is called “%(name)s”. Write first and last name as in the contacts, "
            "or the name without @[ ].",
            name=name,
        )
    if len(numbers) == 1:
        there = [number for number, one in found.items() if one.contact in numbers]
        return there[0] if len(there) == 1 else min(numbers)
    choices = ", ".join(f"@[{name} #{number}]" for number in sorted(numbers)[:5])
    return _(
        "Several contacts are called “%(name)s”. Write who is meant: %(choices)s.", name=name, choices=choices
    )
