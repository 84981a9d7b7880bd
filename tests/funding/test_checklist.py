"""The papers of an application with what the records of the group tell about them."""

from datetime import date

import pytest

from crm.cooperations.models import Cooperation
from crm.funding.checklist import lines, present
from crm.funding.kinds import PaperKind, PaperState
from crm.funding.models import Application, Paper
from tests.funding.facts import facts, share

pytestmark = pytest.mark.usefixtures("context")
LETTER, RESOLUTIONS, AGREEMENT, COSTS, ASSESSMENT, STUDY, PRESS = PaperKind
AUTHORITY = "Regierungspräsidium Gießen"


def badges(application, **over):
    """Kind, tone, word and hint of every paper."""
    found = lines(Cooperation(), facts(**over), application, AUTHORITY)
    return {one.kind: (one.tone, one.word, one.hint) for one in found}


def application(*papers, **over):
    """An application with some papers."""
    return Application(papers=[Paper(kind=kind, **values) for kind, values in papers], **over)


def test_before_there_is_an_application_the_records_speak():
    some = [share("Cölbe", 100, has_resolved=True), share("Lahntal"), share("Wetter", 100, has_resolved=True)]
    found = badges(None, partners=some, signed_on=date(2026, 10, 20))
    assert found[RESOLUTIONS] == ("wait", "2 von 3", "2 von 3 Beschlüssen, es fehlt Lahntal")
    assert found[COSTS] == ("wait", "2 von 3", "Kosten von 2 von 3 Partnern")
    assert found[AGREEMENT] == ("bad", "fehlt", "unterzeichnet am 20.10.2026")
    assert found[ASSESSMENT] == ("bad", "fehlt", AUTHORITY)
    assert found[STUDY] == found[PRESS] == ("quiet", "freiwillig", "")


def test_what_is_recorded_comes_first():
    draft = {"state": PaperState.DRAFT, "dated_on": date(2026, 11, 2), "note": "von Cölbe"}
    one = application((LETTER, draft), (RESOLUTIONS, {"state": PaperState.PRESENT}))
    found = badges(one)
    assert found[LETTER] == ("info", "Entwurf", "02.11.2026 · von Cölbe")
    assert found[RESOLUTIONS][:2] == ("ok", "liegt vor")
    assert present(lines(Cooperation(), facts(), one, "")) == (1, 5)


def test_what_nobody_recorded_of_a_decided_application_is_no_longer_missing():
    decided = application((LETTER, {"state": PaperState.PRESENT}), refused_on=date(2026, 1, 1))
    found = badges(decided)
    assert found[LETTER][:2] == ("ok", "liegt vor")
    assert {one[:2] for kind, one in found.items() if kind is not LETTER} == {("quiet", "nicht erfasst")}


def test_a_group_without_partners_counts_nothing():
    found = badges(None, partners=[])
    assert found[RESOLUTIONS] == ("bad", "fehlt", "")
    assert found[COSTS] == ("bad", "fehlt", "")
