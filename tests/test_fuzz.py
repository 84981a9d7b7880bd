"""Anything at all, in any field of any form: never a fault of ours, never half a record."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm.consultations.models import Consultation, Participation
from crm.db import db, today
from tests import factories
from tests.everything import addresses, chief, fill

TALK = "/beratungen/neu"
ODD = ["koenig", "9" * 5000, "x" * 300]
# What each field gets beside one of the odd ones. What stays away is the same code for both databases;
# a null is what only PostgreSQL cannot store.
WORST = {"sqlite": [[], ""], "postgresql": ["a\x00b"]}


def forms(app, client, numbers):
    """Every page with a writing form: (address, fields as they stand)."""
    for one in addresses(app, numbers, safe=True):
        page = client.get(one.url)
        found = [form for form in page.soup.select("main form") if form.get("method") == "post"]
        for position, form in enumerate(found):
            yield form.get("action") or one.url, page.fields(position)


def test_no_value_in_any_field_of_any_form_is_a_fault(app, engine_name):
    numbers, client = fill(app), chief(app)
    seen, faults = set(), []
    for url, fields in list(forms(app, client, numbers)):
        names = tuple(fields)
        if (url, names) in seen or url == "/konto/passwort" or url.endswith("/einmalpasswort"):
            continue
        seen.add((url, names))
        for position, name in enumerate(sorted(set(names) - {"csrf_token"})):
            for value in [*WORST[engine_name], ODD[position % len(ODD)]]:
                status = client.browser.post(url, data=fields | {name: value}).status_code
                if status >= 500:
                    faults.append((url, name, str(value)[:20], status))
    assert faults == []
    assert len(seen) > 15


LETTERS = st.text(st.characters(codec="utf-8"), max_size=300)
NASTY = st.sampled_from(
    ["\x00", "\u202e", "\ud7ff", "\ufffe", "%s", "{{7*7}}", "'; --", "<b>", "9" * 400, "1e400", "-0", "NaN"]
)
TEXT = st.one_of(LETTERS, NASTY, st.lists(NASTY, max_size=4).map("".join))
DAY = st.one_of(
    st.dates().map(lambda day: f"{day:%d.%m.%Y}"),
    st.dates().map(str),
    st.sampled_from(["heute", "31.4.2026", "29.2.", "1.1.1", "32.13.2026", "\u0661.1.2026"]),
    TEXT,
)
NUMBER = st.one_of(st.integers(-(10**25), 10**25).map(str), st.integers(0, 600).map(str), TEXT)
CHOICE = st.one_of(
    st.sampled_from(
        ["single", "group", "council", "internal", "phone", "mail", "present", "represented", "invited", ""]
    ),
    TEXT,
)
FIELDS = {
    "organisations": st.lists(NUMBER, max_size=4),
    "organisations-text": TEXT,
    "task_fields": st.lists(NUMBER, max_size=3),
    "task_fields-text": TEXT,
    "staff": st.lists(NUMBER, max_size=3),
    "held_on": DAY,
    "starts_at": TEXT,
    "kind": CHOICE,
    "channel": CHOICE,
    "note": TEXT,
    "agreements": TEXT,
    "place": TEXT,
    "file_reference": TEXT,
    "duration_minutes": NUMBER,
    "preparation_minutes": NUMBER,
    "travel_minutes": NUMBER,
    "follows_id": NUMBER,
    "follow_up_on": DAY,
    "follow_up_text": TEXT,
    "follow_up_owner": NUMBER,
    "confidential": TEXT,
    "anyway": TEXT,
    "once": TEXT,
    "parties-0-organisation": NUMBER,
    "parties-0-presence": CHOICE,
    "parties-0-people": st.lists(st.one_of(NUMBER, TEXT.map(lambda text: "+" + text)), max_size=3),
    "parties-0-people-text": TEXT,
    "parties-0-private_note": TEXT,
    "parties-0-follow_up_on": DAY,
    "parties-0-follow_up_text": TEXT,
}
MISTAKES = st.lists(st.sampled_from(sorted(FIELDS)), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in names})
)


def half_records(app):
    """Talks without a participation: what must never be."""
    with app.app_context():
        whole = select(Participation.consultation_id)
        return db.session.scalar(select(func.count(Consultation.id)).where(Consultation.id.not_in(whole)))


@pytest.fixture
def right(app, anna):
    """A talk form that would be saved."""
    with app.app_context():
        place = str(factories.place("Lahntal").id)
    fields = anna.get(TALK).fields()
    sent = {"organisations": [place], "held_on": f"{today():%d.%m.%Y}", "kind": "single", "channel": "phone"}
    return fields | sent | {"parties-0-organisation": place, "anyway": "1", "once": ""}


def test_a_talk_form_full_of_anything_is_answered(app, anna, right):
    token, seen = anna.token(), set()

    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(MISTAKES)
    def send(mistakes):
        answer = anna.browser.post(TALK, data=right | mistakes | {"csrf_token": token})
        assert answer.status_code in (200, 303, 422), answer.status_code
        assert answer.status_code == 303 or "</form>" in answer.get_data(as_text=True)
        seen.add(answer.status_code)

    send()
    assert {303, 422} <= seen
    assert half_records(app) == 0


def test_lists_answer_whatever_the_address_says(app, anna):
    fill(app)

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.dictionaries(
            st.sampled_from(["q", "seite", "sortierung", "since", "kind", "county", "stand", "art"]), TEXT
        )
    )
    def ask(arguments):
        for url in ("/beratungen", "/kommunen", "/kontakte", "/wiedervorlagen", "/berichte/taetigkeit"):
            answer = anna.browser.get(url, query_string=arguments)
            assert answer.status_code in (200, 404, 422), (url, answer.status_code)

    ask()
