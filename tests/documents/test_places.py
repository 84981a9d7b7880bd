"""Documents of talks, groups and municipalities: attached, listed, versions behind them, removed."""

import io
import re

import pytest
from sqlalchemy import select

from crm.audit import history_of
from crm.consultations.models import Consultation
from crm.cooperations.models import Cooperation
from crm.db import db, now
from crm.documents.models import Document
from crm.organisations.models import Organisation
from tests import factories
from tests.documents.files import pdf

KINDS = {"beratung": Consultation, "kooperation": Cooperation, "kommune": Organisation}
PAGES = {"beratung": "beratungen", "kooperation": "kooperationen", "kommune": "kommunen"}


@pytest.fixture
def numbers(app):
    """A talk, a group and a municipality."""
    with app.app_context():
        talk = factories.talk("Cölbe", "Lahntal")
        group = factories.cooperation("Cölbe", "Lahntal")
        found = {"beratung": talk.id, "kooperation": group.id, "kommune": factories.place("Cölbe").id}
        db.session.commit()
    return found


@pytest.fixture(params=KINDS)
def kind(request):
    """What the file hangs on."""
    return request.param


def send(client, url, content, name="vertrag.pdf", **over):
    """Choose a file in the form of an address and send it."""
    return client.post(url, client.get(url).fields() | {"file": (io.BytesIO(content), name)} | over)


def attached(app):
    """All files, the oldest first, as (number, name, number of the version before)."""
    with app.app_context():
        found = db.session.scalars(select(Document).order_by(Document.id))
        return [(one.id, one.file_name, one.previous_id) for one in found]


def test_a_file_comes_onto_the_page_of_what_it_hangs_on(app, anna, rita, numbers, kind):
    url, page_url = f"/dokumente/{kind}/{numbers[kind]}", f"/{PAGES[kind]}/{numbers[kind]}"
    assert "Noch nichts angehängt." in anna.get(page_url).main
    page = send(anna, f"{url}/neu", pdf())
    assert (page.status, page.location) == (303, page_url)
    [(number, name, previous)] = attached(app)
    assert (name, previous) == ("vertrag.pdf", None)
    shown = rita.get(page_url)
    assert shown.soup.select_one(f"main a[href='/dokumente/{number}/ansehen']").get_text() == "vertrag.pdf"
    assert "vertrag.pdf" in rita.get(url).main
    assert rita.get(f"/dokumente/{number}").data == pdf()
    with app.app_context():
        event = history_of(db.session.get(KINDS[kind], numbers[kind]))[0]
        assert (event.name, event.changes) == ("document.attached", {"documents": [None, "vertrag.pdf"]})


def test_who_only_reads_may_look_and_nothing_else(app, anna, rita, emil, numbers, kind):
    url = f"/dokumente/{kind}/{numbers[kind]}"
    send(anna, f"{url}/neu", pdf())
    file = f"/dokumente/{attached(app)[0][0]}"
    for client in (rita, emil):
        assert [client.get(one).status for one in (url, file, f"{file}/ansehen")] == [200] * 3
        assert "Dokument anhängen" not in client.get(url).main
        for address in (f"{url}/neu", f"{file}/neue-fassung", f"{file}/entfernen", f"{file}/vertraulich"):
            assert client.post(address).status == 403, address


def test_what_lies_in_the_trash_keeps_its_documents_to_itself(app, anna, numbers, kind):
    url = f"/dokumente/{kind}/{numbers[kind]}"
    send(anna, f"{url}/neu", pdf())
    file = f"/dokumente/{attached(app)[0][0]}"
    with app.app_context():
        db.session.get(KINDS[kind], numbers[kind]).removed_at = now()
        db.session.commit()
    addresses = (url, f"{url}/neu", file, f"{file}/ansehen", f"{file}/bild/1", f"{file}/entfernen")
    assert [anna.get(one).status for one in addresses] == [404] * 6


def test_a_new_version_stands_before_the_old_one(app, anna, rita, numbers, kind):
    url = f"/dokumente/{kind}/{numbers[kind]}"
    send(anna, f"{url}/neu", pdf())
    first = attached(app)[0][0]
    page = send(anna, f"/dokumente/{first}/neue-fassung", pdf(b"zwei"), "vertrag 2.pdf")
    (_first, second) = attached(app)
    assert (page.status, page.location) == (303, f"/dokumente/{second[0]}/ansehen")
    assert second[1:] == ("vertrag 2.pdf", first)
    shown = rita.get(url)
    assert [one.get_text() for one in shown.soup.select("main .rows a")] == ["vertrag 2.pdf"]
    assert "1 ältere Fassung" in shown.main
    assert "1 ältere Fassung" in rita.get(f"/{PAGES[kind]}/{numbers[kind]}").main
    old = rita.get(f"/dokumente/{first}/ansehen")
    assert "Überholt." in old.main
    assert old.soup.select_one(f"main .notice a[href='/dokumente/{second[0]}/ansehen']")
    assert rita.get(f"/dokumente/{first}").data == pdf()
    assert not anna.get(f"/dokumente/{first}/ansehen").soup.select("main a[href$='neue-fassung']")


@pytest.fixture
def three(app, anna, numbers):
    """A file of a group in three versions; gives their numbers, the oldest first."""
    send(anna, f"/dokumente/kooperation/{numbers['kooperation']}/neu", pdf())
    for count in ("zwei", "drei"):
        last = attached(app)[-1][0]
        assert send(anna, f"/dokumente/{last}/neue-fassung", pdf(count.encode())).status == 303
    return [number for number, *_rest in attached(app)]


def test_a_version_is_replaced_once(app, anna, three):
    page = send(anna, f"/dokumente/{three[0]}/neue-fassung", pdf(b"vier"))
    assert page.status == 422
    assert "Inzwischen gibt es eine neuere Fassung" in page.main
    assert len(attached(app)) == 3


def test_the_same_file_is_no_new_version_and_no_file_neither(app, anna, three):
    url = f"/dokumente/{three[-1]}/neue-fassung"
    page = send(anna, url, pdf(b"drei"))
    assert "Das ist die Datei, die schon da ist." in " ".join(page.errors())
    assert send(anna, url, b"<html>").status == 422
    assert anna.submit(url).status == 422
    assert len(attached(app)) == 3


def test_two_who_replace_at_once_are_told_apart(app, anna, mara, three):
    url = f"/dokumente/{three[-1]}/neue-fassung"
    forms = [client.get(url).fields() for client in (anna, mara)]
    answers = [
        client.post(url, fields | {"file": (io.BytesIO(pdf(name)), "x.pdf")}).status
        for client, fields, name in zip((anna, mara), forms, (b"ihre", b"meine"), strict=True)
    ]
    assert answers == [303, 422]
    assert len(attached(app)) == 4


@pytest.mark.parametrize(
    ("which", "whole", "left"), [(2, "", "01"), (1, "", "02"), (0, "", "12"), (2, "1", ""), (1, "1", "2")]
)
def test_a_version_is_removed_alone_or_with_the_older_ones(app, anna, three, which, whole, left):
    asked = anna.get(f"/dokumente/{three[which]}/entfernen")
    assert ("ältere" in asked.main) == (which > 0)
    anna.post(f"/dokumente/{three[which]}/entfernen", {"alle": whole})
    kept = [three[int(one)] for one in left]
    assert [one[0] for one in attached(app)] == kept
    assert [one[2] for one in attached(app)] == [None, *kept][: len(kept)]


def test_the_list_of_a_group_holds_what_its_resolutions_and_its_application_have(app, anna, numbers):
    with app.app_context():
        group = db.session.get(Cooperation, numbers["kooperation"])
        factories.document(group, name="a.pdf", resolution_id=factories.resolution(group, "Cölbe").id)
        factories.document(group, name="b.pdf", paper_id=factories.paper(group).id)
        factories.document(group, name="c.pdf", cooperation_id=group.id)
        other = factories.cooperation("Wetter (Hessen)")
        factories.document(other, name="fremd.pdf", cooperation_id=other.id)
        db.session.commit()
    page = anna.get(f"/dokumente/kooperation/{numbers['kooperation']}")
    assert sorted(re.findall(r"\w+\.pdf", page.main)) == ["a.pdf", "b.pdf", "c.pdf"]


def test_a_long_list_is_a_page_of_few_statements(app, anna, numbers):
    with app.app_context():
        group = db.session.get(Cooperation, numbers["kooperation"])
        for number in range(60):
            made = factories.document(group, name=f"{number}.pdf", cooperation_id=group.id)
            factories.newer(made, group, name=f"{number} neu.pdf")
        db.session.commit()
    page = anna.get(f"/dokumente/kooperation/{numbers['kooperation']}")
    assert len(page.soup.select("main .rows li")) == 50
    assert "1–50 von 60" in page.main
    assert page.main.count("1 ältere Fassung") == 50
    assert len(page.statements) <= 10
    shown = anna.get(f"/kooperationen/{numbers['kooperation']}")
    assert "Alle 60 Dokumente" in shown.main


def test_a_script_is_told_where_to_go_on(app, anna, numbers):
    url = f"/dokumente/kooperation/{numbers['kooperation']}/neu"
    fields = anna.get(url).fields() | {"file": (io.BytesIO(pdf()), "a.pdf")}
    page = anna.post(url, fields, headers={"X-Upload": "1"})
    assert page.response.get_json() == {"to": f"/kooperationen/{numbers['kooperation']}"}
    wrong = anna.get(url).fields() | {"file": (io.BytesIO(b"<html>"), "a.pdf")}
    assert anna.post(url, wrong, headers={"X-Upload": "1"}).status == 422
    assert len(attached(app)) == 1
