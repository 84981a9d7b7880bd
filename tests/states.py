"""What the filled database lacks: records in the trash, lists that wait, steps that can be taken back."""

from datetime import timedelta

from sqlalchemy import delete

from crm import drafts
from crm.accounts.services import lock_user
from crm.bodies.services import set_supervisor
from crm.closing.models import Span
from crm.closing.services import close
from crm.consultations import services as talks
from crm.contacts import services as contacts
from crm.cooperations import services as groups
from crm.cooperations.kinds import Stage
from crm.db import db, now, today
from crm.elections import services as elections
from crm.elections.answers import confirm
from crm.events import programme
from crm.events import services as events
from crm.events.models import EventState
from crm.examples.inquiries import answer
from crm.examples.models import Answer
from crm.examples.services import withdraw
from crm.follow_ups import services as work
from crm.imports.models import ImportJob
from crm.inbox.services import dismiss
from crm.mail.models import MailKind, MailState
from crm.mail.services import post
from crm.register.services import keep_waiting
from crm.second_factor import codes, services
from crm.second_factor.models import SecondFactor
from tests import factories
from tests.doors import cookie_of
from tests.examples import making as examples
from tests.factories import PASSWORD
from tests.geography import grid
from tests.imports.lists import written
from tests.inbox import mails
from tests.minutes import making as circulating
from tests.minutes import story
from tests.pages import CarefulClient
from tests.privacy import cases
from tests.register.editions import LATER, edition
from tests.second_factor.apps import Phone, phone_of

# Addresses whose first answer asks once more: the form on it is what saves.
ASKED_AGAIN = {"attendance.paste", "bulk.ask", "bulk.invite"}
# A code that was used stays used, whatever comes next: it is committed first, and alone.
SPENT = {"second_factor.renew_codes", "second_factor.switch_off"}, (["second_factors"], {"second_factors": 0})
# Why nothing of theirs can be left half: (reason, addresses).
NOTHING_HALF = {
    "writes sessions and attempts to sign in, or the protocol, which the walk passes over": {
        "accounts.end_sign_ins", "accounts.extend", "accounts.prove", "accounts.sign_in", "accounts.sign_ins",
        "accounts.sign_out", "privacy.tell_guest", "privacy.tell_person",
    },
    "writes nothing, it reads a line and shows a form": {"quicklog.full", "quicklog.into", "quicklog.read"},
    "is off without a service to sign on at; tests/sign_on walks it": {
        "sign_on.carry", "sign_on.confirm", "sign_on.identities", "sign_on.link_own",
        "sign_on.sign_out_there", "sign_on.unlink",
    },
    "is refused while anything waits to be read; a test of its own breaks it": {"privacy.erase"},
    "asks a browser between two steps; tests/second_factor walks it": {"second_factor.step"},
}  # fmt: skip


def further(app, chief="chef"):
    """Make what is lacking, for somebody who may do everything; give the pages with forms for it."""
    with app.app_context():
        by = factories.member(chief)
        urls = [*_trash(by), *_taken_back(by), *_planned(by), *_waiting(by)]
        db.session.commit()
    return urls


def _trash(by):
    """One of everything that can be restored."""
    person = factories.person("Fort", "Frieda")
    function = person.functions[0]
    contacts.remove_function(function, by)
    gone, talk, group = factories.person("Weg", "Willi"), factories.talk("Lahntal"), factories.cooperation()
    event, task = factories.event("Abgeräumt", state=EventState.PLANNED), factories.follow_up("Doppelt")
    election = factories.election("Wetter (Hessen)", in_days=-30)
    contacts.remove_person(gone, by)
    for area, one in ((talks, talk), (groups, group), (events, event), (work, task), (elections, election)):
        area.remove(one, by)
    paths = {
        "kontakte": gone, f"kontakte/{person.id}/funktionen": function, "beratungen": talk,
        "kooperationen": group, "veranstaltungen": event, "wiedervorlagen": task, "wahlen": election,
    }  # fmt: skip
    return [f"/{path}/{one.id}/wiederherstellen" for path, one in paths.items()]


def _taken_back(by):
    """What was done and can be undone."""
    done, body = factories.follow_up("Erledigt"), factories.body("Wasserverband Lahn")
    work.finish(done, by)
    set_supervisor(body, "Regierungspräsidium Darmstadt", "So bestimmt.", by)
    group = factories.cooperation("Cölbe", "Lahntal", title="Angehalten")
    groups.halt(group, {"halt": Stage.PAUSED, "halted_on": today(), "halt_reason": "Wahl"}, by)
    item, mail = mails.item(subject="Werbung"), post(MailKind.NOTICE, "weg@kommune.test", "Hinweis", "Text")
    dismiss(item, by)
    mail.state = MailState.REFUSED
    locked = factories.user("zu@kikz.test", "Zoe Zu")
    lock_user(locked, by)
    election = factories.election("Cölbe")
    factories.person("Amt", "Anne", "Kirchhain", role=factories.FunctionRole.HEAD, is_head=True)
    checked = factories.election("Kirchhain")
    confirm(factories.checks(checked), by)
    close(Span(1989, 1), by)
    partner = next(one for one in group.partners if one.steps)
    step = f"/kooperationen/{group.id}/partner/{partner.id}/stand/{partner.steps[0].step.value}"
    return [
        f"/wiedervorlagen/{done.id}", f"/stellen/{body.id}/aufsicht", f"/kooperationen/{group.id}", step,
        f"/posteingang/{item.id}", f"/postausgang/{mail.id}", f"/konten/{locked.id}",
        f"/wahlen/{checked.id}", f"/wahlen/{election.id}", "/berichte/quartale/1989/1/oeffnen",
        *_examples(by),
    ]  # fmt: skip


def _examples(by):
    """One that was taken back, one whose contact has sent corrections, one confirmed long ago."""
    gone, asked, old = (
        examples.example(examples.running(*places, title=title), examples.contact(title, at=places[0]))
        for title, *places in (
            ("Vorbei", "Lich", "Laubach"),
            ("Berichtigt", "Hungen", "Lich"),
            ("Alt", "Linden", "Pohlheim"),
        )
    )
    withdraw(gone, by)
    old.confirmed_on = today() - timedelta(days=300)
    said = {"answer": Answer.CHANGED, "summary": "Neu", "saving_euros": 1, "saving_note": "", "remark": ""}
    answer(examples.asked(asked)[0], said)
    return [f"/kooperationen/{one.cooperation_id}/praxisbeispiel" for one in (old, gone, asked)]


def _planned(by):
    """What is to come, begins today, or is kept for oneself."""
    coming, due = factories.talk("Marburg", days_ago=-5), factories.talk("Wetzlar", days_ago=-1)
    due.held_on = today()
    # Nobody is erased while a list is taken over.
    db.session.execute(delete(ImportJob))
    bare, begun = factories.event("Ohne Liste"), factories.event("Heute", in_days=0)
    for title in ("Begrüßung", "Pause"):
        programme.add(bare, {"starts_at": None, "title": title, "speaker": "", "person_id": None}, by)
    asks = factories.talk("Wohratal", "Rauschenberg")
    view = factories.saved_view(name="Meine", by="chef", pinned=["chef"])
    saved = factories.saved_report(name="Meiner", by="chef", recipients=["chef"])
    cases.restricted(factories.person("Ruht", "Rolf"))
    later = factories.follow_up("Verschieben")
    guest = factories.person("Gast", "Gerda", email="g.gast@lahntal.test")
    drafts.keep(by.id, "/beratungen/neu", [["note", "Halb"]])
    released, ready = circulating.minutes(), circulating.minutes(story.talk())
    circulating.release(released)
    ways = f"/veranstaltungen/{bare.id}", f"/veranstaltungen/{begun.id}/anwesenheit"
    return [
        f"/beratungen/{coming.id}", f"/beratungen/{due.id}", "/beratungen/neu", "/ansichten",
        f"/protokolle/{released.id}/berichtigen",
        *(f"/protokolle/{ready.id}/{step}" for step in ("abstimmen", "freigeben")),
        f"/ansichten/{view.id}/bearbeiten",
        f"/berichte/gespeichert/{saved.id}", "/personendaten/anbieten",
        *ways[:1], f"{ways[0]}/einladungen/hinzufuegen?person={guest.id}",
        f"{ways[1]}/ohne-anmeldung", f"{ways[1]}/liste",
        f"/auswahl/wiedervorlagen/verschieben?nummer={later.id}",
        f"/auswahl/kontakte/einladen?nummer={guest.id}", f"/erfahrung?beratung={asks.id}",
    ]  # fmt: skip


def _waiting(by):
    """Files that were checked and wait to be taken over."""
    rows = (("3", "Archiv", "Lich; Laubach", "Idee"),)
    keep_waiting(grid.collection(), "grenzen.geojson", "boundaries", by)
    keep_waiting(edition(LATER), "GV100AD.txt", "register", by)
    keep_waiting(written(*rows), "liste.csv", "cooperations", by)
    old = ("8.3.2012", "Tel.", "Homberg"), ("2013", "VA", "Lich")
    keep_waiting(written(*old, head=("Datum", "Art", "Kommunen")), "alt.csv", "talks", by)
    return [
        "/kommunen/grenzen/pruefung", "/verzeichnis/pruefung", "/importe/pruefung",
        "/importe/pruefung/fragen?art=talks",
    ]  # fmt: skip


def scripted(app, numbers):
    """Give (endpoint, address, fields, cookie) of what scripts send, and of steps with a second factor."""
    cookies = {name: _cookie(app, name) for name in ("bert", "rita")}
    phone = phone_of(app, "bert", recovery=1)
    phone_of(app, "nora", recovery=1)
    with app.app_context():
        bert, rita = factories.member("bert"), factories.member("rita")
        services.start(rita)
        secret = codes.opened(rita.id, db.session.get(SecondFactor, rita.id).sealed_secret)
        row = db.session.get(SecondFactor, bert.id)
        row.sealed_codes, row.codes_at = codes.seal(bert.id, ["1234-5678-9012"]), now()
        db.session.commit()
    own = {"password": PASSWORD, "code": phone.code}
    hit = {"kind": "organisation", "number": str(numbers["organisation_id"])}
    factor = "/konto/zweiter-faktor"
    return [
        ("accounts.keep_draft", "/entwurf?path=/kontakte/neu", {"note": "Halb"}, ""),
        ("accounts.drop_draft", "/entwurf/verwerfen?path=/beratungen/neu", {}, ""),
        ("search.note_use", "/suche/geoeffnet", hit, ""),
        ("second_factor.reset", f"/konten/{numbers['user_id']}/zweiter-faktor", {}, ""),
        ("second_factor.set_up", f"{factor}/einrichten", {"code": Phone(secret, []).code}, cookies["rita"]),
        ("second_factor.codes_made", f"{factor}/codes", {}, cookies["bert"]),
        ("second_factor.renew_codes", f"{factor}/neue-codes", own, cookies["bert"]),
        ("second_factor.switch_off", f"{factor}/ausschalten", own, cookies["bert"]),
    ]


def _cookie(app, name):
    client = CarefulClient(app)
    client.come_in(f"{name}@kikz.test")
    return cookie_of(client)
