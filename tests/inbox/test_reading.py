"""Mails of all kinds, read into text: what is expected of each."""

from email.message import EmailMessage
from email.mime.application import MIMEApplication

import pytest

from crm.inbox.models import Remark
from crm.inbox.reading import read_mail
from tests.inbox.mails import (
    B64,
    FROM,
    PAGE,
    PLAIN,
    mail,
    nested,
    of_kind,
    page,
    parts,
    raw,
    raw_lines,
)

pytestmark = pytest.mark.usefixtures("german")
TEXTS = {
    "plain": (raw(text="Hallo"), "Hallo"),
    "no kind": (raw_lines(FROM, body=b"Hallo"), "Hallo"),
    "only line feeds": (FROM + b"\n\nHallo\n", "Hallo"),
    "only carriage returns in the text": (raw_lines(FROM, body=b"a\rb"), "a\nb"),
    "utf-8": (raw(text="Grüße – „Ä“ €"), "Grüße – „Ä“ €"),
    "latin-1": (of_kind(b"text/plain; charset=iso-8859-1", "Grüße".encode("latin-1")), "Grüße"),
    "latin-1 that is Windows": (of_kind(b"text/plain; charset=iso-8859-1", b"\x84A\x93 \x80"), "„A“ €"),
    "windows-1252": (of_kind(b"text/plain; charset=windows-1252", "„Ä“ €".encode("cp1252")), "„Ä“ €"),
    "latin-15": (of_kind(b"text/plain; charset=iso-8859-15", "€ ß".encode("iso-8859-15")), "€ ß"),
    "utf-16": (of_kind(b"text/plain; charset=utf-16", "Grüße".encode("utf-16")), "Grüße"),
    "koi8-r": (of_kind(b"text/plain; charset=koi8-r", "Привет".encode("koi8-r")), "Привет"),
    "gb18030": (of_kind(b"text/plain; charset=gb18030", "北京".encode("gb18030")), "北京"),
    "iso-2022-jp": (of_kind(b"text/plain; charset=iso-2022-jp", "日本".encode("iso-2022-jp")), "日本"),
    "claims ascii, is utf-8": (of_kind(b"text/plain; charset=us-ascii", "ü".encode()), "ü"),
    "claims utf-8, is Windows": (of_kind(b"text/plain; charset=utf-8", b"Gr\xfc\xdfe"), "Grüße"),
    "unknown charset": (of_kind(b"text/plain; charset=x-gibt-es-nicht", "ü".encode()), "ü"),
    "charset that is none": (of_kind(b"text/plain; charset=rot13", b"Hallo"), "Hallo"),
    "charset that is a trick": (of_kind(b"text/plain; charset=punycode", b"a-b-c"), "a-b-c"),
    "charset with NUL": (of_kind(b"text/plain; charset=\x00utf-8", b"Hallo"), "Hallo"),
    "8 bit without a word": (raw_lines(FROM, body="ü".encode()), "ü"),
    "quoted-printable": (
        of_kind(
            b"text/plain; charset=utf-8",
            b"Gr=C3=BC=C3=9Fe und=\r\n mehr",
            b"Content-Transfer-Encoding: quoted-printable",
        ),
        "Grüße und mehr",
    ),
    "broken quoted-printable": (
        of_kind(b"text/plain", b"50 % =ZZ = und =3", b"Content-Transfer-Encoding: quoted-printable"),
        "50 % =ZZ = und =3",
    ),
    "base64": (of_kind(b"text/plain; charset=utf-8", b"R3LDvMOfZQ==", B64), "Grüße"),
    "base64 without its end": (of_kind(b"text/plain; charset=utf-8", b"R3LDvMOfZ", B64), None),
    "unknown encoding": (of_kind(b"text/plain", b"Hallo", b"Content-Transfer-Encoding: x-geheim"), "Hallo"),
    "controls and NUL": (raw_lines(FROM, body=b"a\x00b\x07c\x1b[31m"), "abc[31m"),
    "invisible and turned round": (raw(text="a\u200bb\u202ec\u00ad"), "abc"),
    "composed letters": (raw(text="Mu\u0308ller"), "Müller"),
    "lone surrogate": (of_kind(b"text/plain; charset=utf-8", b"a\xed\xa0\x80b"), None),
    "emoji": (raw(text="👩‍👩‍👧 🏳️‍🌈"), "👩‍👩‍👧 🏳️‍🌈"),
    "flowed": (
        of_kind(b"text/plain; format=flowed", b"Ein Satz, \r\nder weitergeht.\r\nNeuer Absatz."),
        "Ein Satz, der weitergeht.\nNeuer Absatz.",
    ),
    "flowed with a signature": (
        of_kind(b"text/plain; format=flowed", b"Gru\xc3\x9f\r\n-- \r\nP. H."),
        "Gruß\n--\nP. H.",
    ),
    "both forms": (parts(b"alternative", (PLAIN, b"Text"), (PAGE, b"<p>Seite")), "Text"),
    "plain form empty": (parts(b"alternative", (PLAIN, b" \r\n"), (PAGE, b"<p>Seite")), "Seite"),
    "page before the plain form": (parts(b"alternative", (PAGE, b"<p>Seite"), (PLAIN, b"Text")), "Text"),
    "page only": (
        page("<h1>Titel</h1><p>Ein&nbsp;Absatz &amp; mehr<br>Zeile</p>"),
        "Titel\n\nEin Absatz & mehr\nZeile",
    ),
    "list": (page("<ul><li>eins</li><li>zwei</ul>"), "- eins\n- zwei"),
    "table": (page("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>"), "a b\nc"),
    "links": (
        page("<a href='https://x.test/a'>hier</a> <a href='https://y.test'>https://y.test</a>"),
        "hier (https://x.test/a) https://y.test",
    ),
    "link to a script": (page("<a href='javascript:alert(1)'>hier</a>"), "hier"),
    "mail link": (page("<a href='mailto:a@b.test'>a@b.test</a>"), "a@b.test"),
    "nested links": (page("<a href='https://a.test'>x<a href='https://b.test'>y</a></a>"), None),
    "script and style": (page("<style>p{}</style><script>alert('<p>x')</script><p>da"), "da"),
    "comments": (page("<!-- weg > weg --><p>da<!-- nie zu"), "da nie zu"),
    "conditional comments": (page("<!--[if mso]>weg<![endif]--><p>da"), "da"),
    "pictures": (page("<p>da<img src='https://spur.test/1.gif' alt='Bild'>"), "da"),
    "events in tags": (page("<p onclick=\"alert('>')\">da"), None),
    "charset in the page": (
        raw_lines(FROM, b"Content-Type: text/html", body=b"<meta charset=iso-8859-1><p>Gr\xfc\xdfe"),
        "Grüße",
    ),
    "several texts": (parts(b"mixed", (PLAIN, b"eins"), (PLAIN, b"zwei")), "eins\n\nzwei"),
    "text and attachment": (
        parts(b"mixed", (PLAIN, b"Text"), (b"Content-Type: application/pdf; name=a.pdf", b"%PDF")),
        "Text",
    ),
    "text attached": (
        parts(
            b"mixed",
            (PLAIN, b"Text"),
            (PLAIN + b"\r\nContent-Disposition: attachment; filename=b.txt", b"nicht"),
        ),
        "Text",
    ),
    "date for a calendar": (
        parts(
            b"alternative",
            (PLAIN, b"Einladung"),
            (b"Content-Type: text/calendar; method=REQUEST", b"BEGIN:VCALENDAR"),
        ),
        "Einladung",
    ),
    "report of a delivery": (
        parts(
            b"report", (PLAIN, b"Unzustellbar"), (b"Content-Type: message/delivery-status", b"Status: 5.1.1")
        ),
        "Unzustellbar",
    ),
    "boundary never comes": (
        raw_lines(FROM, b"Content-Type: multipart/mixed; boundary=x", body=b"Text"),
        None,
    ),
    "no boundary": (raw_lines(FROM, b"Content-Type: multipart/mixed", body=b"Text"), None),
    "part without its end": (
        raw_lines(FROM, b"Content-Type: multipart/mixed; boundary=x", body=b"--x\r\n\r\nText"),
        "Text",
    ),
    "kind that is none": (of_kind(b"kaputt", b"Text"), "Text"),
    "kind with odd letters": (of_kind(b'text/plain; charset="utf-8', b"Text"), "Text"),
    "quoted name without end": (of_kind(b'text/plain; name="a', b"Text"), None),
    "12 deep": (nested(10), "Ganz innen"),
    "no text at all": (raw_lines(FROM, body=b""), ""),
    "mbox": (b"From p@x Thu Nov 12 10:00:00 2026\r\n" + raw(text="Hallo"), "Hallo"),
    "Apple Mail": (b"1234\n" + raw(text="Hallo"), "Hallo"),
    "byte-order mark": (b"\xef\xbb\xbf" + raw(text="Hallo"), "Hallo"),
    "empty lines first": (b"\r\n\r\n" + raw(text="Hallo"), "Hallo"),
    "commands of a template": (raw(text="{{7*7}} %s <b>&amp;"), "{{7*7}} %s <b>&amp;"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_the_text_of_a_mail(case):
    content, expected = TEXTS[case]
    read = read_mail(content)
    assert expected is None or read.text == expected
    assert not any(ord(one) < 32 and one != "\n" for one in read.text)
    assert read.sender_address in ("p@lahntal.test", "p.henkel@lahntal.test")


REMARKS = {
    Remark.CHARSET: of_kind(b"text/plain; charset=utf-8", b"a\x81b"),
    Remark.HTML: page("<p>da"),
    Remark.CUT: raw(text="wort " * 50_000),
    Remark.EMPTY: raw_lines(FROM, body=b" "),
    Remark.PARTS: parts(b"mixed", *[(PLAIN, b"x")] * 10_000),
    Remark.WINMAIL: parts(
        b"mixed", (PLAIN, b"x"), (b"Content-Type: application/ms-tnef; name=winmail.dat", b"x")
    ),
    Remark.ENCRYPTED: parts(
        b"encrypted",
        (b"Content-Type: application/pgp-encrypted", b"Version: 1"),
        (PLAIN, b"-----BEGIN PGP MESSAGE-----"),
    ),
}


@pytest.mark.parametrize("remark", REMARKS)
def test_what_a_reader_must_know_is_said(remark):
    assert remark.value in read_mail(REMARKS[remark]).remarks


@pytest.mark.parametrize(
    "content",
    [
        of_kind(b"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"MIAG", B64),
        raw(text="-----BEGIN PGP MESSAGE-----\nhQEMA"),
    ],
)
def test_what_is_encrypted_is_told(content):
    assert Remark.ENCRYPTED.value in read_mail(content).remarks


def test_a_signed_mail_is_read():
    signed = parts(
        b"signed", (PLAIN, b"Text"), (b"Content-Type: application/pkcs7-signature; name=smime.p7s", b"x")
    )
    read = read_mail(signed)
    assert (read.text, read.attachments, read.remarks) == ("Text", [], [])


def test_attachments_are_named_with_their_size_and_nothing_else():
    made = mail()
    made.add_attachment(
        b"x" * 3000, maintype="application", subtype="pdf", filename="../../Be\u202escheid ü.pdf"
    )
    made.add_attachment(b"y", maintype="application", subtype="octet-stream")
    made.attach(MIMEApplication(b"z", Name="ohne"))
    read = read_mail(made.as_bytes())
    assert [one["name"] for one in read.attachments] == ["Bescheid ü.pdf", "application/octet-stream", "ohne"]
    assert abs(read.attachments[0]["size"] - 3000) < 100
    assert "xxx" not in repr(read)


def test_an_attachment_that_lies_about_its_letters_is_named_all_the_same():
    """Found by the fuzz test: the library fails where a charset holds NUL and the part other letters."""
    liar = b'Content-Type: application/pdf; name=a.pdf; charset="a\x00b"'
    read = read_mail(parts(b"mixed", (PLAIN, b"Text"), (liar, b"\xff\xfe")))
    assert (read.text, [one["name"] for one in read.attachments]) == ("Text", ["a.pdf"])


def test_pictures_of_a_page_are_no_attachments():
    related = parts(
        b"related", (PAGE, b"<p>da"), (b"Content-Type: image/png; name=logo.png\r\nContent-ID: <a>", b"x")
    )
    assert read_mail(related).attachments == []


def test_attachments_beside_the_other_form_of_a_text_are_named():
    inner = b'Content-Type: multipart/mixed; boundary="i"'
    body = (
        b"--i\r\n"
        + PAGE
        + b"\r\n\r\n<p>Seite\r\n--i\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nx\r\n--i--"
    )
    read = read_mail(parts(b"alternative", (PLAIN, b"Text"), (inner, body)))
    assert (read.text, [one["name"] for one in read.attachments]) == ("Text", ["a.pdf"])


def test_a_mail_that_hangs_on_an_empty_one_is_read_instead():
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "anna@kikz.test", "WG: Bauhof"
    outer.add_attachment(mail(text="Der innere Text"))
    read = read_mail(outer.as_bytes())
    assert (read.text, read.sender_address) == ("Der innere Text", "p.henkel@lahntal.test")
    assert read.remarks == [Remark.INNER.value]


def test_a_mail_that_hangs_on_one_with_text_is_an_attachment():
    outer = mail(text="Siehe unten")
    outer.add_attachment(mail(subject="Innen"))
    read = read_mail(outer.as_bytes())
    assert (read.text, [one["name"] for one in read.attachments]) == ("Siehe unten", ["Innen.eml"])


def test_the_same_mail_is_told_however_it_was_saved():
    once, again = raw(Message_ID="<1@x.test>"), raw(Message_ID="<1@x.test>", X_Folder="Archiv")
    other = raw(Message_ID="<2@x.test>")
    marks = [read_mail(one).fingerprint for one in (once, again, other)]
    assert marks[0] == marks[1] != marks[2]
    assert read_mail(raw()).fingerprint == read_mail(raw(X_Folder="Archiv")).fingerprint
    assert read_mail(raw()).fingerprint != read_mail(raw(text="Anderes")).fingerprint
    nameless = [raw_lines(FROM, b"Message-ID: <>", body=body) for body in (b"a", b"b")]
    assert read_mail(nameless[0]).fingerprint != read_mail(nameless[1]).fingerprint
