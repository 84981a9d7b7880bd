"""The measured promise: a talk with six in 45 seconds and 8 interactions, a call in 15 and 3, a step in 6."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.consultations.models import Channel, Consultation, ConsultationKind
from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from tests import factories
from tests.browser.clerk import Clerk, offered_day

pytestmark = pytest.mark.browser

SIX = ["Cölbe", "Lahntal", "Wetter (Hessen)", "Münchhausen", "Kirchhain", "Amöneburg"]
# The shortest beginnings whose first suggestion is the right place.
TYPED = ["cöl", "lahnt", "wetter", "münc", "kirchh", "amö"]
PROMISED = "Kostentabelle senden"
SAID = "Alle wollen den Bauhof. Zahlen bis Freitag."


@pytest.fixture
def clerk(app, anna_page):
    """Anna on the first page; she has logged talks before."""
    with app.app_context():
        factories.talk("Gießen", days_ago=4)
        db.session.commit()
    anna_page.goto("/")
    return Clerk(anna_page)


def begin(clerk):
    """Open the form as the first page offers it."""
    clerk.open("n", clerk.page.get_by_role("combobox", name="Kommunen"))


def save(clerk):
    """Save by key and see the talk."""
    clerk.press("Control+Enter")
    expect(clerk.page).to_have_url(re.compile(r"/beratungen/\d+$"))


def last_talk(app):
    """The talk that was stored last: (places, kind, channel, follow-ups, note)."""
    with app.app_context():
        talk = db.session.scalars(select(Consultation).order_by(Consultation.id.desc())).first()
        promises = db.session.scalars(select(FollowUp).where(FollowUp.consultation_id == talk.id))
        return talk.places, talk.kind, talk.channel, [(one.text, one.due_on) for one in promises], talk.note


def kept(request, name, clerk, seconds, interactions):
    """Note the figures and hold them against the promise."""
    request.node.user_properties.append((name, clerk.figures))
    assert clerk.seconds <= seconds, clerk.figures
    assert clerk.interactions <= interactions, clerk.figures


def promise(clerk):
    """Type a follow-up and its day."""
    clerk.go(clerk.page.locator("#follow_up_text"))
    clerk.type(PROMISED)
    clerk.tab()
    clerk.type("31.12.")


def test_six_municipalities_and_a_follow_up(app, clerk, request):
    begin(clerk)
    clerk.chips(*TYPED)
    promise(clerk)
    save(clerk)
    kept(request, "six and a follow-up", clerk, 45, 8)
    places, kind, channel, promises, _note = last_talk(app)
    assert places == SIX
    assert (kind, channel) == (ConsultationKind.GROUP, Channel.ON_SITE)
    assert promises == [(PROMISED, today().replace(month=12, day=31))]


def test_six_municipalities_with_task_field_and_note(app, clerk, request):
    begin(clerk)
    clerk.chips(*TYPED)
    clerk.go(clerk.page.get_by_role("combobox", name="Aufgabenfelder"))
    clerk.chips("bauh")
    clerk.tab()
    clerk.type(SAID)
    promise(clerk)
    save(clerk)
    kept(request, "six with task field, note and a follow-up", clerk, 45, 8)
    places, _kind, _channel, promises, note = last_talk(app)
    assert (places, len(promises), note) == (SIX, 1, SAID)


@pytest.mark.parametrize("before", [Channel.PHONE, Channel.ON_SITE], ids=lambda channel: channel.value)
def test_a_phone_call_whatever_was_logged_before(app, clerk, request, before):
    with app.app_context():
        factories.talk("Hanau", channel=before)
        db.session.commit()
    clerk.open("t", clerk.page.get_by_role("combobox", name="Kommunen"))
    clerk.chips("cöl")
    save(clerk)
    kept(request, "phone call", clerk, 15, 3)
    assert last_talk(app)[:3] == (["Cölbe"], ConsultationKind.SINGLE, Channel.PHONE)


def test_a_phone_call_from_the_page_of_a_kommune(app, clerk, request):
    with app.app_context():
        number = factories.place("Cölbe").id
    clerk.page.goto(f"/kommunen/{number}")
    clerk.open("t", clerk.page.get_by_role("combobox", name="Kommunen"))
    save(clerk)
    kept(request, "phone call from its page", clerk, 15, 3)
    assert last_talk(app)[:3] == (["Cölbe"], ConsultationKind.SINGLE, Channel.PHONE)


@pytest.fixture
def group(app):
    """A group that waits for one of its three partners, Lahntal."""
    with app.app_context():
        made = factories.cooperation("Cölbe", "Lahntal", "Wetter (Hessen)", lead="Cölbe")
        for name in ("Cölbe", "Wetter (Hessen)"):
            factories.step(made, name, Step.INTERESTED)
        db.session.commit()
        return made.id


def step_of_lahntal(app, group):
    """The last step of the partner that was waited for, and its day."""
    with app.app_context():
        partner = next(
            one for one in db.session.get(Cooperation, group).partners if one.organisation_name == "Lahntal"
        )
        return partner.steps[-1].step, partner.steps[-1].reached_on


@pytest.mark.parametrize("days", [0, 5], ids=["today", "another day"])
def test_a_step_of_a_partner_from_the_page_of_its_group(app, clerk, group, request, days):
    page, day = clerk.page, today() - timedelta(days=days)
    page.goto(f"/kooperationen/{group}")
    clerk.pick(page.get_by_role("link", name="Melden: Lahntal interessiert"))
    offered_day(page)
    if days:
        clerk.type(f"{day:%d.%m.}")
    clerk.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/kooperationen/\d+$"))
    kept(request, f"step of a partner, {'another day' if days else 'today'}", clerk, 6, 3)
    assert step_of_lahntal(app, group) == (Step.INTERESTED, day)


def test_a_call_does_not_leave_its_channel_to_the_next_group(app, clerk):
    with app.app_context():
        factories.talk("Hanau", channel=Channel.PHONE)
        db.session.commit()
    begin(clerk)
    clerk.chips("cöl", "lahnt")
    save(clerk)
    assert last_talk(app)[1:3] == (ConsultationKind.GROUP, Channel.ON_SITE)
