"""The base forms: drafts come back, a colleague's saving is seen, a second sending makes no second record."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField

from crm import drafts, once
from crm.errors import RuleBroken

_OWN = {"csrf_token", "version", "base", "once", "author"}


class Form(FlaskForm):
    """A form that keeps what was typed."""

    conflicts: list["Conflict"] = []

    class Meta(FlaskForm.Meta):
        """Take the fields of a kept draft when the address asks for it."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Give the sent fields, or those of the draft; no form takes files."""
            if request.files:
                abort(400)
            return super().wrap_formdata(form, formdata) or (drafts.taken() if formdata is not None else None)

    @property
    def values(self) -> dict[str, Any]:
        """What the service gets: declared fields only, so that no request can set anything else."""
        return {name: value for name, value in self.data.items() if name not in _OWN}

    @property
    def offer(self) -> drafts.Draft | None:
        """The draft to offer above the untouched form."""
        wanted = request.method == "GET" and drafts.TAKE not in request.args
        return drafts.offered() if wanted else None

    @property
    def problems(self) -> list[tuple[str, str]]:
        """All errors as (id of the field, message), in the order of the form."""
        found = [("", str(message)) for message in self.form_errors]
        for field in self:
            found += _problems_of(field)
        return found

    def report(self, broken: RuleBroken) -> None:
        """Show a rule that said no: at its field if it names one, else above the form."""
        field = self._fields.get(broken.field or "")
        if field is None:
            self.form_errors.append(str(broken.message))
        else:
            field.errors = [*field.errors, str(broken.message)]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Tell whether the form was sent and is right; its draft then goes with the saving."""
        if not super().validate_on_submit(extra_validators):
            return False
        if current_user.is_authenticated:
            drafts.drop(current_user.id, request.path)
        return True

    def page(self, template: str, **context: Any) -> tuple[str, int]:
        """Render the form: 200 when fresh, 422 with errors, 409 when a colleague was faster."""
        code = 409 if self.conflicts else 422 if self.problems else 200
        return render_template(template, form=self, **context), code


def _problems_of(field: Any) -> list[tuple[str, str]]:
    if isinstance(field, FieldList | FormField):
        inner = [problem for entry in field for problem in _problems_of(entry)]
        listed = field.errors if isinstance(field, FieldList) else ()
        own = [message for message in listed if isinstance(message, str)]
        return [(field.id, message) for message in own] + inner
    return [(field.id, str(message)) for message in list(field.errors)[:1]]


class _AuthoredForm(Form):
    """A form that remembers who opened it, so that a lost session does not lose the text."""

    author = HiddenField()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        known = current_user and current_user.is_authenticated
        self.author.data = drafts.author_mark(current_user.id) if known else ""


class NewRecordForm(_AuthoredForm):
    """A form that makes a record, once."""

    once = HiddenField()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        sent = self.once.data or ""
        self.once.data = sent if once.is_key(sent) else once.new_key()

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Raise AlreadyDone when this very form was saved before."""
        if self.is_submitted() and g.get("csrf_valid"):
            once.check(self.once.data or "", current_user)
        if not super().validate_on_submit(extra_validators):
            return False
        once.claim(self.once.data or "", current_user)
        return True

    def settle(self, target: str) -> str:
        """Note where the saved form leads and give that address back."""
        once.settle(self.once.data or "", target)
        return target


@dataclass(frozen=True)
class Conflict:
    """One field that both changed: what stands in the form and what is stored."""

    name: str
    label: str
    mine: str
    stored: str


class RecordForm(_AuthoredForm):
    """A form over a stored record that notices the colleague who saved while one was typing.

    What only one of the two changed is merged without a question; what both changed is shown twice.
    """

    version = HiddenField()
    base = HiddenField()

    conflict_by: str = ""
    conflict_at: datetime | None = None

    def __init__(self, *args: Any, **kw: Any):
        self._record = kw.get("obj")
        self._kw = {key: value for key, value in kw.items() if key not in ("formdata",)}
        self.merged: list[str] = []
        super().__init__(*args, **kw)
        if self.is_submitted() or drafts.taken() is not None:
            return
        self.version.data = str(self._record.version) if self._record is not None else ""
        self.base.data = json.dumps(self._marks())

    def prepare(self) -> "RecordForm":
        """Fill choices and chip sources; the view's form class says how. Also called for the stored twin."""
        return self

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Compare versions first; a stale form is merged and shown again, never saved silently."""
        if self.is_submitted() and self._record is not None:
            # A version that was not sent must not be taken from the record: that would always agree.
            sent = request.form.get("version", "")
            if not sent.isdigit():
                abort(400)
            if sent != str(self._record.version):
                self._merge()
                return False
            self._settle_choices()
        return super().validate_on_submit(extra_validators)

    def _twin(self) -> "RecordForm":
        twin = type(self)(formdata=None, **self._kw)
        for field in twin:
            if hasattr(field, "choices") and field.name in self._fields:
                field.choices = self._fields[field.name].choices
        return twin.prepare()

    def _merge(self) -> None:
        twin, base = self._twin(), _marks_from(self.base.data)
        mine, stored = self._marks(), twin._marks()
        self.conflicts = []
        for name in mine:
            if mine[name] == stored[name] or base.get(name) == stored[name]:
                continue
            if base.get(name) == mine[name]:
                self._take(name, twin)
                self.merged.append(str(self._fields[name].label.text))
            else:
                pair = shown(self._fields[name]), shown(twin._fields[name])
                self.conflicts.append(Conflict(name, str(self._fields[name].label.text), *pair))
        self.version.data, self.base.data = str(self._record.version), json.dumps(stored)  # type: ignore[union-attr]
        self.conflict_at = self._record.updated_at  # type: ignore[union-attr]
        if not self.conflicts:
            self.form_errors.append(
                _("A colleague saved meanwhile. Both changes were merged; check and save again.")
            )

    def _settle_choices(self) -> None:
        wanted = [key.removeprefix("keep-") for key, value in request.form.items() if value == "stored"]
        names = [name for name in wanted if name in self._fields and name not in _OWN]
        if names:
            twin = self._twin()
            for name in names:
                self._take(name, twin)

    def _take(self, name: str, twin: "RecordForm") -> None:
        """Replace one field by its stored version."""
        self._fields[name] = twin._fields[name]
        setattr(self, name, twin._fields[name])

    def _marks(self) -> dict[str, str]:
        return {field.name: _mark(field) for field in self if field.name not in _OWN}


def _marks_from(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _mark(field: Any) -> str:
    plain = json.dumps(field.data, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def shown(field: Any) -> str:
    """Say the content of a field in words, for comparing two versions."""
    if hasattr(field, "shown"):
        return str(field.shown())
    if field.type == "ChipsField":
        return ", ".join(chip.text for chip in field.chips)
    if field.type in ("ChoiceField", "SegmentField"):
        return next((str(choice.label) for choice in field.iter_choices() if choice.selected), "")
    if field.type == "CheckField":
        return _("yes") if field.data else _("no")
    return str(field._value()) if hasattr(field, "_value") else str(field.data)
