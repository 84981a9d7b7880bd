"""Words in braces: a fixed set, replaced once and plainly; everything else is text."""

import pytest

from crm.braces import unknown
from crm.mail.models import MailKind
from crm.mailings.letters import Writer
from crm.mailings.recipients import Recipient
from crm.mailings.texts import KINDS, PLACEHOLDERS, fill, fill_line, offered, one_line, start, used
from tests import factories

LITERAL = (
    "{{7*7}}", "{0.__class__}", "%(x)s", "${7}", "{% if 1 %}", "{name!r}", "{name.__class__}", "{}",
    "{ name }", "{0}", "{name", "name}", "\\1", "\\g<0>", "<b>&amp;", "{#x#}", "{{config}}"[:2], "{link}"[:5],
)  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_what_is_no_word_in_braces_comes_out_as_it_is(text):
    assert unknown(text, PLACEHOLDERS) == []
    assert fill(text, {"name": "Petra"}) == text


@pytest.mark.parametrize("value", [*LITERAL, "{link}", "{name}", "{unbekannt}"])
def test_what_comes_in_with_a_name_or_title_is_not_looked_at_again(value):
    filled = fill("Guten Tag {name}, zu {titel}", {"name": value, "titel": value, "link": "GEHEIM"})
    assert filled == f"Guten Tag {value}, zu {value}"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{name} {vorname} {vorname}", ["vorname"]), ("{Name}", ["Name"]), ("{größe}", ["größe"]),
        ("{config}", ["config"]), ("{{config}}", ["config"]), ("{titel}{zeit}{ort}", []), ("{}", []),
    ],
)  # fmt: skip
def test_unknown_words_are_named_once(text, wrong):
    assert unknown(text, PLACEHOLDERS) == wrong


@pytest.mark.parametrize(
    "value",
    ["Petra\r\nBcc: x@y.de", "Petra\nBcc: x@y.de", "Petra\u2028Bcc: x", "Petra\u2029x", "a\x0bb", "a\x85b",
     "\x00a", "=?utf-8?q?Bcc:_x@y.de?=", "a\ud800b"],
)  # fmt: skip
def test_nothing_in_a_name_breaks_the_head_of_a_mail(value):
    for line in (fill_line("An {name}", {"name": value}), one_line(value)):
        assert len(line.splitlines()) == 1
        assert "=?" not in line
        line.encode()


def test_words_are_offered_where_they_say_something():
    assert "grund" in offered(MailKind.CALLED_OFF)
    assert not {"grund", "rueckmeldung"} & set(offered(MailKind.INVITATION))
    assert "rueckmeldung" in offered(MailKind.THANKS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_usual_texts_are_german_and_use_known_words_only(context, kind):
    subject, body = start(factories.event(), kind, with_documents=True)
    assert unknown(subject + body, PLACEHOLDERS) == []
    assert {"name", "titel", "zeit", "ort"} <= used(subject + body)
    assert body.startswith("Guten Tag {name},")
    assert "Mit freundlichen Grüßen\nKIKZ" in body
    assert "!" not in body
    assert ("{unterlagen}" in body) is (kind is MailKind.THANKS)


def test_sentences_about_what_is_not_known_are_left_out(context):
    event = factories.event(venue=None, place_id=None)
    body = start(event, MailKind.INVITATION, with_documents=False)[1]
    assert "{frist}" not in body
    assert "{ort}" not in body
    event.register_until = event.day
    assert "{frist}" in start(event, MailKind.INVITATION, with_documents=False)[1]
    assert "{unterlagen}" not in start(event, MailKind.THANKS, with_documents=False)[1]


def test_every_word_has_a_value(context):
    event = factories.event("Tagung {name} {{7*7}}")
    event.register_until = event.day
    paper = factories.event_paper(event)
    paper.for_guests = True
    factories.db.session.flush()
    text = "|".join(f"{{{word}}}" for word in PLACEHOLDERS)
    who = Recipient(
        "Dr. Ilse Rupp", "ilse@rupp.test", "Bürgermeisterin", "Lich", person_id=7, invitation_id=3
    )
    body = Writer(event, MailKind.INVITATION, "x", text).letter(who).body
    parts = body.split("\n\n")[0].split("|")
    assert parts[:4] == ["Dr. Ilse Rupp", "Bürgermeisterin", "Lich", "Tagung {name} {{7*7}}"]
    assert parts[4].endswith("09:30 bis 15:30 Uhr")
    assert parts[5] == "Kulturzentrum, Buseck"
    assert parts[6] == f"http://127.0.0.1:5000/anmeldung/{event.secret}?einladung=…"
    assert parts[7] == parts[6] + "#absagen"
    assert parts[8] == f"{event.day:%d.%m.%Y}"
    assert f"/anmeldung/{event.secret}/unterlagen/{paper.id}" in parts[9]
