"""What was written, and the earlier mails below it."""

import pytest

from crm.inbox.quoting import split

HEAD = "Von: Anna <anna@kikz.test>\nGesendet: Donnerstag, 12. November 2026 10:00\nAn: Petra\nBetreff: Bauhof"
OUTLOOK = f"{HEAD}\n\nAlt."
ANSWERS = "> Passt Dienstag?\nJa.\n> Und der Ort?\nRathaus."
# What stands below what was written, and begins an earlier mail.
BELOW = {
    "Outlook, German": OUTLOOK,
    "Outlook with a line": f"{'_' * 32}\n{OUTLOOK}",
    "Outlook, English": "From: Anna\nSent: Thursday\nTo: P\n\nAlt.",
    "older Outlook": "-----Ursprüngliche Nachricht-----\nAlt.",
    "GroupWise": ">>> Anna 12.11.26 >>>\n> Alt.",
    "Thunderbird": "Am 12.11.26 um 10:00 schrieb Anna:\n> Alt.\n> Mehr.",
    "two lines of heading": "Am Do., 12. Nov. 2026 um 10:00 schrieb Anna <\nanna@kikz.test>:\n\n> Alt.",
    "English": "On Thu, Nov 12, 2026 at 10:00 AM Anna wrote:\n> Old.",
    "without marks": "Am 12.11.2026 um 10:00 schrieb Anna:\n\nAlt.",
    "name first": "Anna Adler schrieb am 12.11.2026 um 10:00:\n> Alt.",
    "forwarded by Thunderbird": "-------- Weitergeleitete Nachricht --------\nBetreff: x\n\nAlt.",
    "forwarded by Google": "---------- Forwarded message ---------\nFrom: x\n\nAlt.",
    "forwarded by Apple": "Anfang der weitergeleiteten Nachricht:\n\nAlt.",
}
# All of it was written: nothing is taken off.
WHOLE = {
    "nothing earlier": "Neu.\n\nGruß\n-- \nP. Henkel",
    "answers between": ANSWERS,
    "forwarded and nothing else": OUTLOOK,
    "a line that only looks so": "Von: dem Bauhof reden wir morgen.\nGruß",
    "somebody wrote something": "Frau Rupp schrieb am Montag dazu:\nJa.",
    "a drawn line": f"Eins\n{'-' * 20}\nZwei",
    "empty": "",
}


@pytest.mark.parametrize("case", BELOW)
def test_earlier_mails_are_parted_from_what_was_written(case):
    assert split(f"Neu.\n\nGruß\n\n{BELOW[case]}") == ("Neu.\n\nGruß", BELOW[case])


@pytest.mark.parametrize("case", WHOLE)
def test_what_was_written_stays_whole(case):
    assert split(WHOLE[case]) == (WHOLE[case], "")


def test_an_answer_below_the_quotation_is_what_was_written():
    assert split("Am 12.11. schrieb Anna:\n> Alt.\n\nNeu.") == ("Neu.", "Am 12.11. schrieb Anna:\n> Alt.")


@pytest.mark.parametrize("text", [*WHOLE.values(), *(f"Neu.\n{one}" for one in BELOW.values())])
def test_nothing_is_lost(text):
    both = "\n".join(split(text)).split("\n")
    assert sorted(line for line in both if line) == sorted(line for line in text.split("\n") if line)
