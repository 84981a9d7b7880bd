"""The record of a talk (Vermerk): what goes into the file, as a page to print and as PDF.

A paper speaks to all who took part. What is private to one organisation is never read here.
"""

import re

from flask import abort, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.consultations import queries
from crm.consultations.models import Consultation, ConsultationState, Participation
from crm.consultations.routes import consultations
from crm.db import db
from crm.export import download
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from crm.i18n import clock, day, weekday_day
from crm.naming import in_markdown
from crm.office.models import Office
from crm.office.queries import office
from crm.papers import Fact, Paper, Prose, Table, to_pdf
from crm.reads import noting
from crm.reads.models import Way

# Files of the administration are kept in German, whatever the screen of the person speaks.
LANGUAGE = "de"


@consultations.route("/<id:consultation_id>/vermerk")
@requires(Permission.READ_CONTENT)
def record(consultation_id):
    """Show the record of a talk as a page without frame when printed."""
    talk = queries.one(current_user, consultation_id) or abort(404)
    noting.note(Way.PRINT, talk)
    return render_template("consultations/record.html", talk=talk, paper=paper_of(talk, office()))


@consultations.route("/<id:consultation_id>/vermerk.pdf")
@requires(Permission.READ_CONTENT)
def record_pdf(consultation_id):
    """Give the record of a talk as tagged PDF."""
    talk = queries.one(current_user, consultation_id) or abort(404)
    noting.note(Way.PDF, talk)
    issuer = office()
    paper, name, base_address = paper_of(talk, issuer), file_name(talk), issuer.base_address
    # All words are read; typesetting takes its time, and nobody need wait for this connection meanwhile.
    db.session.rollback()
    return download(to_pdf(paper, base_address), name, "pdf")


def file_name(talk: Consultation) -> str:
    """Name the file: Vermerk-2026-11-22-Cölbe-u-a."""
    first, *others = talk.places
    place = re.sub(r"\W+", "-", first).strip("-")[:60]
    return f"Vermerk-{talk.held_on:%Y-%m-%d}-{place}{'-u-a' if others else ''}"


def paper_of(talk: Consultation, issuer: Office) -> Paper:
    """Say a talk as a paper."""
    with force_locale(LANGUAGE):
        reference = talk.file_reference or issuer.reference(talk.held_on.year, talk.id)
        return Paper(
            language=LANGUAGE,
            title=_("Record: %(heading)s", heading=talk.heading),
            reference=reference,
            facts=_facts(talk, reference, issuer.base_address),
            parts=[_parties(talk), *_texts(talk), *_promises(follow_ups.of_consultation(talk.id))],
            head=issuer.letterhead,
            mark=_("CONFIDENTIAL") if talk.confidential else "",
            pages=_("Page {page} of {pages}"),
        )


def _facts(talk: Consultation, reference: str, base_address: str) -> list[Fact]:
    moment = ", ".join(part for part in (weekday_day(talk.held_on), clock(talk.starts_at)) if part)
    found = [
        Fact(_("File reference"), reference),
        Fact(_("Day"), moment),
        Fact(_("Kind"), str(talk.kind.label)),
        Fact(_("Channel"), str(talk.channel.label)),
        Fact(_("Place"), talk.place or "–"),
        Fact(_("Advised by"), ", ".join(one.name for one in talk.staff) or "–"),
        Fact(_("Task fields"), ", ".join(one.name for one in talk.task_fields) or "–"),
    ]
    if talk.cooperation:
        found.append(Fact(_("Cooperation"), talk.cooperation.title))
    if talk.state is not ConsultationState.HELD:
        found.append(Fact(_("State"), str(talk.state.label)))
    if base_address:
        url = base_address + url_for("consultations.show", consultation_id=talk.id)
        found.append(Fact(_("In the program"), url, url))
    return found


def _parties(talk: Consultation) -> Table:
    rows = [
        [
            "\n".join(part for part in (one.organisation_name, one.role) if part),
            str(one.presence.label) if talk.is_presence_known(one) else "–",
            "\n".join(_people(one)) or "–",
        ]
        for one in talk.participations
    ]
    return Table(_("Who took part"), [_("Organisation"), _("Presence"), _("People")], rows, [3, 2, 4])


def _people(row: Participation) -> list[str]:
    """Who was there for an organisation, with the function held that day."""
    found = [_("represented by %(name)s", name=row.represented_by)] if row.represented_by else []
    for who in row.people:
        name = who.person.name if who.person else _("removed person")
        found.append(f"{name} ({who.function_called})" if who.function_called else name)
    return found


def _texts(talk: Consultation) -> list[Prose]:
    texts = [
        Prose(_("What it was about"), in_markdown(talk.note) or _("No note yet.")),
        Prose(_("Agreements"), in_markdown(talk.agreements)),
        Prose(_("Next step"), in_markdown(talk.next_step)),
    ]
    return [one for one in texts if one.text]


def _promises(promised: list[FollowUp]) -> list[Table]:
    rows = [
        [
            one.text,
            ", ".join(whom.text for whom in (one.organisation, one.person) if whom) or "–",
            day(one.due_on),
            one.owner.name,
        ]
        for one in promised
    ]
    columns = [_("What is to be done?"), _("For whom"), _("Due on"), _("Responsible")]
    return [Table(_("Follow-ups"), columns, rows, [5, 3, 2, 3])] if rows else []
