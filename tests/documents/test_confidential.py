"""Confidential documents: hidden from who reads no confidential talks, and every look at them is noted."""

import io

import pytest
from sqlalchemy import select, update

from crm import jobs
from crm.audit import history_of
from crm.consultations.models import Consultation
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.documents.models import Document
from crm.documents.services import keep_confidential
from crm.errors import RuleBroken
from crm.reads.models import ConfidentialRead, Way
from crm.search import services
from tests import factories
from tests.documents.test_contents import pdf

NAME = "Streit um den Bauhof.pdf"


@pytest.fixture
def numbers(app):
    """A confidential file of a group that the worker has read and drawn, its group, and a talk."""
    with app.app_context():
        group, talk = factories.cooperation("Cölbe"), factories.talk("Cölbe")
        made = factories.document(
            group, pdf("Der Häcksler"), NAME, cooperation_id=group.id, confidential=True
        )
        db.session.commit()
        jobs.run("search-files")
        jobs.run("document-pictures")
        return {"document": made.id, "group": group.id, "talk": talk.id}


def reads(app):
    """Looks at documents, as (name of the reader, document, way)."""
    with app.app_context():
        query = select(ConfidentialRead).where(ConfidentialRead.document_id.is_not(None))
        found = db.session.scalars(query.order_by(ConfidentialRead.id))
        return [(one.user.email.partition("@")[0], one.document_id, one.way) for one in found]


def test_who_may_not_read_it_does_not_learn_that_there_is_one(app, rita, emil, ada, numbers):
    file, list_url = f"/dokumente/{numbers['document']}", f"/dokumente/kooperation/{numbers['group']}"
    for client in (rita, emil):
        for url in (file, f"{file}/ansehen", f"{file}/bild/1"):
            assert client.get(url).status == 404
        for url in (list_url, f"/kooperationen/{numbers['group']}", "/suche?q=häcksler", "/suche?q=streit"):
            page = client.get(url)
            assert page.status == 200
            assert NAME not in page.main, url
    assert [ada.get(url).status for url in (file, f"{file}/bild/1", list_url)] == [403] * 3
    assert reads(app) == []


def test_who_reads_it_is_noted_once_for_each_way(app, anna, ada, numbers):
    number = numbers["document"]
    for url in ("", "/ansehen", "/ansehen", "/bild/1", "/bild/1", ""):
        assert anna.get(f"/dokumente/{number}{url}").status == 200
    assert reads(app) == [("anna", number, Way.FILE), ("anna", number, Way.PICTURES)]
    for _time in range(2):
        assert NAME in anna.get("/suche?q=häcksler").main
    assert reads(app)[2:] == [("anna", number, Way.SEARCH)]
    log = ada.get(f"/einsicht?dokument={number}")
    assert f"Dokument Nr. {number}" in log.main
    assert "Seitenbilder eines Dokuments" in log.main


def test_a_file_is_kept_confidential_and_given_free_again_in_all_versions(app, anna, rita, numbers):
    url = f"/dokumente/{numbers['document']}"
    fields = anna.get(f"{url}/neue-fassung").fields() | {"file": (io.BytesIO(pdf("neu")), "neu.pdf")}
    page = anna.post(f"{url}/neue-fassung", fields)
    assert [rita.get(page.location).status, rita.get(url).status] == [404, 404]
    anna.post(page.location.replace("ansehen", "vertraulich"), {"confidential": "0"})
    assert [rita.get(page.location).status, rita.get(url).status] == [200, 200]
    anna.post(f"{url}/vertraulich", {"confidential": "1"})
    assert [rita.get(page.location).status, rita.get(url).status] == [404, 404]
    with app.app_context():
        events = [one.name for one in history_of(db.session.get(Cooperation, numbers["group"]))]
        assert events[:3] == ["document.kept-confidential", "document.opened", "document.replaced"]
        assert services.out_of_step() == {}


def test_the_history_that_everybody_reads_does_not_name_it(app, anna, numbers):
    url = f"/dokumente/{numbers['document']}"
    anna.post(f"{url}/vertraulich", {"confidential": "0"})
    anna.post(f"{url}/vertraulich", {"confidential": "1"})
    anna.post(f"{url}/entfernen")
    with app.app_context():
        changes = [one.changes for one in history_of(db.session.get(Cooperation, numbers["group"]))][:4]
    secret = "vertrauliches Dokument"
    assert [one["documents"] for one in changes] == [
        [secret, None], [None, secret], [None, NAME], [None, "vertrauliches Dokument"]
    ]  # fmt: skip


def test_a_name_that_the_history_told_before_is_kept_back(app, anna, rita, numbers):
    file, group = f"/dokumente/{numbers['document']}", f"/kooperationen/{numbers['group']}/aenderungen"
    anna.post(f"{file}/vertraulich", {"confidential": "0"})
    assert NAME in rita.get(group).main
    anna.post(f"{file}/vertraulich", {"confidential": "1"})
    assert NAME not in rita.get(group).main
    assert NAME in anna.get(group).main


def test_what_hangs_on_a_confidential_talk_is_confidential(app, anna, rita, numbers):
    url = f"/dokumente/beratung/{numbers['talk']}/neu"
    anna.post(url, anna.get(url).fields() | {"file": (io.BytesIO(pdf("x")), "plan.pdf")})
    with app.app_context():
        file = f"/dokumente/{db.session.scalars(select(Document.id).order_by(Document.id.desc())).first()}"
    assert rita.get(file).status == 200
    with app.app_context():
        db.session.get(Consultation, numbers["talk"]).confidential = True
        db.session.commit()
        assert services.out_of_step() == {}
    assert rita.get(file).status == 404
    assert anna.post(f"{file}/vertraulich", {"confidential": "0"}).status == 303
    assert "Die Beratung ist vertraulich" in anna.get(f"{file}/ansehen").main
    assert rita.get(file).status == 404
    sent = anna.get(url)
    assert "Die Beratung ist vertraulich" in sent.main
    anna.post(url, sent.fields() | {"file": (io.BytesIO(pdf("y")), "zwei.pdf")})
    with app.app_context():
        db.session.get(Consultation, numbers["talk"]).confidential = False
        db.session.commit()
        marks = list(db.session.scalars(select(Document.confidential)))
    assert marks == [True, True, True]


def test_a_file_that_comes_while_its_talk_becomes_confidential_is_confidential(app, numbers):
    with app.app_context():
        talk = db.session.get(Consultation, numbers["talk"])
        made = factories.document(talk, consultation_id=talk.id)
        said = update(Consultation).values(confidential=True)
        db.session.execute(said.execution_options(synchronize_session=False))
        late = [factories.document(talk, consultation_id=talk.id), factories.newer(made, talk)]
        assert [one.confidential for one in late] == [True, True]
        with pytest.raises(RuleBroken):
            keep_confidential(late[0], talk, False, None)
