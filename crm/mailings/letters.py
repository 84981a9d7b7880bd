"""One mail of a mailing: the words for one person, the personal links, the entry for the calendar."""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm import ics, links
from crm.documents.queries import for_guests
from crm.events.calendar_entry import entry_of, in_calendar, public_address
from crm.events.models import Event
from crm.events.moves import former, moves, place_of
from crm.events.times import when_in_full
from crm.i18n import day
from crm.invitations.queries import PURPOSE as INVITATION
from crm.mail.models import MailKind
from crm.mailings import queries
from crm.mailings.recipients import Recipient
from crm.mailings.texts import fill, fill_line, one_line
from crm.markdown import plain
from crm.registrations.letters import PURPOSE as REGISTRATION

OPT_OUT = "opt-out"
# Stands in previews and test mails for what only the person may know.
HIDDEN = "…"
DECLINE = "#absagen"
WITH_ENTRY = (MailKind.SAVE_THE_DATE, MailKind.INVITATION, MailKind.CHANGE, MailKind.CALLED_OFF)


@dataclass(frozen=True)
class Letter:
    """A mail as it is going to look."""

    subject: str
    body: str


def subject_of(event: Event, subject: str) -> str:
    """The subject with what it says about the event; words about a person stay in braces."""
    with force_locale("de"):
        values = {"titel": event.title, "zeit": when_in_full(event), "ort": event.where}
        return fill_line(subject, values | {"grund": event.cancelled_because or ""})


class Writer:
    """Writes the mails of one mailing; without `real` no personal link in them opens anything."""

    def __init__(self, event: Event, kind: MailKind, subject: str, body: str, real: bool = False):
        self.event, self.kind, self.subject, self.body, self.real = event, kind, subject, body, real
        with force_locale("de"):
            self.of_event = self._of_event()
            self.farewell = _("You do not want invitations of this kind any more? One click is enough:")
            self.calendar, self.with_video = self._calendar(False), self._calendar(True)

    def _of_event(self) -> dict[str, str]:
        event, page = self.event, public_address(self.event)
        papers = [f"{one.file_name}: {page}/unterlagen/{one.id}" for one in for_guests(event.id)]
        return {
            "titel": event.title, "zeit": when_in_full(event), "frist": day(event.register_until),
            "ort": place_of(event),
            "grund": event.cancelled_because or "", "text": plain(event.summary),
            "bisher": self._before(), "unterlagen": "\n".join(papers),
            "rueckmeldung": links.to("feedback.give", secret=event.secret),
        }  # fmt: skip

    def _before(self) -> str:
        """What people know of day and place that does not hold any more, with a heading; or nothing."""
        found = moves(self.event.id) if self.kind is MailKind.CHANGE else []
        since = queries.known_since(self.event.id, found[0][0]) if found else None
        known = [one for one in former(self.event, found, since) if one] if since else []
        return "\n".join([_("What does not hold any more:"), *known]) if known else ""

    def _calendar(self, video: bool) -> dict[str, str]:
        """The entry; guests with a seat got theirs with the video meeting and keep it so."""
        if self.kind not in WITH_ENTRY:
            return {}
        if not in_calendar(self.event):
            return {}
        method = "CANCEL" if self.kind is MailKind.CALLED_OFF else "PUBLISH"
        entry = entry_of(self.event, video=video)
        return {"calendar": ics.calendar([entry], method=method), "calendar_method": method}

    def values(self, who: Recipient) -> dict[str, str]:
        """What the words in braces mean for one person."""
        link = self._link(who)
        personal = {"name": who.name, "funktion": who.called, "kommune": who.place, "link": link}
        return self.of_event | personal | {"absage": link + DECLINE}

    def _link(self, who: Recipient) -> str:
        if who.registration_id:
            token = self._token(REGISTRATION, who.registration_id, who.address_key)
            return links.own(f"/meine-anmeldung/{token}")
        token = self._token(INVITATION, who.invitation_id or 0, who.email)
        return f"{public_address(self.event)}?einladung={token}"

    def _token(self, purpose: str, number: int, rests_on: Any) -> str:
        return links.make(purpose, number, rests_on) if self.real else HIDDEN

    def opt_out(self, who: Recipient) -> str | None:
        """The address where one click ends all mailings; people only the registration knows have none."""
        if who.person_id is None:
            return None
        token = links.make(OPT_OUT, who.person_id) if self.real else HIDDEN
        return links.own(f"/keine-post/{token}")

    def letter(self, who: Recipient) -> Letter:
        """The mail to one person."""
        values, away = self.values(who), self.opt_out(who)
        parts = [fill(self.body, values), *([f"{self.farewell}\n{away}"] if away else [])]
        return Letter(fill_line(self.subject, values)[:300], "\n\n".join(parts))

    def row(self, who: Recipient, mailing_id: int) -> dict[str, Any]:
        """The mail to one person as a row of the outbox."""
        letter = self.letter(who)
        return {
            "recipient": who.email, "recipient_name": one_line(who.name)[:300], "subject": letter.subject,
            "body": letter.body, "unsubscribe_url": self.opt_out(who), "mailing_id": mailing_id,
            "once_key": f"mailing-{mailing_id}-{who.invitation_id or 0}-{who.registration_id or 0}",
            "event_id": self.event.id, "person_id": who.person_id, "registration_id": who.registration_id,
            "calendar": None, "calendar_method": None,
            **(self.with_video if who.has_seat else self.calendar),
        }  # fmt: skip
