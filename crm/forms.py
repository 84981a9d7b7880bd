"""The base forms: drafts come back, a colleague's saving is seen, a second sending makes no second record."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField

from crm import drafts, once
from crm.errors import RuleBroken

_OWN = {"csrf_token", "version", "base", "once", "author", "draft", "correction_reason"}
_NEVER_KEPT = {*_OWN, "anyway"}


class Form(FlaskForm):
    """A form that keeps what was typed."""

    conflicts: list["Conflict"] = []

    class Meta(FlaskForm.Meta):
        """Take the fields of a kept draft when the address asks for it."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Give the sent fields, or those of the draft."""
            return super().wrap_formdata(form, formdata) or (drafts.taken() if formdata is not None else None)

    @property
    def values(self) -> dict[str, Any]:
        """What the service gets: declared fields only, so that no request can set anything else."""
        return {name: value for name, value in self.data.items() if name not in _NEVER_KEPT}

    @property
    def offers(self) -> list[drafts.Draft]:
        """The drafts to offer above the untouched form."""
        wanted = request.method == "GET" and drafts.TAKE not in request.args
        return drafts.offered()[: drafts.OFFERED] if wanted else []

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
    # What could not be read says how it is written; above the form it also says which field is meant.
    named = f"{field.label.text}: " if field.process_errors and field.label.text else ""
    return [(field.id, f"{named}{message}") for message in list(field.errors)[:1]]


class AuthoredForm(Form):
    """A form that remembers who opened it, so that a lost session does not lose the text."""

    author = HiddenField()
    draft = HiddenField()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        known = current_user and current_user.is_authenticated
        self.author.data = drafts.author_mark(current_user.id) if known else ""
        if drafts.key_in(self.draft.data) == drafts.KEYLESS:
            self.draft.data = drafts.new_key()

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Tell whether the form was sent and is right; its draft then goes with the saving."""
        if not super().validate_on_submit(extra_validators):
            return False
        if current_user.is_authenticated:
            drafts.drop(current_user.id, request.path, request.form.get("draft"))
        return True


class NewRecordForm(AuthoredForm):
    """A form that makes a record, once."""

    once = HiddenField()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        sent = self.once.data or ""
        self.once.data = sent if once.is_key(sent) else once.new_key()

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Raise AlreadyDone when this very form was saved before."""
        content = self._content() if self.is_submitted() else ""
        if content and g.get("csrf_valid") and once.check(self.once.data or "", current_user, content):
            self.once.data = once.new_key()
            self.form_errors.append(
                _("This form was saved already. Save once more to make a second record of it.")
            )
            return False
        if not super().validate_on_submit(extra_validators):
            return False
        once.claim(self.once.data or "", current_user, content)
        return True

    def _content(self) -> str:
        sent = request.form.items(multi=True)
        return mark_of(sorted(pair for pair in sent if pair[0] not in _NEVER_KEPT))

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


class RecordForm(AuthoredForm):
    """A form over a stored record that notices the colleague who saved while one was typing.

    What only one of the two changed is merged without a question; what both changed is shown twice.
    """

    version = HiddenField()
    base = HiddenField()

    conflict_by: str = ""
    conflict_at: datetime | None = None
    apart: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kw: Any):
        self._record = kw.get("obj")
        self._kw = {key: value for key, value in kw.items() if key not in ("formdata",)}
        super().__init__(*args, **kw)
        if not self.is_submitted() and drafts.taken() is None:
            self.begin()

    def begin(self) -> None:
        """Note what is stored as the fields are filled from it; a later saving is compared with that."""
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

    def marks_apart(self) -> dict[str, str]:
        """Marks of what the fields in `apart` hold, by part; a form with such fields says how."""
        return {}

    def merge_apart(self, twin: Any, base: dict[str, str]) -> list[Conflict]:
        """Merge the fields in `apart`; give the parts that both changed."""
        return []

    def take_apart(self, name: str, twin: Any) -> None:
        """Take the stored version of one part."""

    def _merge(self) -> None:
        twin, base = self._twin(), _marks_from(self.base.data)
        parts = base.pop("apart", None)
        mine, stored = self._marks(), twin._marks()
        mine.pop("apart")
        self.conflicts = self.merge_apart(twin, parts if isinstance(parts, dict) else {})
        for name in mine:
            if mine[name] == stored[name] or base.get(name) == stored[name]:
                continue
            if base.get(name) == mine[name]:
                self._take(name, twin)
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
        twin = self._twin() if wanted else None
        for name in wanted:
            if name in self._fields and name not in _OWN and name not in self.apart:
                self._take(name, twin)
            elif name in twin.marks_apart() or name in self.marks_apart():  # type: ignore[union-attr]
                self.take_apart(name, twin)

    def _take(self, name: str, twin: Any) -> None:
        """Replace one field by its stored version."""
        self._fields[name] = twin._fields[name]
        setattr(self, name, twin._fields[name])

    def _marks(self) -> dict[str, Any]:
        plain = {
            field.name: mark_of(field.data)
            for field in self
            if field.name not in _OWN and field.name not in self.apart
        }
        return plain | {"apart": self.marks_apart()}


def confirmed(record: Any) -> bool:
    """Tell whether somebody said yes to a question about a record, having seen it as it is now."""
    if request.method == "GET":
        return False
    if request.form.get("version") == str(record.version):
        return True
    flash(_("A colleague changed this meanwhile. Look again before you say yes."), "wait")
    return False


def _marks_from(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def mark_of(data: Any) -> str:
    """Make a short mark that tells whether two contents of a field are the same."""
    plain = json.dumps(data, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def shown(field: Any) -> str:
    """Say the content of a field in words, for comparing two versions."""
    if field.type == "ChipsField":
        return ", ".join(chip.text for chip in field.chips)
    if field.type in ("ChoiceField", "SegmentField"):
        return next((str(choice.label) for choice in field.iter_choices() if choice.selected), "")
    if field.type == "CheckField":
        return _("yes") if field.data else _("no")
    return str(field._value()) if hasattr(field, "_value") else str(field.data)
