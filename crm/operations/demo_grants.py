"""What happens to the funding of a cooperation of the demo, from the first costs to the last duty."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.db import today
from crm.funding import applying, following, queries, ruling, services
from crm.funding.kinds import ObligationKind, PaperKind, PaperState, StationKind
from crm.funding.models import Application
from crm.operations.demo_case import Case, Setting
from crm.operations.demo_deeds import Words, day_in

MATERIAL = Decimal("0.35")
RULES = (
    "least_partners", "exceptional_partners", "least_years", "least_gain", "most_inhabitants", "counties",
    "amount_two", "amount_three", "amount_more", "amount_joint", "amount_brigade",
)  # fmt: skip


def judge(case: Case, words: Words, _day: date, _setting: Setting) -> None:
    """Note what only a person can judge."""
    values = {name: words.get(name) for name in services.JUDGED}
    services.judge(case.whole, values, case.by)


def costs(case: Case, words: Words, _day: date, setting: Setting) -> None:
    """Fill the table of costs; whoever is `missing` has not told theirs."""
    rows, level = {}, words["level"]
    for partner in case.whole.required:
        staff = Decimal(round(level * setting.dice.uniform(0.6, 1.4), -3))
        rows[partner.id] = {"staff_before": staff, "material_before": (staff * MATERIAL).quantize(Decimal(1))}
    total = sum(sum(row.values()) for row in rows.values())
    for letter in words.get("missing", ""):
        rows[case.partner(letter).id] = {}
    table = {number: {name: row.get(name) for name in services.COSTS} for number, row in rows.items()}
    joint = Decimal(round(float(total) * words["after"], -3))
    services.set_costs(case.whole, table, joint, case.by)


def apply(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Note an application: a draft, or one that was handed in that day; as a rule for the standard grant."""
    applicant = case.partner(words["applicant"]) if "applicant" in words else case.whole.lead
    rules = queries.rules_on(day)
    values: Words = {
        "rule_set_id": rules.id if rules else None,
        "applicant_id": (applicant or case.whole.partners[0]).organisation_id,
        "submitted_on": day if words.get("submitted") else None,
        "purpose": words.get("purpose"),
        "amount_reason": case.say(words["reason"]) if "reason" in words else None,
    }
    standard = applying.standard_for(case.whole, values)
    values["requested"] = Decimal(words["requested"]) if "requested" in words else standard
    case.made["application", day] = applying.record_application(case.whole, values, case.by)


def papers(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Note how far the papers are."""
    states = {PaperState.PRESENT: words["present"], PaperState.DRAFT: words.get("draft", [])}
    rows = {
        PaperKind(name): {"state": state, "dated_on": day, "note": None}
        for state, names in states.items()
        for name in names
    }
    following.set_papers(case.whole, _application(case), rows, case.by)


def station(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Note where the application arrived."""
    values = {"kind": StationKind(words["kind"]), "arrived_on": day}
    following.report_station(case.whole, _application(case), values, case.by)


def grant(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Let the ministry grant."""
    sum = Decimal(words["sum"])
    _change(case, granted_on=day, granted=sum, notice_reference=words["notice"], completed_on=_complete(case))


def _complete(case: Case) -> date | None:
    """It was complete when it came to the ministry."""
    days = [one.arrived_on for one in _application(case).stations if one.kind is StationKind.MINISTRY]
    return min(days, default=None)


def refuse(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Let the ministry refuse."""
    _change(case, refused_on=day, refusal_reason=words["reason"])


def hand_over(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Let the notice be handed over."""
    _change(case, handed_over_on=day, handed_over_by=words["by"])


def pay(case: Case, _words: Words, day: date, _setting: Setting) -> None:
    """Let the money arrive."""
    _change(case, paid_on=day)


def owe(case: Case, words: Words, _day: date, _setting: Setting) -> None:
    """Note a duty from the notice."""
    kind = ObligationKind(words["kind"])
    values: Words = {"kind": kind, "due_on": day_in(words["due"]), "clause": words["clause"]}
    case.made["duty", kind] = following.record_obligation(case.whole, _application(case), values, case.by)


def fulfil(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Note that a duty is done."""
    known = case.made["duty", ObligationKind(words["kind"])]
    kept = {name: getattr(known, name) for name in following.OBLIGATION}
    following.change_obligation(case.whole, known, kept | {"done_on": day}, case.by)


def _application(case: Case) -> Application:
    """The one it made last."""
    made: list[Application] = [one for key, one in case.made.items() if key[0] == "application"]
    return made[-1]


def _change(case: Case, **changes: Any) -> None:
    known = _application(case)
    kept = {name: getattr(known, name) for name in applying.COLUMNS}
    applying.change_application(case.whole, known, kept | changes, case.by)


def keep_rules(by: Any) -> None:
    """Invent a successor where no rules are known for today: the demo shall show what could be funded."""
    known = queries.rule_sets()
    if queries.rules_on(today(), known) is not None:
        return
    newest = known[0]
    kept = {name: getattr(newest, name) for name in RULES}
    begins = (newest.valid_to or today()) + timedelta(days=1)
    named = {"name": "Regelwerk der Demo (erfunden)", "valid_from": begins, "valid_to": None}
    ruling.create_rules(kept | named, by)
