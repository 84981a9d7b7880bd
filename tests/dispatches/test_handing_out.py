"""Handing out: in a talk by one click, by mail, by post, by hand; logged, counted, taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.consultations.models import Participation, Presence
from crm.consultations.services import remove as remove_talk
from crm.contacts.models import MailBasis, Person
from crm.db import db, today
from crm.dispatches.models import Dispatch, Way
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mailings.following import follow
from crm.materials import queries as materials
from crm.materials.models import MaterialVersion
from tests import factories
from tests.materials.made import hand_out, link_on, material, next_version, person

LOG, NEW = "/ausgaben", "/ausgaben/neu"


@pytest.fixture
def guide(app):
    """The number of a version with a file and ten copies in stock."""
    with app.app_context():
        made = material(copies=10)
        db.session.commit()
        return made.newest.id


def place(app, name="Lahntal"):
    """The number of a Kommune."""
    with app.app_context():
        return factories.place(name).id


def person_of(app, last_name, first_name, own=None, **over):
    """Make somebody; give the number."""
    with app.app_context():
        made = person(last_name, first_name, own, **over)
        db.session.commit()
        return made.id


def mails(app):
    """All mails about materials."""
    kinds = (MailKind.MATERIAL, MailKind.NEW_VERSION)
    with app.app_context():
        query = select(OutgoingMail).where(OutgoingMail.kind.in_(kinds)).order_by(OutgoingMail.id)
        return [(one.recipient, one.subject, one.body, one.state) for one in db.session.scalars(query)]


def in_stock(app, version):
    """How many copies lie there."""
    with app.app_context():
        return db.session.get(MaterialVersion, version).in_stock


def talk_of(app, *names, **over):
    """A talk; its number."""
    with app.app_context():
        made = factories.talk(*names, **over)
        db.session.commit()
        return made.id


def test_in_a_talk_choosing_and_one_click_hand_it_out_to_all_who_came(app, anna, guide):
    url = f"/beratungen/{talk_of(app, 'Lahntal', 'Cölbe')}"
    page = anna.get(url)
    form = page.soup.select_one("[aria-labelledby=materials-out] form")
    fields = {tag["name"]: tag.get("value", "") for tag in form.select("input")} | {"version_id": str(guide)}
    first, second = anna.post(form["action"], fields), anna.post(form["action"], fields)
    assert first.location == second.location == f"{url}#materials-out"
    shown = anna.get(url).soup.select_one("[aria-labelledby=materials-out]").get_text(" ", strip=True)
    assert "Leitfaden Bauhof, Fassung 1" in shown
    assert "persönlich, 2 Stellen oder Personen" in shown
    log = anna.get(f"{LOG}?kommune={place(app, 'Cölbe')}").main
    assert "Cölbe; Lahntal" in log
    assert log.count("Leitfaden Bauhof") == 1


def test_who_was_not_there_got_nothing(app, anna, guide):
    number = talk_of(app, "Lahntal", "Cölbe")
    with app.app_context():
        for one in db.session.scalars(select(Participation).where(Participation.consultation_id == number)):
            one.presence = Presence.APOLOGISED if one.organisation_name == "Cölbe" else Presence.PRESENT
        db.session.commit()
    page = anna.get(f"{NEW}?beratung={number}&fassung={guide}")
    assert page.fields()["organisations"] == [str(place(app))]
    assert page.fields()["version_id"] == [str(guide)]


def test_a_mail_to_a_place_greets_nobody_by_its_name(app, anna, guide):
    with app.app_context():
        factories.place("Lahntal").email = "post@lahntal.test"
        db.session.commit()
    anna.submit(NEW, version_id=guide, way="mail", organisations=[place(app)])
    assert mails(app)[0][2].startswith("Guten Tag,\n")


def test_what_a_page_leads_to_is_offered_however_many_materials_there_are(app, anna, guide, monkeypatch):
    with app.app_context():
        material("Aktenplan")
        db.session.commit()
    monkeypatch.setattr(materials, "MOST_OFFERED", 1)
    page = anna.submit(f"{NEW}?fassung={guide}", organisations=[place(app)])
    assert page.status == 303


def test_by_mail_everybody_gets_a_link_of_their_own(app, anna, guide):
    petra = person_of(app, "Henkel", "Petra", email="p.henkel@lahntal.test")
    udo = person_of(app, "Kern", "Udo", email="u.kern@coelbe.test")
    fields = {"version_id": guide, "way": "mail", "people": [petra, udo], "note": "Seite 12 ansehen."}
    page = anna.submit(NEW, **fields, follow=True)
    assert "wartet" in page.main
    sent = mails(app)
    assert [one[0] for one in sent] == ["p.henkel@lahntal.test", "u.kern@coelbe.test"]
    assert sent[0][1] == "Leitfaden Bauhof"
    links = [line for one in sent for line in one[2].splitlines() if "/abruf/" in line]
    assert len(set(links)) == 2
    assert "Guten Tag Petra Henkel," in sent[0][2]
    assert "Seite 12 ansehen." in sent[0][2]
    with app.app_context():
        held = db.session.scalars(select(Dispatch)).one().recipients
        assert not any(one.token_hash in "".join(links) for one in held)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version_id": ""}, "Wählen Sie ein Material."),
        ({"organisations": []}, "Wählen Sie, wer es bekommt."),
        ({"way": "post"}, "wie viele Exemplare an jede Adresse"),
        ({"way": "post", "copies": "11"}, "Im Bestand sind nur 10 Exemplare."),
        ({"way": "link", "copies": "1"}, "nur per Post oder von Hand"),
        ({"handed_on": "1.1.2090"}, "Der Tag liegt in der Zukunft."),
        ({"way": "mail"}, "möglich an: Lahntal (ohne Mailadresse). Tragen Sie dort eine Adresse ein"),
    ],
)
def test_what_cannot_go_out_is_refused(app, anna, guide, change, said):
    fields = {"version_id": guide, "way": "in-person", "organisations": [place(app)]} | change
    page = anna.submit(NEW, **fields)
    assert page.status == 422
    assert said in " ".join(page.errors())
    assert in_stock(app, guide) == 10


def test_whose_data_are_only_kept_gets_no_mail_but_who_objected_to_mailings_may_ask_for_one(app, anna, guide):
    rests = person_of(app, "Still", "Stefan", {"restricted_on": today()}, email="s@lahntal.test")
    page = anna.submit(NEW, version_id=guide, way="mail", people=[rests])
    assert "Keine Mail möglich an: Stefan Still" in " ".join(page.errors())
    objects = person_of(app, "Nein", "Nina", {"mail_basis": MailBasis.OBJECTED}, email="n@lahntal.test")
    assert anna.submit(NEW, version_id=guide, way="mail", people=[objects]).status == 303
    assert [one[0] for one in mails(app)] == ["n@lahntal.test"]


@pytest.mark.parametrize(
    ("own", "state"),
    [
        ({"restricted_on": today()}, MailState.DROPPED),
        ({"objected_on": today()}, MailState.DROPPED),
        ({"mail_basis": MailBasis.OBJECTED}, MailState.WAITING),
    ],
)
def test_what_waits_for_somebody_whose_data_are_only_kept_by_now_does_not_go(app, anna, guide, own, state):
    petra = person_of(app, "Henkel", "Petra", email="p.henkel@lahntal.test")
    anna.submit(NEW, version_id=guide, way="mail", people=[petra])
    with app.app_context():
        person = db.session.get(Person, petra)
        for name, value in own.items():
            setattr(person, name, value)
        follow(person)
        db.session.commit()
    assert [one[3] for one in mails(app)] == [state]


def test_copies_by_post_leave_the_stock_and_come_back_with_the_entry(app, anna, guide):
    page = anna.submit(
        NEW, version_id=guide, way="post", copies="3",
        organisations=[place(app), place(app, "Cölbe")], follow=True,
    )  # fmt: skip
    assert in_stock(app, guide) == 4
    assert "ausgegeben" in anna.get(f"/materialien/fassungen/{guide}/bestand").main
    back = link_on(page, "Zurücknehmen")
    assert anna.submit(back).status == 303
    assert in_stock(app, guide) == 10
    assert "Nichts ausgegeben" in anna.get(LOG).main


def test_a_mail_that_did_not_go_is_not_sent_after_taking_back_but_one_that_went_stays(app, anna, guide):
    petra = person_of(app, "Henkel", "Petra", email="p.henkel@lahntal.test")
    for _time in range(2):
        anna.submit(NEW, version_id=guide, way="mail", people=[petra])
    with app.app_context():
        first, second = db.session.scalars(select(Dispatch.id).order_by(Dispatch.id))
        db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).first().state = MailState.SENT
        db.session.commit()
        third = hand_out(db.session.get(MaterialVersion, guide), db.session.get(Person, petra), way=Way.MAIL)
        db.session.flush()
        db.session.scalars(
            select(OutgoingMail).order_by(OutgoingMail.id.desc())
        ).first().state = MailState.REFUSED
        db.session.commit()
        third = third.id
    page = anna.submit(f"{LOG}/{first}/zuruecknehmen", follow=True)
    assert "Die Mails sind verschickt." in page.text
    assert anna.submit(f"{LOG}/{second}/zuruecknehmen").status == 303
    assert anna.submit(f"{LOG}/{third}/zuruecknehmen").status == 303
    assert [one[3] for one in mails(app)] == [MailState.SENT, MailState.DROPPED, MailState.DROPPED]
    assert [bool(one[0]) for one in mails(app)] == [True, False, False]


def test_an_event_shows_what_was_handed_out_there(app, emil, guide):
    with app.app_context():
        event = factories.event("Fachtagung", in_days=-2)
        db.session.commit()
        number = event.id
    page = emil.submit(
        f"{NEW}?veranstaltung={number}", version_id=guide, organisations=[place(app)], follow=True
    )
    assert "Leitfaden Bauhof, Fassung 1" in page.soup.select_one("[aria-labelledby=materials-out]").get_text()
    assert "Fachtagung" in emil.get(LOG).main


def test_copies_are_laid_out_at_an_event_for_nobody_in_particular(app, emil, anna, guide):
    with app.app_context():
        number = factories.event("Fachtagung", in_days=-2).id
        db.session.commit()
    page = emil.get(f"{NEW}?veranstaltung={number}")
    target = page.soup.select_one(f"a[href='{NEW}?veranstaltung={number}&ausgelegt=1']")["href"]
    assert not {"organisations", "people", "way"} & set(emil.get(target).fields())
    by_post = emil.submit(f"{NEW}?veranstaltung={number}", version_id=guide, way="post", copies="5")
    assert "wie viele Exemplare ausgelegt wurden" in " ".join(by_post.errors())
    assert in_stock(app, guide) == 10
    refused = emil.submit(target, version_id=guide)
    assert "wie viele Exemplare ausgelegt wurden" in " ".join(refused.errors())
    page = emil.submit(target, version_id=guide, copies="5", follow=True)
    assert "5 Exemplare ausgelegt." in page.main
    assert "5 Exemplare ausgelegt." in page.soup.select_one("[aria-labelledby=materials-out]").get_text()
    assert in_stock(app, guide) == 5
    log = emil.get(LOG)
    assert "ausgelegt, für niemand Bestimmtes" in log.main
    row = emil.get(f"{LOG}/auswertung").soup.select_one("tbody tr")
    figures = {tag["data-label"]: tag.get_text(strip=True) for tag in row.select("td")}
    assert (figures["Empfangende"], figures["Exemplare"]) == ("–", "5")
    one = log.soup.select_one("main .rows a[href^='/ausgaben/']")["href"]
    assert "Ausgelegte Exemplare" in emil.get(one).main
    emil.submit(f"{one}/zuruecknehmen")
    assert in_stock(app, guide) == 10
    alone = emil.submit(NEW, version_id=guide, copies="5")
    assert "Wählen Sie, wer es bekommt." in " ".join(alone.errors())


def test_what_went_out_in_a_confidential_talk_is_hidden_with_it(app, anna, rita, guide):
    number = talk_of(app, "Lahntal", confidential=True)
    with app.app_context():
        version = db.session.get(MaterialVersion, guide)
        made = hand_out(version, places=["Lahntal"], consultation_id=number)
        db.session.commit()
        hidden, material_id = made.id, version.material_id
    assert "Leitfaden" in anna.get(LOG).main
    assert "Nichts ausgegeben" in rita.get(f"{LOG}?kommune={place(app)}").main
    assert rita.get(f"{LOG}/{hidden}").status == 404
    assert "Lahntal" not in rita.get(f"{LOG}/material/{material_id}").main
    assert "Noch nicht ausgegeben" in rita.get(f"/materialien/{material_id}").main
    assert "Nichts ausgegeben" in rita.get(f"{LOG}/auswertung").main


def test_mail_history_and_stock_do_not_tell_of_a_confidential_talk(app, anna, emil, rita, guide):
    petra = person_of(app, "Henkel", "Petra", email="p.henkel@lahntal.test")
    number = talk_of(app, "Lahntal", confidential=True)
    fields = {"version_id": guide, "people": [petra], "organisations": []}
    for way in ({"way": "mail", "note": "Vertraulich."}, {"way": "post", "copies": "1"}):
        assert anna.submit(f"{NEW}?beratung={number}", **fields, **way).status == 303
    with app.app_context():
        mail, subject = db.session.execute(select(OutgoingMail.id, OutgoingMail.subject)).one()
        material_id = db.session.get(MaterialVersion, guide).material_id
        posted = db.session.scalar(select(Dispatch.id).where(Dispatch.way == Way.POST))
    assert subject in anna.get("/postausgang").main
    assert anna.get(f"/postausgang/{mail}").status == 200
    for other in (rita, emil):
        assert subject not in other.get("/postausgang").main
        assert other.get(f"/postausgang/{mail}").status == 404
        assert "Material ausgegeben" not in other.get(f"/materialien/{material_id}").main
        stock = other.get(f"/materialien/fassungen/{guide}/bestand")
        assert not stock.soup.find("a", href=f"{LOG}/{posted}")
    rights = f"/kontakte/{petra}/rechte"
    assert "p.henkel@lahntal.test" in anna.get(rights).main
    assert "p.henkel@lahntal.test" not in emil.get(rights).main
    assert "Material ausgegeben" in anna.get(f"/beratungen/{number}").main


def test_the_trash_hides_a_talk_but_not_what_was_handed_out_in_it(app, anna, rita, guide):
    with app.app_context():
        version = db.session.get(MaterialVersion, guide)
        for confidential, place_name in ((False, "Lahntal"), (True, "Cölbe")):
            talk = factories.talk(place_name, confidential=confidential)
            hand_out(version, places=[place_name], consultation_id=talk.id)
            remove_talk(talk, factories.member("anna"))
        db.session.commit()
    assert "an 2 Stellen" in anna.get(LOG).main
    assert "an 1 Stelle" in rita.get(LOG).main
    assert "Cölbe" not in rita.get(LOG).main


def test_the_figures_add_up_to_the_entries_behind_them(app, anna, rita, guide):
    with app.app_context():
        version = db.session.get(MaterialVersion, guide)
        hand_out(version, places=["Lahntal", "Cölbe"], way=Way.POST, copies=2)
        hand_out(version, places=["Lahntal"])
        hand_out(version, places=["Wetter (Hessen)"], handed_on=today() - timedelta(days=400))
        hand_out(next_version(version.material), places=["Lahntal"], way=Way.LINK)
        db.session.commit()
    since = (today() - timedelta(days=30)).strftime("%d.%m.%Y")
    page = rita.get(f"{LOG}/auswertung?von={since}")
    row = next(row for row in page.soup.select("tbody tr") if "Fassung 1" in row.get_text())
    figures = {tag["data-label"]: tag for tag in row.select("td")}
    assert figures["Empfangende"].get_text(strip=True) == "3"
    assert figures["Exemplare"].get_text(strip=True) == "4"
    for label, number in (("Empfangende", "3"), ("per Post", "2"), ("persönlich", "1")):
        behind = rita.get(figures[label].a["href"])
        assert f"an {number} Stelle" in behind.main
    table = rita.get(f"{LOG}/auswertung.csv").data.decode("utf-8-sig")
    assert "Fassung 1" in table
    assert table.count("\n") == 3
