"""Form fields that read German: text, days, times, numbers, choices and chips."""

import enum
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from markupsafe import Markup, escape
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms import PasswordField as _PasswordField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import Select

from crm.db import today
from crm.reading import Lean, Misread, read_clock, read_day, read_minutes, read_number, read_spoken
from crm.text import Unreadable, clean_line, clean_lines, looks_packed

LINE, NOTE = 200, 200_000


def must(message: Any) -> DataRequired:
    """Make a text field mandatory; blanks do not count."""
    return DataRequired(message)


def fit_for_mail(_form: Any, field: Any) -> None:
    """Refuse what cannot stand in the subject of a mail."""
    if looks_packed(field.data or ""):
        raise ValidationError(_("“=?” cannot stand in the subject of a mail. Remove it."))


def must_choose(message: Any) -> DataRequired:
    """Make a choice mandatory."""
    return DataRequired(message)


class _Read(StringField):
    """Text that is read into something else; what was typed stays in the field."""

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def show(self, value: Any) -> str:
        return str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist:
            return
        self.raw_data = valuelist[:1]
        if not isinstance(valuelist[0], str):
            raise ValidationError(_("This field takes text, not a file."))
        try:
            text = clean_line(valuelist[0])
            self.data = None if text is None else self.read(text)
        except (Misread, Unreadable) as problem:
            self.unread = True
            raise ValidationError(str(problem)) from None

    def pre_validate(self, form: Any) -> None:
        """Stop at the reading error instead of saying that the field is empty."""
        if self.process_errors:
            raise StopValidation

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)


class TextField(_Read):
    """One cleaned line; at most `limit` characters."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), limit: int = LINE, **kw: Any):
        super().__init__(label, [*validators] or [Optional()], **kw)
        self.limit = limit

    def read(self, text: str) -> str:
        if len(text) > self.limit:
            raise Misread(
                _("At most %(limit)s characters fit here, you have %(n)s.", limit=self.limit, n=len(text))
            )
        return text


class LongTextField(TextAreaField):
    """Cleaned text of many lines."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), limit: int = NOTE, rows: int = 5, **kw: Any
    ):
        super().__init__(label, [*validators] or [Optional()], **kw)
        self.limit, self.rows = limit, rows

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not isinstance(valuelist[0], str):
            return
        self.data = valuelist[0]
        try:
            self.data = clean_lines(valuelist[0])
        except Unreadable as problem:
            raise ValidationError(str(problem)) from None
        if self.data and len(self.data) > self.limit:
            raise ValidationError(
                _(
                    "At most %(limit)s characters fit here, you have %(n)s.",
                    limit=self.limit,
                    n=len(self.data),
                )
            )


class PasswordField(_PasswordField):
    """A password: taken as typed, never shown again."""


class DayField(_Read):
    """A day as Germans write it; without a year the nearest day towards `lean` (past, near or future)."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), lean: Lean = "past", **kw: Any):
        super().__init__(label, [*validators] or [Optional()], **kw)
        self.lean = lean

    def read(self, text: str) -> date:
        return read_spoken(text, today(), self.lean) or read_day(text, today(), self.lean)

    def show(self, value: date) -> str:
        return f"{value:%d.%m.%Y}"


class ClockField(_Read):
    """A clock time."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kw: Any):
        super().__init__(label, [*validators] or [Optional()], **kw)

    def read(self, text: str) -> time:
        return read_clock(text)

    def show(self, value: time) -> str:
        return f"{value:%H:%M}"


class NumberField(_Read):
    """A whole number between `least` and `most`."""

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        least: int = 0,
        most: int = 999_999,
        **kw: Any,
    ):
        super().__init__(label, [*validators] or [Optional()], **kw)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        number = int(read_number(text))
        if not self.least <= number <= self.most:
            raise Misread(
                _("The number must lie between %(least)s and %(most)s.", least=self.least, most=self.most)
            )
        return number


class MinutesField(NumberField):
    """A duration in minutes; 1:30 and 1,5 h are read too."""

    def read(self, text: str) -> int:
        return read_minutes(text)


class UploadField(FileField):
    """A file; `.data` is a werkzeug FileStorage, or None when nothing was chosen."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), accept: str = "", **kw: Any):
        super().__init__(label, [*validators], render_kw={"accept": accept} if accept else None, **kw)


class CheckField(BooleanField):
    """Yes or no; a zero in the address or the form is a no."""

    false_values = (False, "false", "", "0")


class FromList:
    """Choices of an enum (its members carry `.label`) or of (value, label) pairs set by the view."""

    INVALID = _l("Invalid choice. Pick one of the list.")

    def pre_validate(self: Any, form: Any) -> None:
        """Say in our words that a value was not offered."""
        if self.process_errors:
            raise StopValidation
        if self.data is None and any(isinstance(one, Optional) for one in self.validators):
            return
        if not any(self.data == self.coerce(choice.value) for choice in self.iter_choices()):
            if not self.raw_data or not self.raw_data[0]:
                return
            raise StopValidation(self.INVALID)


def _coerce_to(kind: type[enum.Enum]) -> Callable[[Any], Any]:
    def coerce(value: Any) -> Any:
        if value in (None, "", "None"):
            return None
        return value if isinstance(value, kind) else kind(value)

    return coerce


def coerce_number(value: Any) -> int | None:
    """Read a record's number from a form or an address; raises ValueError."""
    if value in (None, "", "None"):
        return None
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(text)
    return int(text)


def asked_day(text: str | None) -> date | None:
    """Read the day an address names; None where it names none that exists."""
    try:
        return read_day(text or "", today(), "near")
    except Misread:
        return None


def enum_choices(kind: Iterable[enum.Enum], empty: Any = None) -> list[SelectChoice]:
    """Offer the members of an enum, with an empty choice first if it has a name."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return first + [SelectChoice(member.value, member.label) for member in kind]  # type: ignore[attr-defined]


def record_choices(pairs: Iterable[tuple[Any, str]], empty: Any = None) -> list[SelectChoice]:
    """Offer records by number and name."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return first + [SelectChoice(str(number), name) for number, name in pairs]


class _Box(Select):
    """A select box that writes its options in one piece: the filters of a list have a hundred of them."""

    @classmethod
    def render_option(cls, choice: Any) -> Markup:  # type: ignore[override]  # as of WTForms 3.3
        value, label = escape(choice.value), escape(choice.label or choice.value)
        chosen = " selected" if choice.selected else ""
        return Markup(f'<option value="{value}"{chosen}>{label}</option>')  # noqa: S704 both are escaped


class ChoiceField(FromList, SelectField):
    """A select box over an enum, over records by number (the view sets `choices`), or over words."""

    widget = _Box()

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        kind: Any = None,
        empty: Any = None,
        **kw: Any,
    ):
        if kind is not None:
            kw.setdefault("choices", enum_choices(kind, empty))
        kw.setdefault("coerce", _coerce_to(kind) if kind is not None else coerce_number)
        super().__init__(label, [*validators] or [Optional()], validate_choice=False, **kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        _take_choice(self, valuelist)


class SegmentField(FromList, RadioField):
    """Radios in one row over the members of an enum."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), kind: Any = None, **kw: Any):
        kw.setdefault("choices", enum_choices(kind) if kind is not None else [])
        coerce = _coerce_to(kind) if kind is not None else str
        super().__init__(label, [*validators] or [Optional()], coerce=coerce, validate_choice=False, **kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        _take_choice(self, valuelist)


def _take_choice(choice: Any, valuelist: list[Any]) -> None:
    if not valuelist:
        return
    try:
        choice.data = choice.coerce(valuelist[0])
    except ValueError:
        choice.data = None
        raise ValidationError(FromList.INVALID) from None
