"""What is typed about the contract, studies, approvals and notices of a group."""

from types import SimpleNamespace

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect

from crm.cooperations.kinds import LegalForm
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
)
from crm.forms import Form, NewRecordForm, RecordForm
from crm.money import MoneyField
from crm.proceedings.models import Answer, Approval, ApprovalKind, StudyState


class ContractForm(RecordForm):
    """Legal form, days and term of the contract of a group."""

    legal_form = ChoiceField(_l("Legal form"), kind=LegalForm, empty=_l("not decided yet"))
    legal_form_note = TextField(
        _l("Legal form in detail"),
        description=_l("Only what the choice does not say, for example the name of the statutes."),
    )
    first_contact_on = DayField(_l("First contact"))
    signed_on = DayField(_l("Contract signed"))
    effective_on = DayField(_l("Contract in force"), lean="near")
    term_until = DayField(_l("Term until"), lean="future")
    term_unlimited = CheckField(_l("Unlimited term"))
    renewal_months = NumberField(
        _l("Renewal in months"), least=1, most=600,
        description=_l("By how many months it goes on when nobody gives notice."),
    )  # fmt: skip
    notice_months = NumberField(
        _l("Notice in months"), most=600, description=_l("How long before the end at the latest.")
    )
    termination = TextField(
        _l("Clause on termination"), limit=300,
        description=_l("An agreement that is unlimited or longer than ten years needs one (§ 24 (3) KGG)."),
    )  # fmt: skip
    evaluated_on = DayField(_l("Evaluated"))


class _Study(Form):
    title = TextField(_l("What is studied?"), [must(_l("Give the study a title."))])
    state = SegmentField(_l("State"), [must_choose(_l("Choose how far the study is."))], kind=StudyState)
    contractor = TextField(_l("Contractor"))
    cost = MoneyField(_l("Cost in euros"))
    grant = MoneyField(_l("Grant in euros"))
    begun_on = DayField(_l("First day of the study"), lean="near")
    finished_on = DayField(
        _l("Last day of the study"), lean="near", description=_l("Until it is finished: when it is expected.")
    )
    result = LongTextField(_l("Result"), limit=1000, rows=4)
    repay_due_on = DayField(_l("Repayment due"), lean="future")
    repaid_on = DayField(_l("Paid back"))


class NewStudyForm(_Study, NewRecordForm):
    """A study to note."""


class StudyForm(_Study, RecordForm):
    """A study that is changed."""


class _Approval(Form):
    kind = SegmentField(_l("What is asked?"), [must_choose(_l("Choose what is asked."))], kind=ApprovalKind)
    sent_on = DayField(_l("Sent"))
    answered_on = DayField(_l("Answered"))
    answer = ChoiceField(_l("Answer"), kind=Answer, empty=_l("still open"))
    authority = TextField(
        _l("Other authority"), limit=100,
        description=_l("Only if another one is competent than the rule says."),
    )  # fmt: skip
    authority_reason = TextField(_l("Reason for another authority"), limit=300)
    note = TextField(_l("Remark"), limit=500)


class NewApprovalForm(_Approval, NewRecordForm):
    """An approval, a notice or a consent to note."""


class ApprovalForm(_Approval, RecordForm):
    """An approval, a notice or a consent that is changed."""


def stored(approval: Approval) -> SimpleNamespace:
    """Give an approval as its form sees it: an authority that follows from the rule is not typed."""
    columns = {column.key: getattr(approval, column.key) for column in inspect(Approval).column_attrs}
    if not approval.is_overridden:
        columns["authority"] = None
    return SimpleNamespace(**columns)
