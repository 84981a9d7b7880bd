"""What is typed about mails: which files, whom a mail concerns, what becomes of it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.validators import ValidationError

from crm.chips import ChipsField, ChipSource
from crm.fields import CheckField, ChoiceField, DayField, TextField, must, must_choose
from crm.forms import Form, NewRecordForm
from crm.named_text import NamedTextField

MOST_FILES = 30


class MailFilesField(MultipleFileField):
    """One or more mails as files; `data` is a list of werkzeug FileStorages."""

    def pre_validate(self, form: Any) -> None:
        """Ask for at least one file, and not for a whole archive."""
        if not self.data:
            raise ValidationError(_("Choose at least one mail."))
        if len(self.data) > MOST_FILES:
            raise ValidationError(_("At most %(most)s mails at a time.", most=MOST_FILES))


class UploadForm(Form):
    """Mails to put into the inbox. The same mail put in twice is found by itself."""

    files = MailFilesField(
        _l("Mails as files (.eml)"),
        render_kw={"accept": ".eml,message/rfc822"},
        description=_l(
            "Drag mails out of your mail program onto this page, or choose their files. At most 25 MB each."
        ),
    )


class _OfMail(NewRecordForm):
    """What belongs to organisations; the view connects the chips."""

    organisations: ChipsField

    def connect(self, **sources: ChipSource) -> Any:
        """Give the chips their sources by the name of the field."""
        for name, source in sources.items():
            self._fields[name].use(source)
        return self


class AssignForm(_OfMail):
    """A mail that becomes a talk."""

    organisations = ChipsField(
        _l("Municipalities"), [must_choose(_l("Add at least one municipality."))],
        placeholder=_l("Add a municipality …"),
    )  # fmt: skip
    people = ChipsField(_l("People"), create=True, placeholder=_l("Name, function …"))
    task_fields = ChipsField(_l("Task fields"), placeholder=_l("Add a task field …"))
    held_on = DayField(_l("Day"), [must(_l("Enter the day of the talk."))], lean="past")
    note = NamedTextField(_l("Note"), rows=7)
    with_thread = CheckField(_l("Take over the earlier mails as well"))
    confidential = CheckField(_l("Confidential"))
    follow_up_text = TextField(_l("What is to be done?"), limit=500)
    follow_up_on = DayField(_l("On"), lean="future")
    correction_reason = TextField(_l("Reason for the correction"), limit=500)

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes: numbers, names of new people, texts."""
        return super().values | {"new_people": self.people.created, "answers": self.people.answers}


class AppendForm(NewRecordForm):
    """A mail that belongs to a talk which is there already; the view sets the choices."""

    talk = ChoiceField(_l("Advisory talk"), [must_choose(_l("Choose a talk from the list."))])
    text = NamedTextField(
        _l("Text below the note"), [must(_l("Enter what is to stand in the note."))], rows=14
    )


class RemindForm(_OfMail):
    """A mail that becomes a follow-up and nothing else."""

    text = TextField(_l("What is to be done?"), [must(_l("Enter what is to be done."))], limit=500)
    organisations = ChipsField(
        _l("Municipality"), [must_choose(_l("Choose a municipality that this follow-up concerns."))],
        single=True, placeholder=_l("Find a municipality"),
    )  # fmt: skip
    due_on = DayField(_l("Due on"), [must(_l("Enter the day it is due."))], lean="future")
    owner_id = ChoiceField(_l("Responsible"), [must_choose(_l("Choose who is responsible."))])

    @property
    def values(self) -> dict[str, Any]:
        """Columns of the follow-up."""
        found = super().values
        return found | {"organisation_id": found.pop("organisations")[0]}
