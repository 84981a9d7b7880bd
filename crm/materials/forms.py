"""What is typed about materials, their versions and their stock."""

from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms.validators import InputRequired, ValidationError

from crm.addresses import WebField
from crm.chips import ChipsField
from crm.documents.sniffing import ACCEPTED
from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    LongTextField,
    NumberField,
    SegmentField,
    TextField,
    UploadField,
    must,
    must_choose,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.materials.issued import IssuedField
from crm.materials.kinds import Language, MaterialKind, Movement, Whose, YearBasis
from crm.materials.models import Material
from crm.uploads import FileForm

MOST_COPIES = 100_000
HOLDS = _l("Choose what holds.")


class _OfMaterial(Form):
    title = TextField(_l("Title"), [must(_l("Enter a title."))], limit=300)
    kind = ChoiceField(_l("Kind"), [must_choose(_l("Choose the kind."))], kind=MaterialKind)
    whose = SegmentField(_l("Published"), [must_choose(HOLDS)], kind=Whose, default=Whose.OWN)
    publisher = TextField(_l("Publisher"), limit=200)
    series = TextField(_l("Series"), limit=200)
    task_fields = ChipsField(_l("Task fields"), placeholder=_l("Find a task field"))
    language = ChoiceField(
        _l("Language of the material"), [must_choose(_l("Choose the language."))],
        kind=Language, default=Language.GERMAN,
    )  # fmt: skip
    note = LongTextField(_l("Remark"), rows=3)

    def connect(self, source: Any) -> Any:
        """Give the chips their source."""
        self.task_fields.use(source)
        return self


class _OfVersion(Form):
    label = TextField(
        _l("Name of the version"), limit=100, description=_l("For example: 2nd edition, as of May 2026.")
    )
    issued = IssuedField(
        _l("Appeared"), limit=20, description=_l("A year, a month or a day: 2026, 5/2026, 4.5.2026.")
    )
    year_basis = SegmentField(_l("This is"), [must_choose(HOLDS)], kind=YearBasis, default=YearBasis.STATED)
    valid_from = DayField(_l("Valid from"), lean="near")
    valid_to = DayField(_l("Valid until"), lean="future")
    link = WebField(_l("Link"), limit=500, description=_l("Where it stands in the web, with http or https."))
    source = TextField(_l("Where it was found"), limit=300)


class NewMaterialForm(_OfMaterial, _OfVersion, FileForm):
    """A material with its first version."""

    file = UploadField(_l("File"), accept=ACCEPTED)


class MaterialForm(_OfMaterial, RecordForm):
    """What holds for all versions of a material."""

    withdrawn_on = DayField(
        _l("Not handed out any more since"), lean="near", description=_l("Empty: it is handed out.")
    )

    def prepare(self) -> Any:
        """Connect the stored twin to the same source."""
        return self.connect(self._record.source)  # type: ignore[union-attr]


class NewVersionForm(_OfVersion, FileForm):
    """The next version of a material."""

    file = UploadField(_l("File"), accept=ACCEPTED)


class VersionForm(_OfVersion, RecordForm):
    """What is said of a version."""


class VersionFileForm(FileForm):
    """The file of a version."""

    file = UploadField(_l("File"), [must(_l("Choose a file."))], accept=ACCEPTED)


class StockForm(NewRecordForm):
    """Copies that came, went or were counted."""

    kind = SegmentField(
        _l("What happened?"), [must_choose(_l("Choose what happened."))], kind=Movement, default=Movement.IN
    )
    copies = NumberField(_l("Copies"), [InputRequired(_l("Enter how many copies."))], most=MOST_COPIES)
    booked_on = DayField(_l("Day"), [must(_l("Enter the day."))], lean="past")
    note = TextField(_l("Remark"), limit=300)

    def validate_copies(self, field: Any) -> None:
        """Only a count may be nothing."""
        if field.data == 0 and self.kind.data is not Movement.COUNTED:
            raise ValidationError(_("Enter how many copies."))


class MaterialsForm(FilterForm):
    """What the list of materials is narrowed to."""

    q = TextField(_l("Title, series or publisher"))
    art = ChoiceField(_l("Kind"), kind=MaterialKind, empty=_l("all"))
    feld = ChoiceField(_l("Task field"))
    von = ChoiceField(_l("Published"), kind=Whose, empty=_l("all"))
    alte = CheckField(_l("Also what is not handed out any more"))


def stored(material: Material, source: Any) -> SimpleNamespace:
    """Give a material as its form sees it."""
    columns = {column.key: getattr(material, column.key) for column in inspect(Material).column_attrs}
    return SimpleNamespace(**columns, task_fields=[one.id for one in material.task_fields], source=source)
