"""Chips: many records chosen in one field by typing, with or without a script."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

from crm.fields import LINE, FromList, coerce_number
from crm.text import Unreadable, clean_line

NEW = "new"


@dataclass(frozen=True)
class Chip:
    """One chosen thing: its number, its name, and what tells it from namesakes.

    One from `elsewhere` and a `guess` at a misspelt name are suggested, but never taken for a typed name
    unseen. One that does not count is no participation in reports.
    """

    value: str
    text: str
    note: str = ""
    elsewhere: bool = False
    counts: bool = True
    guess: bool = False

    @property
    def id(self) -> str:
        """The number, where a row and not a chip is meant."""
        return self.value

    @property
    def name(self) -> str:
        """The name, where a row and not a chip is meant."""
        return self.text

    def as_json(self) -> dict[str, Any]:
        """What the suggestions' address answers."""
        plain = {"value": self.value, "text": self.text, "note": self.note}
        marks = {"elsewhere": self.elsewhere, "guess": self.guess}
        return plain | {name: True for name, said in marks.items() if said}


@dataclass(frozen=True)
class Unknown:
    """A typed name that is not one thing; `message` says what would be right.

    `may_be_new` is False when several known things bear the name, so that nothing new is made of it unasked.
    """

    message: str
    may_be_new: bool = True


@dataclass(frozen=True)
class Question:
    """Is a typed name one of those known already? `answer` is a number, NEW, or empty while it is open."""

    name: str
    known: list[Chip]
    key: str
    answer: str


def _nobody(_name: str) -> list[Chip]:
    return []


@dataclass
class ChipSource:
    """Where chips come from: the address of suggestions, names for numbers, and how typed text is read.

    `twins` gives those a typed name may mean although it is to become something new.
    """

    url: str
    chips: Callable[[list[int]], list[Chip]]
    read: Callable[[str], list[Chip] | Unknown]
    twins: Callable[[str], list[Chip]] = field(default=_nobody)


class ChipsField(Field):
    """Many records as chips; without a script a text field with names separated by comma or semicolon.

    `data` is a list of numbers; `created` holds names typed for new records when `create` is set, `questions`
    those of them that somebody bears already. The view must call `use(source)` before validating.
    """

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kw: Any):
        self.create, self.single = kw.pop("create", False), kw.pop("single", False)
        self.placeholder = kw.pop("placeholder", "")
        self.row_source = self.row_target = self.source = ""
        self.chips: list[Chip] = []
        self.created: list[str] = []
        self.questions: list[Question] = []
        self._sent: Any = None
        self.text, self.problems = "", []  # type: ignore[var-annotated]
        super().__init__(label, list(validators), **kw)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        given = data if isinstance(data, list) else []
        # A preset may hold names of new records, too, as the form itself sends them.
        self.created = [one[1:] for one in given if isinstance(one, str)]
        super().process(formdata, [one for one in given if not isinstance(one, str)], extra_filters)
        self.text = (formdata.get(f"{self.name}-text") or "") if formdata else ""
        self._sent = formdata

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data, self.created = [], []
        for value in valuelist:
            if self.create and value.startswith("+"):
                self._take_name(value[1:])
            else:
                self._take_number(value)

    def _take_name(self, text: str) -> None:
        """Take the name of a new record; one that cannot be read is named, not dropped."""
        try:
            name = clean_line(text)
        except Unreadable as problem:
            self.problems.append(str(problem))
            return
        if name and len(name) > LINE:
            self.problems.append(
                _("At most %(limit)s characters fit here, you have %(n)s.", limit=LINE, n=len(name))
            )
        if name:
            self.created.append(name)

    def _take_number(self, value: str) -> None:
        try:
            number = coerce_number(value)
        except ValueError:
            raise ValidationError(FromList.INVALID) from None
        if number is not None and number not in self.data:
            self.data.append(number)

    def use(self, source: ChipSource) -> None:
        """Read the typed rest and fetch the names of what is chosen."""
        self.source = source.url
        chosen = source.chips(self.data or [])
        if {int(chip.value) for chip in chosen} != set(self.data or []):
            self.problems.append(str(FromList.INVALID))
        self.chips, self.data = chosen, [int(chip.value) for chip in chosen]
        parts = self.text.split(";") if self.create else self.text.replace(";", ",").split(",")
        rest = [name for part in parts if (name := self._cleaned(part))]
        unread = [name for name in rest if not self._read(name, source)]
        self.text = ("; " if self.create else ", ").join(unread)
        self.chips = self.chips + [Chip("+" + name, name, _("new")) for name in self.created]
        self._ask(source)

    def _ask(self, source: ChipSource) -> None:
        """Find who bears a typed name already, and what the form says about it."""
        for name in self.created:
            known = source.twins(name)
            key = f"{self.name}-same-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
            sent = (self._sent.get(key) or "") if self._sent else ""
            right = sent == NEW or any(chip.value == sent for chip in known)
            if known:
                self.questions.append(Question(name, known, key, sent if right else ""))

    @property
    def answers(self) -> dict[str, int | None]:
        """Whom typed names mean, as far as it was asked; None stands for somebody new."""
        answered = [one for one in self.questions if one.answer]
        return {one.name: None if one.answer == NEW else int(one.answer) for one in answered}

    @property
    def meant(self) -> int | str:
        """The one that was chosen: by number if known, else the typed name of something new."""
        if self.data:
            return int(self.data[0])
        return self.answers.get(self.created[0]) or self.created[0]

    def _cleaned(self, part: str) -> str | None:
        try:
            return clean_line(part)
        except Unreadable as problem:
            self.problems.append(str(problem))
            return None

    def _read(self, name: str, source: ChipSource) -> bool:
        found = source.read(name)
        if isinstance(found, Unknown):
            if self.create and found.may_be_new:
                self._take_name(name)
                return True
            self.problems.append(found.message)
            return False
        for chip in found:
            if int(chip.value) not in self.data:
                self.data.append(int(chip.value))
                self.chips.append(chip)
        return True

    def pre_validate(self, form: Any) -> None:
        """Report names that could not be read."""
        if self.problems:
            raise StopValidation(" ".join(self.problems))
        if open_ones := [one.name for one in self.questions if not one.answer]:
            raise StopValidation(
                _("Known already: %(names)s. Choose below who is meant.", names="; ".join(open_ones))
            )
        if self.single and len(self.data) + len(self.created) > 1:
            raise StopValidation(_("Choose one only."))
