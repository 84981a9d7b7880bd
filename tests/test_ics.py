"""Calendar text for strict programs: one entry stays one entry, and every moment comes back as it was."""

import io
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from icalendar import Calendar

from crm.db import BERLIN
from crm.ics import Entry, calendar

CHANGED = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 12, 10, 9, 30, tzinfo=BERLIN)
# The rule of a zone is told in local time.
NEW_YEAR = datetime(2045, 1, 1, tzinfo=UTC).replace(tzinfo=None)
OWN = {
    "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION",
    "URL", "CATEGORIES", "STATUS", "TRANSP",
}  # fmt: skip
NASTY = [
    "Test\r\nATTENDEE:mailto:x@y",
    "Test\nBEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM",
    "BEGIN:VALARM",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:fremd",
    "a;b,c\\d\\n:e",
    "ä" * 100,
    "Titel\x00mit\x07Zeichen\x1b[31m",
    "Zeile\u2028zwei\u2029drei\x85vier\x0bfünf",
    "👩‍🚒" * 40,
    "x" * 74 + "ß" * 74,
    "\ud800Rest",
    "\u202etxet",
    '"quoted";X=1:y',
    "\t\r\n",
]


def entry(**over):
    """An entry of two hours."""
    values = {
        "key": "event-7", "sequence": 3, "title": "Fachtagung", "starts": NINE,
        "ends": NINE + timedelta(hours=2),
        "changed_at": CHANGED,
    }  # fmt: skip
    return Entry(**(values | over))


def strict(text):
    """Read by two parsers that take no nonsense; give the entries of the first."""
    calendar = Calendar.from_ical(text)
    assert not calendar.errors
    found = [one for one in calendar.subcomponents if one.name == "VEVENT"]
    assert all(not one.errors for one in found)
    other = list(vobject.readOne(text).getChildren())
    assert len([one for one in other if one.name == "VEVENT"]) == len(found)
    return found


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_typed_becomes_a_line_of_its_own(context, nasty):
    text = calendar(
        [entry(title=nasty, place=nasty, text=nasty, categories=[nasty, "zwei"], url="https://a.b/c")]
    )
    found = strict(text)
    assert len(found) == 1
    assert not found[0].subcomponents
    assert set(found[0]) <= OWN
    assert "\n" not in found[0]["SUMMARY"]
    lines = text.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines), "no line ends inside a character"
    assert not any(byte in text.encode().replace(b"\r\n", b"") for byte in (b"\r", b"\n", b"\x00"))


def test_an_address_with_line_breaks_stays_one(context):
    found = strict(calendar([entry(url="https://a.b/c\r\nATTENDEE:mailto:x@y")]))
    assert (found[0]["URL"], "ATTENDEE" in found[0]) == ("https://a.b/c%20ATTENDEE:mailto:x@y", False)


def test_what_was_typed_is_read_back(context):
    found = strict(
        calendar([entry(title="a;b,c\\d", text="Eins\r\nzwei;\u00a0drei", place="Rathaus, Saal 1")])
    )
    assert found[0]["SUMMARY"] == "a;b,c\\d"
    assert found[0]["DESCRIPTION"] == "Eins\nzwei; drei"
    assert found[0]["LOCATION"] == "Rathaus, Saal 1"
    assert strict(calendar([entry(title="👩‍🚒 Wehr")]))[0]["SUMMARY"] == "👩‍🚒 Wehr"


def local(year, month, day, hour, minute=0, fold=0):
    """A clock time of Berlin."""
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


MOMENTS = [
    (local(2026, 7, 1, 9), local(2026, 7, 1, 16)),
    (local(2026, 12, 1, 9), local(2026, 12, 2, 16)),
    (local(2026, 10, 24, 22), local(2026, 10, 25, 6)),
    (local(2026, 10, 25, 2, 30), local(2026, 10, 25, 2, 30, fold=1)),
    (local(2026, 10, 25, 2, 30, fold=1), local(2026, 10, 25, 3, 30)),
    (local(2026, 10, 25, 1, 59), local(2026, 10, 25, 3)),
    (local(2027, 3, 28, 1, 30), local(2027, 3, 28, 3)),
    (local(2027, 3, 28, 3), local(2027, 3, 28, 3, 30)),
    (local(2027, 3, 28, 2, 30), local(2027, 3, 28, 4)),
    (local(1999, 3, 28, 3, 30), local(1999, 10, 31, 2, 30)),
]


def as_described(text, name):
    """Read a moment as a program does that knows no zone but the description inside the file."""
    written = re.search(rf"^{name}([^:]*):(\d+T\d+)(Z?)\r$", text.partition("BEGIN:VEVENT")[2], re.MULTILINE)
    zone = UTC if written[3] else tzical(io.StringIO(text)).get("Europe/Berlin")
    return datetime.strptime(written[2], "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize("times", MOMENTS)
def test_moments_come_back_as_they_were_whatever_the_clocks_do(context, times):
    text = calendar([entry(starts=times[0], ends=times[1])])
    found = strict(text)[0]
    for name, wanted in zip(("DTSTART", "DTEND"), times, strict=True):
        assert found[name].dt.astimezone(UTC) == wanted.astimezone(UTC)
        assert as_described(text, name) == wanted.astimezone(UTC)


def test_the_zone_is_told_once_and_only_where_it_is_used(context):
    days = entry(starts=date(2026, 12, 10))
    assert calendar([entry(), entry(key="b")]).count("BEGIN:VTIMEZONE") == 1
    assert "VTIMEZONE" not in calendar([days])
    assert "VTIMEZONE" not in calendar([])
    assert len(calendar([entry()]).encode()) < 1000


def test_every_change_of_the_clocks_is_described_at_its_moment(context):
    zone = next(
        one for one in Calendar.from_ical(calendar([entry()])).subcomponents if one.name == "VTIMEZONE"
    )
    changes = 0
    for part in zone.subcomponents:
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part["DTSTART"].dt)
        for onset in rule.between(NEW_YEAR.replace(year=1996), NEW_YEAR):
            # RFC 5545, 3.6.5: the onset is told in the time that ends with it.
            moment = (onset - before).replace(tzinfo=UTC)
            assert (moment - timedelta(seconds=1)).astimezone(BERLIN).utcoffset() == before, onset
            assert moment.astimezone(BERLIN).utcoffset() == after, onset
            changes += 1
    assert changes == 2 * 49


@pytest.mark.parametrize(("last", "ends"), [(None, 11), (date(2026, 12, 10), 11), (date(2026, 12, 12), 13)])
def test_days_end_with_the_day_after_the_last_one(context, last, ends):
    found = strict(calendar([entry(starts=date(2026, 12, 10), ends=last)]))[0]
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 12, 10), date(2026, 12, ends))
    assert found["TRANSP"] == "TRANSPARENT"


def test_an_end_that_is_no_end_is_left_out(context):
    assert "DTEND" not in strict(calendar([entry(ends=NINE)]))[0]
    assert "DTEND" not in strict(calendar([entry(ends=NINE - timedelta(hours=1))]))[0]
    assert "DTEND" not in strict(calendar([entry(ends=None)]))[0]


def test_name_number_and_state_of_an_entry(context):
    found = strict(calendar([entry(cancelled=True)]))[0]
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == ("event-7@127.0.0.1", 3, "CANCELLED")
    assert found["DTSTAMP"].dt == found["LAST-MODIFIED"].dt == CHANGED
    assert calendar([entry()]) == calendar([entry()])


def test_a_feed_says_its_name_and_when_to_ask_again(context):
    text = calendar([entry()], "Termine", again=timedelta(minutes=15))
    made = Calendar.from_ical(text)
    assert made["X-WR-CALNAME"] == "Termine"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in text
    assert "X-PUBLISHED-TTL:PT15M" in text


SCRIPT = """
import hashlib, time
from datetime import UTC, date
from crm import create_app
from crm.ics import calendar
from config import SuiteSettings
from tests.test_ics import MOMENTS, entry
with create_app(SuiteSettings("sqlite://")).app_context():
    made = [entry(key=f"e-{n}", starts=a, ends=b) for n, (a, b) in enumerate(MOMENTS)]
    text = calendar([*made, entry(key="day", starts=date(2026, 3, 29), ends=date(2026, 3, 30))])
print(time.strftime("%Z"), hashlib.sha256(text.encode()).hexdigest())
"""


def test_three_zones_of_the_server_give_the_same_bytes():
    root = Path(__file__).parent.parent
    said = {}
    for zone in ("UTC", "Europe/Berlin", "America/St_Johns"):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=root, env=os.environ | {"TZ": zone}, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        name, digest = run.stdout.split()[-2:]
        said[name] = digest
    assert len(said) == 3, "the zones were really set"
    assert len(set(said.values())) == 1
