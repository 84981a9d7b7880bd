"""Forms of many rows: the costs of all partners, the papers of an application. One field per cell."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.cooperations.models import Partner
from crm.fields import ChoiceField, DayField, TextField
from crm.forms import RecordForm
from crm.funding.kinds import PaperKind, PaperState
from crm.funding.models import Application, CostRow, Plan
from crm.funding.services import COSTS
from crm.money import MoneyField

COLUMNS = {
    "staff_before": _l("Staff before"),
    "material_before": _l("Material before"),
    "staff_after": _l("Staff after"),
    "material_after": _l("Material after"),
}
PAPER = ("state", "dated_on", "note")


def cost_form(partners: Sequence[Partner], plan: Plan | None, costs: Mapping[int, CostRow]) -> Any:
    """Make the form of the cost table, with a row for each partner."""
    stored: dict[str, Any] = {"version": plan.version if plan else 0}
    stored |= {
        "updated_at": plan.updated_at if plan else None,
        "cost_after": plan.cost_after if plan else None,
    }
    fields: dict[str, Any] = {}
    for partner in partners:
        for column, label in COLUMNS.items():
            name = f"{column}_{partner.id}"
            fields[name] = MoneyField(_("%(name)s: %(what)s", name=partner.organisation_name, what=label))
            stored[name] = getattr(costs.get(partner.id), column, None)
    fields["cost_after"] = MoneyField(
        _l("Joint unit in a year, in euros"),
        description=_l(
            "What the joint unit will cost altogether. Empty if every partner has costs of its own."
        ),
    )
    form: type[RecordForm] = type("CostForm", (RecordForm,), fields)
    return form(obj=SimpleNamespace(**stored))


def cells(form: Any, partner_id: int) -> list[Any]:
    """The fields of one partner, in the order of the columns."""
    return [form[f"{column}_{partner_id}"] for column in COLUMNS]


def costs_in(form: Any, partners: Iterable[Partner]) -> dict[int, dict[str, Decimal | None]]:
    """What was typed, by partner; a partner the form did not know yet keeps its costs."""
    sent = [one for one in partners if any(field.raw_data for field in cells(form, one.id))]
    return {one.id: {column: form[f"{column}_{one.id}"].data for column in COSTS} for one in sent}


def paper_form(application: Application) -> Any:
    """Make the form of the checklist, with a row for each paper."""
    known = {paper.kind: paper for paper in application.papers}
    stored: dict[str, Any] = {"version": application.version, "updated_at": application.updated_at}
    fields: dict[str, Any] = {}
    for kind in PaperKind:
        paper, makers = known.get(kind), _paper_fields(kind)
        for column in PAPER:
            fields[f"{column}_{kind.name.lower()}"] = makers[column]
            stored[f"{column}_{kind.name.lower()}"] = getattr(paper, column, None)
        stored[f"state_{kind.name.lower()}"] = paper.state if paper else PaperState.MISSING
    form: type[RecordForm] = type("PaperForm", (RecordForm,), fields)
    return form(obj=SimpleNamespace(**stored))


def _paper_fields(kind: PaperKind) -> dict[str, Any]:
    def label(what: Any) -> str:
        return _("%(name)s: %(what)s", name=kind.label, what=what)

    return {
        "state": ChoiceField(label(_l("State")), kind=PaperState),
        "dated_on": DayField(label(_l("Day"))),
        "note": TextField(label(_l("Remark")), limit=300),
    }


def row(form: Any, kind: PaperKind) -> list[Any]:
    """The fields of one paper, in the order of the columns."""
    return [form[f"{column}_{kind.name.lower()}"] for column in PAPER]


def papers_in(form: Any) -> dict[PaperKind, dict[str, Any]]:
    """What was typed, by paper."""
    found = {
        kind: dict(zip(PAPER, (field.data for field in row(form, kind)), strict=True)) for kind in PaperKind
    }
    return {kind: values | {"state": values["state"] or PaperState.MISSING} for kind, values in found.items()}
