"""What is typed about groups, their partners and the steps these take."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from crm.addresses import WebField
from crm.boxes import ChecksField
from crm.chips import ChipsField
from crm.cooperations.kinds import HALTS, LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation
from crm.fields import (
    ChoiceField,
    DayField,
    LongTextField,
    SegmentField,
    TextField,
    enum_choices,
    must,
    must_choose,
    record_choices,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.organisations.elsewhere import OTHER_STATES

# Who leads is said on the page of a partner: there is one.
_ROLES = (PartnerRole.MEMBER, PartnerRole.OBSERVER, PartnerRole.GUEST)
_BEGINNINGS = (Step.CANDIDATE, Step.INTERESTED, Step.RESOLVED, Step.SIGNED, Step.ACTIVE)


def _word(value: Any) -> str | None:
    return str(value) if value not in (None, "", "None") else None


class _Group(Form):
    title = TextField(_l("Title"), [must(_l("Give the cooperation a title."))])
    task_fields = ChipsField(_l("Task fields"), placeholder=_l("Add a task field …"))
    adviser_id = ChoiceField(_l("Responsible"))
    planned_start = DayField(_l("Planned start"), lean="future")
    parent_id = ChipsField(
        _l("Part of a larger undertaking"), single=True, placeholder=_l("Find a cooperation …")
    )
    file_reference = TextField(_l("File reference"), limit=100)
    note = LongTextField(_l("Description"), rows=4)

    def connect(self, sources: dict[str, Any]) -> Any:
        """Give chips their sources (task_fields, cooperations) and the choice its people (staff)."""
        self.task_fields.use(sources["task_fields"])
        self.parent_id.use(sources["cooperations"])
        self.adviser_id.choices = record_choices(
            [(one.id, one.name) for one in sources["staff"]], empty=_l("nobody yet")
        )
        return self

    @property
    def values(self) -> dict[str, Any]:
        """Columns and numbers for the service."""
        found = super().values
        parent = found.pop("parent_id")
        return found | {"parent_id": parent[0] if parent else None}


class _Beginning(Form):
    step = ChoiceField(_l("How far are they?"), choices=enum_choices(_BEGINNINGS), kind=Step)
    reached_on = DayField(_l("Since"), description=_l("Empty: not known."))
    source = ChoiceField(_l("Known from"), kind=StepSource)


class NewCooperationForm(_Group, _Beginning, NewRecordForm):
    """A new group with its first partners."""

    organisations = ChipsField(
        _l("Partners"), placeholder=_l("Add a municipality …"),
        description=_l("Name or key, other bodies as well. A county can add all its municipalities at once."),
    )  # fmt: skip
    lead = ChipsField(_l("Lead partner"), single=True, placeholder=_l("Find a municipality"))
    legal_form = ChoiceField(_l("Legal form"), kind=LegalForm, empty=_l("not decided yet"))
    anyway = HiddenField()

    twins: Any = ()

    def connect(self, sources: dict[str, Any]) -> Any:
        """Give the chips of the partners their source, too."""
        for chips in (self.organisations, self.lead):
            chips.use(sources["organisations"])
        return super().connect(sources)


class CooperationForm(_Group, RecordForm):
    """Title, task fields and what else describes a group."""

    source_url = WebField(_l("Source on the web"), limit=500)

    def prepare(self) -> Any:
        """Connect the form, and its stored twin, to the same sources."""
        return self.connect(self._record.sources)  # type: ignore[union-attr]


def stored(group: Cooperation, sources: dict[str, Any]) -> SimpleNamespace:
    """Give a group as its form sees it."""
    columns = {column.key: getattr(group, column.key) for column in inspect(Cooperation).column_attrs}
    columns |= {
        "task_fields": [one.id for one in group.task_fields],
        "parent_id": [group.parent_id] if group.parent_id else [],
    }
    return SimpleNamespace(**columns, sources=sources)


class HaltForm(RecordForm):
    """Set a group aside: for a while, or for good."""

    halt = SegmentField(
        _l("What holds?"), [must_choose(_l("Choose what holds."))], choices=enum_choices(HALTS), kind=Stage
    )
    halted_on = DayField(_l("Since"), [must(_l("Enter the day."))])
    halt_reason = TextField(
        _l("Reason"), [must(_l("Enter the reason."))], limit=500,
        description=_l("For example: the council of Lahntal decided for a Bauhof of its own."),
    )  # fmt: skip


class NewPartnersForm(_Beginning, NewRecordForm):
    """Organisations that join a group, or a municipality from another Land that is not on record yet."""

    organisations = ChipsField(
        _l("Partners"), placeholder=_l("Add a municipality …"),
        description=_l("Name or key, other bodies as well. A county can add all its municipalities at once."),
    )  # fmt: skip
    role = ChoiceField(
        _l("Role"), kind=PartnerRole,
        choices=enum_choices(_ROLES, _l("partner, from another Land as guest")),
    )  # fmt: skip
    outside_name = TextField(_l("Municipality in another Land"))
    outside_state = ChoiceField(
        _l("Which Land?"), coerce=_word,
        choices=[SelectChoice("", _l("please choose")), *(SelectChoice(one, one) for one in OTHER_STATES)],
    )  # fmt: skip
    note = TextField(_l("Remark"), limit=500)


class PartnerForm(RecordForm):
    """What a partner is in its group."""

    role = SegmentField(_l("Role"), [must_choose(_l("Choose a role."))], kind=PartnerRole)


class StepForm(RecordForm):
    """The day of a step, where it is known from, and a remark."""

    reached_on = DayField(_l("Day"), description=_l("Empty: not known."))
    source = ChoiceField(
        _l("Known from"), [must_choose(_l("Choose where it is known from."))], kind=StepSource
    )
    note = TextField(_l("Remark"), limit=500)


class SeveralForm(StepForm):
    """The same step of several partners on one day, as when a contract is signed."""

    partners = ChecksField(_l("Which partners?"), [must_choose(_l("Tick at least one partner."))])

    def prepare(self) -> Any:
        """Offer the partners that have not come so far."""
        self.partners.choices = record_choices(self._record.offered)  # type: ignore[union-attr]
        return self


class BoardForm(FilterForm):
    """What board and list are narrowed to; everything stands in the address."""

    q = TextField(_l("Words, partner or task field"))
    landkreis = ChoiceField(_l("County"))
    feld = ChoiceField(_l("Task field"))
    zustaendig = ChoiceField(_l("Responsible"))

    def fill(self, counties: Any, fields: Any, staff: Any) -> Any:
        """Fill the choices and read the address."""
        for choice, offered in ((self.landkreis, counties), (self.feld, fields), (self.zustaendig, staff)):
            choice.choices = record_choices([(one.id, one.name) for one in offered], empty=_l("all"))
        self.validate()
        return self


class TableForm(BoardForm):
    """The same for the list, which knows stages, too."""

    stufe = ChoiceField(_l("Stage"), kind=Stage, empty=_l("all"))
    kommune = ChoiceField(_l("Municipality"))


class FinderForm(FilterForm):
    """The task field in which partners are looked for."""

    feld = ChoiceField(_l("Task field"))

    def fill(self, fields: Any) -> Any:
        """Fill the choice and read the address."""
        self.feld.choices = record_choices([(one.id, one.name) for one in fields], empty=_l("none"))
        self.validate()
        return self
