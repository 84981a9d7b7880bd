"""The groups of the filled house: one in which something of everything stands, and one of every stage."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from crm.consultations.models import ConsultationKind
from crm.consultations.services import Party
from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.partners import add, change_role
from crm.cooperations.services import change_cooperation, halt, remove
from crm.db import db, today
from crm.funding.applying import change_application
from crm.funding.following import record_obligation, report_station, set_papers
from crm.funding.kinds import ObligationKind, PaperKind, PaperState, StationKind
from crm.funding.services import judge, set_costs
from crm.imports.models import ImportJob, JobState
from crm.imports.runs import records_of
from crm.organisations.elsewhere import create_elsewhere
from crm.proceedings.models import Answer, ApprovalKind, StudyState
from crm.register.services import keep_waiting
from crm.resolutions.models import Body, ResolutionKind, Result
from crm.task_fields.models import TaskField
from tests import factories
from tests.factories import place
from tests.imports.lists import take, written
from tests.imports.talks.old_lists import old_list

TITLE = "Gemeinsame Bauhofleitung und Fuhrparkverwaltung im Nordkreis Marburg-Biedenkopf"
WHY = (
    "Die Gemeindevertretung hat mit großer Mehrheit beschlossen, den eigenen Bauhof am alten Standort neu "
    "zu bauen und sich frühestens nach der nächsten Kommunalwahl wieder an einem Vorhaben zu beteiligen."
)
OLD = (
    ("8.3.2012", "Tel.", "Cölbe, Lahntal", "2 Bgm.", "Archiv", "1,5", "Protokoll folgt", "erl.", "KH"),
    ("Mai 2012", "VA", "Homberg, Krichheim", "", "", "", "", "", "KH"), ("2013", *[""] * 8),
)  # fmt: skip
PLACES = ("Cölbe", "Lahntal", "Wetter (Hessen)", "Münchhausen", "Kirchhain", "Amöneburg", "Bad Endbach")
CONTRACT = {
    "legal_form": LegalForm.DELEGATION, "legal_form_note": "Vereinbarung über den gemeinsamen Bauhof",
    "termination": "§ 12: sechs Monate zum Ende der Laufzeit", "renewal_months": 36, "notice_months": 6,
}  # fmt: skip


def fill():
    """Make the groups, a list taken over and one that waits; give the numbers that addresses need."""
    whole = _whole()
    group = whole["group"]
    _every_stage()
    gone = factories.cooperation("Cölbe", "Lahntal", title="Versehentlich angelegt")
    factories.follow_up("Termin abstimmen", at="Cölbe", cooperation_id=gone.id, organisation_id=None)
    remove(gone, factories.member("anna"))
    return {
        "cooperation": group.id, "gone_cooperation": gone.id, "run": _lists(), "job": long_list(),
        "step": "resolved",
        "partner": next(one.id for one in group.partners if one.organisation_name == "Lahntal"),
    } | {name: number for name, number in whole.items() if name != "group"}  # fmt: skip


def _whole():
    """One group with everything a group can hold."""
    by, day = factories.member("anna"), today()
    above = factories.cooperation("Cölbe", "Lahntal", title="Entwicklungsprogramm Nordkreis", lead="Cölbe")
    dates = {
        "planned_start": day + timedelta(days=90), "first_contact_on": day - timedelta(days=400),
        "effective_on": day - timedelta(days=2), "signed_on": day - timedelta(days=1),
        "term_until": day + timedelta(days=200), "evaluated_on": day - timedelta(days=1),
    }  # fmt: skip
    group = factories.cooperation(
        *PLACES, title=TITLE, lead="Cölbe", reached_on=day - timedelta(days=300), adviser_id=by.id,
        parent_id=above.id, file_reference="IKZ 12/26", source_url="https://www.example.org/bauhof",
        note=f"Die Bürgermeister wollen *einen* Bauhof.\n\n- {WHY}\n", task_fields=_fields("Bauhof"),
        **dates, **CONTRACT,
    )  # fmt: skip
    factories.cooperation("Cölbe", "Wetter (Hessen)", title="Gemeinsames Salzlager", parent_id=group.id)
    _others(group, by)
    _steps(group)
    numbers = _decided(group) | _proceedings(group) | _funding(group, by)
    factories.follow_up("Beschluss nachfragen", in_days=-3, cooperation_id=group.id, organisation_id=None)
    waiting = {"waiting_for": "Gemeindevertretung Lahntal", "organisation_id": None}
    factories.follow_up("Kostentabelle abwarten", in_days=5, cooperation_id=group.id, **waiting)
    return numbers | {"group": group}


def _fields(*names):
    return list(db.session.scalars(select(TaskField.id).where(TaskField.name.in_(names))))


def _others(group, by):
    """An observer, and a guest from another Land."""
    usual = {"step": Step.CANDIDATE, "reached_on": None, "source": StepSource.OFFICE}
    watching = {"organisations": [place("Landkreis Marburg-Biedenkopf").id], "role": PartnerRole.OBSERVER}
    add(group, usual | watching, by)
    add(group, usual | {"organisations": [create_elsewhere("Hatzfeldhausen", "Niedersachsen", by).id]}, by)


def _steps(group):
    """Every step there is, from every source; one of them was told in a talk."""
    parties = [Party(place(name).id) for name in PLACES[:4]]
    parties[1] = Party(place("Lahntal").id, step=Step.INTERESTED)
    said = {"kind": ConsultationKind.GROUP, "note": f"Alle wollen.\n\n{WHY}"}
    factories.talk(parties=parties, days_ago=71, cooperation_id=group.id, **said)
    factories.talk("Cölbe", "Lahntal", days_ago=-6, cooperation_id=group.id)
    factories.talk("Wetter (Hessen)", days_ago=9, cooperation_id=group.id, note=None, by="mara")
    factories.step(group, "Wetter (Hessen)", Step.INTERESTED, None, source=StepSource.PRESS)
    factories.step(group, "Münchhausen", Step.SIGNED, 20, note="Unterschrift des Bürgermeisters liegt vor")
    factories.step(group, "Kirchhain", Step.INTERESTED, 200)
    factories.step(group, "Kirchhain", Step.DECLINED, 12, note=WHY)
    factories.step(group, "Amöneburg", Step.ACTIVE, 120)
    factories.step(group, "Amöneburg", Step.LEFT, 10, source=StepSource.RESOLUTION)
    factories.step(group, "Bad Endbach", Step.INTERESTED, 30, source=StepSource.IMPORT)


def _decided(group):
    """Resolutions taken, planned, postponed, without a day and without a result; the first has an extract."""
    votes = {"votes_for": 20, "votes_against": 3, "abstentions": 1, "paper_number": "VL-41/2026"}
    link = {"link": "https://www.example.org/vorlagen/41", "note": "Nach langer Aussprache"}
    taken = factories.resolution(group, "Cölbe", -40, result=Result.ADOPTED, **votes, **link)
    factories.resolution(group, "Lahntal", 16, paper_number="Drs. 9/2026")
    factories.resolution(group, "Wetter (Hessen)", -70, result=Result.POSTPONED, body=Body.BOARD)
    factories.resolution(group, "Münchhausen", -1, kind=ResolutionKind.FINAL)
    factories.resolution(group, "Bad Endbach", session_on=None)
    factories.resolution(group, "Kirchhain", -14, result=Result.REJECTED)
    extract = factories.document(group, name="Auszug Gemeindevertretung.pdf", resolution_id=taken.id)
    contract = factories.document(group, name="Vertrag, Entwurf.pdf", cooperation_id=group.id)
    drawn = factories.drawn(factories.newer(contract, group, name="Vertrag, zweiter Entwurf.pdf"))
    factories.document(group, name="Kalkulation mit einem sehr langen Namen, vertraulich.pdf",
                       cooperation_id=group.id, confidential=True)  # fmt: skip
    return {"resolution": taken.id, "document": drawn.id, "extract": extract.id, "page_number": 1}


def _proceedings(group):
    """Studies with a grant, one of which is owed back; an approval that is open, a notice answered."""
    day = today()
    study = factories.study(
        group, title="Machbarkeit eines gemeinsamen Bauhofs", contractor="Kommunalberatung Nord GmbH",
        cost=Decimal("64000.50"), grant=Decimal(45500), begun_on=day - timedelta(days=120),
    )  # fmt: skip
    factories.study(
        group, title="Standort des Salzlagers", state=StudyState.FINISHED, grant=Decimal(9000),
        cost=Decimal(12000), finished_on=day - timedelta(days=400), repay_due_on=day - timedelta(days=3),
        result="Zwei Standorte sind geeignet; der gemeinsame kostet im Jahr 18 % weniger.",
    )  # fmt: skip
    sent = {"sent_on": day - timedelta(days=19), "note": "Mit Anlagen an das Postfach der Aufsicht"}
    approval = factories.approval(group, **sent)
    told = {"authority": "Regierungspräsidium Kassel", "authority_reason": "Vom Ministerium so bestimmt."}
    answered = {"sent_on": day - timedelta(days=90), "answered_on": day - timedelta(days=60)}
    factories.approval(group, kind=ApprovalKind.NOTICE, answer=Answer.NOTED, **answered, **told)
    return {"study": study.id, "approval": approval.id}


def _funding(group, by):
    """Judged, with costs; an application on its way, another granted, with papers and duties."""
    expected = {"amount": Decimal(150000), "amount_reason": "Sieben Kommunen beteiligen sich."}
    shared = {"substantial": True, "substantial_note": "alle Leistungen außer dem Friedhof"}
    judge(group, shared | expected, by)
    cost = {"staff_before": Decimal(412000), "material_before": Decimal("96500.75")}
    saved = {"staff_after": Decimal(340000), "material_after": Decimal(81000)}
    required = group.required
    rows = {required[0].id: cost | saved, required[1].id: cost}
    set_costs(group, rows, Decimal(1250000), by)
    granted = factories.application(group, submitted_on=today() - timedelta(days=500), purpose="Studie")
    done = {"granted": Decimal(9000), "amount_reason": "Nur die Studie.", "granted_on": today()}
    change_application(group, granted, _kept(granted) | done, by)
    one = factories.application(
        group, requested=Decimal(150000), amount_reason="Sieben Kommunen beteiligen sich.",
        applicant_id=place("Cölbe").id, note="Das Original liegt in Cölbe.",
    )  # fmt: skip
    for days, kind in ((28, StationKind.COUNTY), (9, StationKind.REGION)):
        arrived = {"arrived_on": today() - timedelta(days=days), "note": "mit allen Anlagen"}
        report_station(group, one, arrived | {"kind": kind}, by)
    papers = {
        PaperKind.LETTER: {"state": PaperState.PRESENT, "dated_on": today(), "note": "unterschrieben"},
        PaperKind.AGREEMENT: {"state": PaperState.DRAFT, "dated_on": None, "note": None},
    }  # fmt: skip
    set_papers(group, one, papers, by)
    paper = next(paper for paper in one.papers if paper.kind is PaperKind.LETTER)
    factories.document(group, name="Antrag mit sehr langem Namen.pdf", paper_id=paper.id)
    return {
        "application": one.id, "station": one.stations[0].id, "rules": one.rule_set_id, "paper": paper.id,
        "obligation": _duties(group, one, by),
    }  # fmt: skip


def _kept(one):
    """The columns of an application as its form sends them back."""
    return {name: getattr(one, name) for name in ("rule_set_id", "applicant_id", "purpose", "submitted_on")}


def _duties(group, one, by):
    """A duty that is late, one to come and one that is done."""
    clause = {"clause": "Bescheid vom 12.03.2024, Nr. 4", "note": "an das Regierungspräsidium"}
    late = {"kind": ObligationKind.PROOF, "due_on": today() - timedelta(days=5)}
    first = record_obligation(group, one, late | clause, by)
    record_obligation(group, one, {"kind": ObligationKind.REPORT, "due_on": today() + timedelta(days=20)}, by)
    done = {"done_on": today(), "due_on": today() + timedelta(days=400)}
    record_obligation(group, one, {"kind": ObligationKind.OTHER} | done, by)
    return first.id


def _every_stage():
    """A group of every stage, and more of one than a column of the board shows."""
    for number in range(10):
        factories.cooperation("Lich", "Laubach", title=f"Idee {number + 1}: gemeinsame Vergabestelle")
    usual = {"reached_on": today() - timedelta(days=80)}
    two = factories.cooperation("Hanau", "Fulda", title="Archiv", step=Step.INTERESTED, **usual)
    change_cooperation(two, {"adviser_id": factories.member("anna").id}, factories.member("anna"))
    study = factories.cooperation("Gießen", "Wetzlar", title="Ordnungsamt", **usual)
    factories.study(study, begun_on=today() - timedelta(days=9))
    asked = factories.cooperation("Bebra", "Hünfeld", title="Stadtmarketing", step=Step.INTERESTED)
    factories.resolution(asked, "Bebra", 3)
    factories.cooperation("Bad Karlshafen", "Trendelburg", title="Bauamt", step=Step.RESOLVED, **usual)
    running = factories.cooperation("Grebenau", "Romrod", title="Kasse", step=Step.ACTIVE, lead="Grebenau")
    change_role(running.partners[1], PartnerRole.MEMBER, factories.member("anna"))
    for stage, title in ((Stage.PAUSED, "Hallenbad"), (Stage.ABANDONED, "Musikschule"), (Stage.ENDED, "EDV")):
        over = factories.cooperation("Alsfeld", "Lauterbach (Hessen)", title=title, **usual)
        why = {"halt": stage, "halted_on": today() - timedelta(days=3), "halt_reason": WHY}
        halt(over, why, factories.member("mara"))


def _lists():
    """A list taken over and worked on since, and one that waits with something of everything to say."""
    mara = factories.member("mara")
    first = ("1", "Gemeinsame Kasse", "Lich; Laubach", "Idee")
    _plan, run = take(written(first, ("2", "", "Lich", "Idee")), "projekte_2026.csv", by=mara)
    factories.follow_up("Nachfragen", cooperation_id=_record(run), organisation_id=None, at="Lich")
    rows = [
        ("1", "Gemeinsame Kasse", "Lich; Laubach; Hungen", "läuft"),
        ("3", "Archiv", "Krichheim; Bebra", "Idee"),
        ("4", "Bauhof", "Cölbe; Lahntal; Zweckverband Unbekannt", "bewilligt"), ("5", "", "Lich", "Idee"),
        ("6", "EDV", "Buseck", "wer weiß"),
    ]  # fmt: skip
    keep_waiting(written(*rows), "projekte_2027.csv", "cooperations", mara)
    keep_waiting(old_list(*OLD), "beratungen_alt.csv", "talks", mara)
    return run.id


def long_list():
    """A long list that was not taken over; one on its way is looked at elsewhere."""
    by = factories.member("mara").id
    job = ImportJob(kind="talks", file_name="beratungen_alt.csv", digest="x", rows=4812, by_id=by)
    job.state, job.message = JobState.FAILED, "Inzwischen hat sich etwas geändert."
    db.session.add(job)
    db.session.flush()
    return job.id


def _record(run):
    return records_of(run)[0].record_id
