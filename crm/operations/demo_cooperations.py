"""Invented cooperations in every stage: a script for each, played among the neighbours of the demo."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm.accounts.models import User
from crm.cooperations.kinds import EXITS, Step
from crm.db import db, today
from crm.operations import demo_deeds as deeds
from crm.operations import demo_grants as grants
from crm.operations.demo_case import COUNTY, Case, Setting, workday
from crm.operations.demo_talks import CALL, Plan, said
from crm.operations.demo_words import STAGES, TOPICS
from crm.organisations.models import Membership, Organisation

LETTERS, PLANNED_BEFORE, TOLD_AFTER = "abcdef", 28, 2
DEEDS: dict[str, deeds.Deed] = {
    one.__name__: one
    for one in (
        deeds.start, deeds.join, deeds.step, deeds.describe, deeds.contract, deeds.sign, deeds.session,
        deeds.plan_session, deeds.study, deeds.ask, deeds.answer, deeds.evaluate, deeds.halt, deeds.promise,
        grants.judge, grants.costs, grants.apply, grants.papers, grants.station, grants.grant, grants.refuse,
        grants.hand_over, grants.pay, grants.owe, grants.fulfil,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """One deed of a script on its day."""

    day: date
    case: Case
    name: str
    words: dict[str, Any]

    def write(self, setting: Setting) -> None:
        """Do it by the service that does it for everybody."""
        DEEDS[self.name](self.case, self.words, self.day, setting)


def scripts() -> list[dict[str, Any]]:
    """Read the scripts."""
    with Path(__file__).with_name("demo_groups.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["group"]
    return found


def cases(groups: list[list[Organisation]], advisers: list[User]) -> list[Case]:
    """Give every script the next neighbours that are many enough; no two of one topic, two at most."""
    found: list[Case] = []
    homes: list[list[Case]] = [[] for _group in groups]
    for number, script in enumerate(scripts()):
        parent = next((one for one in found if one.script.get("key") == script.get("beside", "")), None)
        home = _home(script, groups, homes, parent)
        case = Case(script, _lettered(groups[home]), advisers[number % len(advisers)], parent)
        homes[home].append(case)
        found.append(case)
    return found


def _home(
    script: dict[str, Any], groups: list[list[Organisation]], homes: list[list[Case]], parent: Case | None
) -> int:
    if parent is not None:
        return next(number for number, there in enumerate(homes) if parent in there)
    needed = max((LETTERS.index(one) + 1 for one in _who(script) if one in LETTERS), default=1)
    fitting = [
        number
        for number, there in enumerate(homes)
        if len(groups[number]) >= needed
        and len(there) < 2
        and all(one.script["topic"] != script["topic"] for one in there)
    ]
    return min(fitting, key=lambda number: (len(homes[number]), len(groups[number]), number))


def _who(script: dict[str, Any]) -> str:
    return "".join(words.get("who", "") for words in script["history"])


def _lettered(group: list[Organisation]) -> dict[str, Organisation]:
    """Name the places of a group by letters, and the Landkreis they lie in."""
    query = select(Organisation).join(Membership, Membership.parent_id == Organisation.id)
    mine = query.where(Membership.organisation_id == group[0].id, Membership.on(today()))
    county = db.session.scalars(mine).first()
    return dict(zip(LETTERS, group, strict=False)) | ({COUNTY: county} if county else {})


def places(groups: list[list[Organisation]], found: list[Case]) -> list[Organisation]:
    """Every place that somebody speaks for: those of the groups, and each Landkreis that takes part."""
    counties = [case.places[COUNTY] for case in found if COUNTY in _who(case.script)]
    return list(dict.fromkeys([*(place for group in groups for place in group), *counties]))


def topics(groups: list[list[Organisation]], found: list[Case]) -> list[list[str]]:
    """The topics that cooperations have already, by group."""
    return [
        [case.script["topic"] for case in found if case.places[LETTERS[0]] is group[0]] for group in groups
    ]


def entries(case: Case) -> Iterator[Done | Plan]:
    """Give the talks and deeds of a script, each on its day."""
    inside, talks = dict[str, None](), list[Plan]()
    for words in case.script["history"]:
        if words["do"] == "talk":
            talks.append(_talk(case, words, "".join(inside), talks))
            yield talks[-1]
        elif words["do"] == "session":
            yield from _session(case, words)
        else:
            yield Done(workday(words["ago"]), case, words["do"], words)
        _move(inside, words)


def _move(inside: dict[str, None], words: dict[str, Any]) -> None:
    """Follow who sits at the table from now on."""
    for letter in words.get("who", ""):
        if words["do"] in ("start", "join"):
            inside[letter] = None
        elif words["do"] == "step" and Step(words["step"]) in EXITS:
            inside.pop(letter, None)


def _talk(case: Case, words: dict[str, Any], inside: str, before: list[Plan]) -> Plan:
    """Plan a talk: that of the next stage of its topic, or one with a text of its own."""
    who = words.get("who", inside)
    places = [case.places[letter] for letter in who]
    topic = next(one for one in TOPICS if one.field == case.script["topic"])
    number = words.get("stage", sum(one.stage is not CALL for one in before))
    stage, texts = STAGES[number], said(topic.stages[number], list(case.places.values()), places[0])
    if "text" in words:
        stage, texts = CALL, (case.say(words["text"]), None, None)
    steps = {case.places[letter].id: Step(name) for letter, name in words.get("steps", {}).items()}
    after = before[-1] if before else None
    return Plan(workday(words["ago"]), places, stage, texts, case.by, topic.field, after, case, steps)


def _session(case: Case, words: dict[str, Any]) -> Iterator[Done]:
    """A session is planned weeks before; what it brought is told some days after."""
    noted = words.get("noted", words["ago"] + PLANNED_BEFORE)
    yield Done(workday(noted), case, "plan_session", words)
    if "result" in words:
        told = min(workday(words["ago"]) + timedelta(days=TOLD_AFTER), today())
        yield Done(told, case, "session", words)
