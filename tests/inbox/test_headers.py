"""The head of a mail: whatever stands there, a short clean text comes out."""

import pytest

from crm.inbox.models import Remark
from crm.inbox.reading import read_mail
from tests.inbox.mails import FROM, MOMENT, SENT, raw, raw_lines

pytestmark = pytest.mark.usefixtures("german")

HEADS = {
    "plain": (b"Subject: Bauhof", "Bauhof"),
    "none": (b"X-Nichts: da", ""),
    "empty": (b"Subject:", ""),
    "packed": (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    "packed in pieces": (b"Subject: =?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=", "Grüße"),
    "a letter in two pieces": (b"Subject: =?utf-8?b?w4?= =?utf-8?b?w6Q?=", None),
    "packed badly": (b"Subject: =?utf-8?b?R3L?=", None),
    "packed in no charset": (b"Subject: =?geheim?q?Hallo?=", "Hallo"),
    "raw utf-8": ("Subject: Grüße".encode(), "Grüße"),
    "raw latin-1": ("Subject: Grüße".encode("latin-1"), "Grüße"),
    "folded": (b"Subject: eins\r\n zwei", "eins zwei"),
    "twice": (b"Subject: eins\r\nSubject: zwei", "eins"),
    "another line packed in": (b"Subject: =?utf-8?q?a=0D=0ABcc:_x@y.test?=", "a Bcc: x@y.test"),
    "NUL": (b"Subject: a\x00b", "ab"),
    "HTML": (b"Subject: <script>alert(1)</script>", "<script>alert(1)</script>"),
}


@pytest.mark.parametrize("case", HEADS)
def test_the_subject_of_a_mail(case):
    line, expected = HEADS[case]
    found = read_mail(raw_lines(FROM, line)).subject
    assert expected is None or found == expected
    assert "\n" not in found
    assert "\r" not in found


PEOPLE = {
    "name and address": ("Petra Henkel <P.Henkel@Lahntal.test>", ("Petra Henkel", "p.henkel@lahntal.test")),
    "address only": ("p@lahntal.test", ("", "p@lahntal.test")),
    "quoted": ('"Henkel, Petra" <p@lahntal.test>', ("Henkel, Petra", "p@lahntal.test")),
    "packed": ("=?utf-8?q?J=C3=BCrgen?= <j@x.test>", ("Jürgen", "j@x.test")),
    "address as name": ("p@x.test <p@x.test>", ("", "p@x.test")),
    "two": ("A <a@x.test>, B <b@x.test>", ("A", "a@x.test")),
    "no address": ("Petra Henkel", ("Petra Henkel", "")),
    "empty": ("", ("", "")),
    "only signs": ("<>", ("", "")),
    "group": ("undisclosed-recipients:;", None),
    "address in a packed name": ("=?utf-8?q?Petra_=3Cp=40x=2Etest=3E?=", ("Petra <p@x.test>", "p@x.test")),
    "another line": ("a\r\n Bcc: b <c@x.test>", None),
    "comments": ("(" * 900 + "a@x.test", None),
    "long": ("x" * 5000 + " <p@x.test>", None),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_the_sender_of_a_mail(case):
    line, expected = PEOPLE[case]
    read = read_mail(raw_lines(b"From: " + line.encode(), b"Subject: x"))
    assert expected is None or (read.sender_name, read.sender_address) == expected
    assert len(read.sender_name) <= 200
    assert len(read.sender_address) <= 254
    assert "\n" not in read.sender_name


def test_somebody_else_stands_in_for_a_missing_sender():
    read = read_mail(raw_lines(b"Return-Path: <p@x.test>", b"Subject: x"))
    assert read.sender_address == "p@x.test"


DATES = {
    "right": (MOMENT, True),
    "with the name of the zone": ("Tue, 24 Nov 2020 10:00:00 +0100 (CET)", True),
    "GMT": ("Tue, 24 Nov 2020 10:00:00 GMT", True),
    "no zone": ("Tue, 24 Nov 2020 10:00:00", False),
    "unknown zone": ("Tue, 24 Nov 2020 10:00:00 -0000", False),
    "German": ("Dienstag, 24. November 2020 10:00", False),
    "no such day": ("Tue, 31 Feb 2020 10:00:00 +0100", False),
    "no such zone": ("Tue, 24 Nov 2020 10:00:00 +9999", False),
    "long ago": ("Thu, 01 Jan 1970 00:00:00 +0000", False),
    "far ahead": ("Tue, 24 Nov 2199 10:00:00 +0100", False),
    "beyond": ("Tue, 24 Nov 99999 10:00:00 +0100", False),
    "not a date": ("gestern", False),
    "numbers": ("9" * 150, False),
}


@pytest.mark.parametrize("case", DATES)
def test_the_moment_of_a_mail(case):
    line, known = DATES[case]
    read = read_mail(raw_lines(FROM, b"Date: " + line.encode()))
    assert (read.sent_at is not None) is known
    assert (Remark.DATE.value in read.remarks) is not known
    assert known or read.sent_text == line[:99] + "…" * (len(line) > 100)


def test_the_moment_is_kept_to_the_second():
    assert read_mail(raw()).sent_at == SENT
    assert read_mail(raw(Date=None)).sent_text == ""
