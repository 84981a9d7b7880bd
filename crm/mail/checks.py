"""What may stand in the head of a mail: one line, one address, nothing that a program reads as a command."""

import re

from flask_babel import gettext as _

from crm.addresses import is_mail_address
from crm.errors import RuleBroken
from crm.mail.models import OutgoingMail
from crm.text import looks_packed

# Controls, all kinds of line ends, halves of characters.
_COMMANDS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SUBJECT, NAME = 300, 300


def line(text: str, most: int) -> str:
    """Give a text as one line of the head, blanks folded; raise RuleBroken for what is no such line."""
    if _COMMANDS.search(text):
        raise RuleBroken(_("A line break or control character stands in the header of a mail. Remove it."))
    if looks_packed(text):
        raise RuleBroken(_("“=?” stands in the header of a mail like the start of a hidden text. Remove it."))
    return " ".join(text.split())[:most]


def one_address(text: str) -> str:
    """Give an address; raise RuleBroken for several, for one with a name, and for what is none."""
    address = text.strip(" ")
    longest = OutgoingMail.recipient.type.length
    if len(address) > longest or not is_mail_address(address):
        shown = line("".join(one for one in text if one.isprintable()).replace("=?", ""), 80)
        said = _("“%(text)s” is no single e-mail address. Write it like this: name@example.de.", text=shown)
        raise RuleBroken(said)
    return address


def web_link(url: str | None) -> str | None:
    """Give the address of a page of ours for the head; anything else is a mistake of the program."""
    if url is None or re.fullmatch(r"https?://[!-;=?-~]{3,480}", url):
        return url
    raise ValueError("no address of a page")
