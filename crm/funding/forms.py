"""What is typed about the funding of a group and about the rules of the programme."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect

from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    LongTextField,
    NumberField,
    SegmentField,
    TextField,
    must,
    must_choose,
    record_choices,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.funding.kinds import DeadlineKind, Judgement, ObligationKind, Span, StationKind
from crm.funding.models import Plan
from crm.money import MoneyField

ANSWERS = {Judgement.OPEN: None, Judgement.YES: True, Judgement.NO: False}


class JudgeForm(RecordForm):
    """What only a person can judge about a group."""

    substantial = SegmentField(_l("Is more than a minor part of the task shared?"), kind=Judgement)
    substantial_note = TextField(
        _l("Which part"),
        limit=500,
        description=_l("For example: all services of the Bauhof but the cemetery."),
    )
    few_partners_reason = TextField(
        _l("Why fewer partners are enough"), limit=500,
        description=_l("Only if fewer municipalities take part than the rules ask for."),
    )  # fmt: skip
    brigades = NumberField(
        _l("Fire brigades that merge"), least=1, most=200,
        description=_l("Only for a merger inside one municipality."),
    )  # fmt: skip
    amount = MoneyField(
        _l("Expected grant in euros"),
        description=_l("Only if another sum than the standard grant is expected."),
    )
    amount_reason = TextField(_l("Why another sum is expected"), limit=500)

    @property
    def values(self) -> dict[str, Any]:
        """Columns for the service."""
        found = super().values
        return found | {"substantial": ANSWERS[found["substantial"] or Judgement.OPEN]}


def judged(plan: Plan | None) -> SimpleNamespace:
    """Give what was judged as the form sees it; nothing yet is version 0."""
    if plan is None:
        return SimpleNamespace(version=0, updated_at=None, substantial=Judgement.OPEN)
    columns = {column.key: getattr(plan, column.key) for column in inspect(Plan).column_attrs}
    answer = next(one for one, value in ANSWERS.items() if value is plan.substantial)
    return SimpleNamespace(**columns | {"substantial": answer})


class _Application(Form):
    applicant_id = ChoiceField(_l("Applicant"), description=_l("One partner applies for all."))
    purpose = TextField(_l("Purpose"), description=_l("Only if there are several: for example a study."))
    rule_set_id = ChoiceField(
        _l("Rules"),
        description=_l("Those of the day of the application; the standard grant follows from them."),
    )
    submitted_on = DayField(_l("Submitted"), description=_l("Empty as long as it is a draft."))
    completed_on = DayField(_l("Complete since"))
    requested = MoneyField(_l("Requested in euros"))
    amount_reason = TextField(
        _l("Why another sum than the standard grant"), limit=500,
        description=_l("Needed if the requested or the granted sum differs from it."),
    )  # fmt: skip
    granted_on = DayField(_l("Granted on"))
    granted = MoneyField(_l("Granted in euros"))
    notice_reference = TextField(_l("Reference of the grant notice"), limit=100)
    handed_over_on = DayField(_l("Grant notice handed over on"), lean="near")
    handed_over_by = TextField(_l("Handed over by"))
    paid_on = DayField(_l("Paid out on"))
    refused_on = DayField(_l("Refused on"))
    refusal_reason = TextField(_l("Reason for the refusal"), limit=500)
    withdrawn_on = DayField(_l("Withdrawn on"))
    closed_on = DayField(_l("Closed on"), description=_l("When nothing is left to do."))
    note = TextField(_l("Remark"), limit=500)

    def offer(self, partners: list[tuple[int, str]], rules: list[tuple[int, str]]) -> Any:
        """Fill the choices."""
        self.applicant_id.choices = record_choices(partners, empty=_l("not known"))
        self.rule_set_id.choices = record_choices(rules, empty=_l("not known"))
        return self


class NewApplicationForm(_Application, NewRecordForm):
    """An application to note."""


class ApplicationForm(_Application, RecordForm):
    """An application that is changed."""


class StationForm(NewRecordForm):
    """Where an application has arrived."""

    kind = SegmentField(_l("Where it is"), [must_choose(_l("Choose where it is."))], kind=StationKind)
    arrived_on = DayField(_l("Arrived on"), [must(_l("Enter the day it arrived."))])
    note = TextField(_l("Remark"), limit=300)


class _Obligation(Form):
    kind = ChoiceField(
        _l("Kind"), [must_choose(_l("Choose what is owed."))], kind=ObligationKind, empty=_l("please choose")
    )
    due_on = DayField(_l("Due on"), [must(_l("Enter the day by which it is due."))], lean="future")
    done_on = DayField(_l("Done on"))
    clause = TextField(
        _l("Where it stands"), description=_l("For example: grant notice of 12.03.2024, no. 4.")
    )
    note = TextField(_l("Remark"), limit=300)


class NewObligationForm(_Obligation, NewRecordForm):
    """A duty to note."""


class ObligationForm(_Obligation, RecordForm):
    """A duty that is changed or done."""


class _Rules(Form):
    name = TextField(_l("Name"), [must(_l("Enter a name for the rules."))], limit=100)
    valid_from = DayField(_l("First day"), [must(_l("Enter the first day on which they hold."))], lean="near")
    valid_to = DayField(_l("Last day"), lean="future", description=_l("Empty: until further notice."))
    least_partners = NumberField(
        _l("Least number of partners"), [must(_l("Enter how many partners are needed."))], least=1, most=99
    )
    exceptional_partners = NumberField(_l("With a reason"), least=1, most=99)
    least_years = NumberField(_l("Least number of years"), least=1, most=99)
    least_gain = NumberField(_l("Least saving in percent"), least=0, most=100)
    most_inhabitants = NumberField(_l("Most inhabitants per municipality"), least=1, most=10_000_000)
    counties = CheckField(_l("Landkreise may take part"), default=True)
    amount_two = MoneyField(_l("Two partners"))
    amount_three = MoneyField(_l("Three partners"))
    amount_more = MoneyField(_l("More than three partners"))
    amount_joint = MoneyField(_l("Joint administration, per municipality"))
    amount_brigade = MoneyField(_l("Merger of fire brigades, per brigade"))
    source = TextField(_l("Source"), limit=300)
    note = LongTextField(_l("Remark"), limit=2000, rows=4)


class NewRulesForm(_Rules, NewRecordForm):
    """Rules to enter."""


class RulesForm(_Rules, RecordForm):
    """Rules that are changed."""


class DeadlineFilterForm(FilterForm):
    """What the list of deadlines is narrowed to."""

    bis = ChoiceField(_l("Period"), kind=Span, default=Span.YEAR)
    art = ChoiceField(_l("Kind"), kind=DeadlineKind, empty=_l("all"))
