"""What happens to a cooperation of the demo, from the first call to the end; each deed by its service."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from crm.cooperations import partners, services
from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.terms import ONE_DAY, add_months
from crm.db import today
from crm.follow_ups import services as follow_ups
from crm.operations.demo_case import COUNTY, Case, Setting, workday
from crm.proceedings import services as proceedings
from crm.proceedings.models import Answer, ApprovalKind, StudyState
from crm.resolutions import services as resolutions
from crm.resolutions.models import Body, Resolution, ResolutionKind, Result

Words = dict[str, Any]
Deed = Callable[[Case, Words, date, Setting], None]
SEATS, COUNTY_SEATS = (23, 38), (51, 72)


def day_in(ago: int) -> date:
    """The day that many days ago, be it a Sunday."""
    return today() - timedelta(days=ago)


def start(case: Case, words: Words, day: date, setting: Setting) -> None:
    """Note the group with its candidates."""
    script, names = case.script, [case.script["topic"], *case.script.get("also", [])]
    values = {
        "title": case.say(script["title"]),
        "task_fields": [setting.fields[name] for name in names],
        "organisations": [case.places[letter].id for letter in words["who"]],
        "lead": [case.places[letter].id for letter in words.get("lead", "")],
        "first_contact_on": day,
        "file_reference": script.get("reference"),
        "adviser_id": case.by.id,
        "parent_id": case.parent.whole.id if case.parent else None,
    }
    case.group = services.create_cooperation(values | _first(words, day), case.by)


def _first(words: Words, day: date) -> Words:
    return {"step": Step.CANDIDATE, "reached_on": day, "source": StepSource(words["source"])}


def join(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Let another place join."""
    places = [case.places[letter].id for letter in words["who"]]
    values = {"organisations": places, "role": PartnerRole(words.get("role", "member"))}
    partners.add(case.whole, values | _first(words, day), case.by)


def step(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Report a step of some partners; whoever is active is so since the contract is in force."""
    wanted = Step(words["step"])
    begun = case.whole.effective_on if wanted is Step.ACTIVE else None
    note = case.say(words["note"]) if "note" in words else None
    for letter in words["who"]:
        values = {
            "step": wanted,
            "reached_on": begun or day,
            "source": StepSource(words["source"]),
            "note": note,
        }
        partners.report_step(case.partner(letter), values, case.by)


def describe(case: Case, words: Words, _day: date, _setting: Setting) -> None:
    """Note what became clear: the legal form, the planned start, a remark."""
    values: Words = {"note": case.say(words["note"])} if "note" in words else {}
    if "legal_form" in words:
        values["legal_form"] = LegalForm(words["legal_form"])
    if "planned_start" in words:
        values["planned_start"] = day_in(words["planned_start"]).replace(day=1)
    services.change_cooperation(case.whole, values, case.by)


def contract(case: Case, words: Words, _day: date, _setting: Setting) -> None:
    """Note the term of the contract, or of its draft."""
    begins = day_in(words["effective"]).replace(day=1)
    values = {
        "effective_on": begins,
        "term_until": add_months(begins, 12 * words["years"]) - ONE_DAY,
        "renewal_months": words.get("renewal"),
        "notice_months": words["notice"],
    }
    proceedings.change_contract(case.whole, values, case.by)


def sign(case: Case, words: Words, day: date, setting: Setting) -> None:
    """Let partners sign the contract."""
    proceedings.change_contract(case.whole, {"signed_on": day}, case.by)
    step(case, words | {"step": "signed", "source": "letter"}, day, setting)


def plan_session(case: Case, words: Words, _day: date, _setting: Setting) -> None:
    """Note on which day a council will decide."""
    held = workday(words["ago"])
    values = {"body": Body.COUNCIL, "kind": ResolutionKind(words.get("kind", "basic")), "session_on": held}
    made = resolutions.record(case.partner(words["who"]), values, case.by)
    case.made["session", words["who"], held] = made


def session(case: Case, words: Words, _day: date, setting: Setting) -> None:
    """Note how a council decided."""
    made = case.made["session", words["who"], workday(words["ago"])]
    result = Result(words["result"])
    kept = {name: getattr(made, name) for name in resolutions.COLUMNS}
    told = {"result": result, "note": words.get("note"), "paper_number": _paper(made, setting)}
    resolutions.change(made, kept | told | _votes(words, result, setting), case.by)


def _paper(made: Resolution, setting: Setting) -> str:
    kind = setting.dice.choice(("VL", "Drs.", "DS"))
    return f"{kind} {setting.dice.randrange(12, 240)}/{made.session_on:%Y}"


def _votes(words: Words, result: Result, setting: Setting) -> Words:
    """The votes that are told, and the rest of the seats in favour; of a postponed paper nobody counts."""
    if result is Result.POSTPONED:
        return {}
    seats = setting.dice.randrange(*(COUNTY_SEATS if words["who"] == COUNTY else SEATS))
    against, abstained = words["against"], words["abstained"]
    favour = words.get("for", seats - against - abstained)
    return {"votes_for": favour, "votes_against": against, "abstentions": abstained}


def study(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Note a study, or how far it is now."""
    known = case.made.get("study")
    values = {name: getattr(known, name, None) for name in proceedings.STUDY}
    values |= {
        name: words[name] for name in ("title", "contractor", "cost", "grant", "result") if name in words
    }
    values["state"] = (
        StudyState(words["state"]) if "state" in words else values["state"] or StudyState.PLANNED
    )
    turn = {"begun": "begun_on", "finished": "finished_on"}.get(words.get("state", ""))
    values |= {turn: day} if turn else {}
    said = {"repay_due_on": "repay_due_on", "expected_on": "finished_on"}
    values |= {column: day_in(words[name]) for name, column in said.items() if name in words}
    if known is None:
        case.made["study"] = proceedings.record_study(case.whole, values, case.by)
    else:
        proceedings.change_study(case.whole, known, values, case.by)


def ask(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Ask or tell the authority."""
    values = {"kind": ApprovalKind(words["kind"]), "sent_on": day}
    case.made["approval"] = proceedings.record_approval(case.whole, values, case.by)


def answer(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Note what the authority said."""
    known = case.made["approval"]
    values = {
        "kind": known.kind,
        "sent_on": known.sent_on,
        "answered_on": day,
        "answer": Answer(words["answer"]),
    }
    proceedings.change_approval(case.whole, known, values, case.by)


def evaluate(case: Case, _words: Words, day: date, _setting: Setting) -> None:
    """Look back at what it brought."""
    proceedings.change_contract(case.whole, {"evaluated_on": day}, case.by)


def halt(case: Case, words: Words, day: date, _setting: Setting) -> None:
    """Pause, abandon or end the group."""
    values = {"halt": Stage(words["halt"]), "halted_on": day, "halt_reason": case.say(words["reason"])}
    services.halt(case.whole, values, case.by)


def promise(case: Case, words: Words, _day: date, _setting: Setting) -> None:
    """Promise something to the group."""
    values = {
        "text": case.say(words["text"]),
        "due_on": day_in(-words["due"]),
        "waiting_for": case.say(words["waiting"]) if "waiting" in words else None,
        "owner_id": case.by.id,
        "cooperation_id": case.whole.id,
        "about": case.whole.title[:200],
    }
    case.made["promise", values["text"]] = follow_ups.create(values, case.by)
