"""The German catalogue holds every text, with the same placeholders."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "crm/translations/de/LC_MESSAGES/messages.po"
PLACE = re.compile(r"%\((\w+)\)")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """Texts of code and templates as they are now, of some functions or of all."""
    target = tmp_path_factory.mktemp("texts") / "messages.pot"
    tool = Path(sys.executable).with_name("pybabel")

    def extract(*words):
        command = [tool, "-q", "extract", "-F", "pyproject.toml", *words, "-o", target, "crm", "templates"]
        subprocess.run(command, cwd=ROOT, check=True)
        with target.open("rb") as file:
            return read_po(file)

    return extract


@pytest.fixture(scope="module")
def wanted(extracted):
    """All of them."""
    return extracted("-k", "_l")


@pytest.fixture(scope="module")
def german():
    """The German catalogue as it is stored."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="de")


def test_every_text_is_translated_and_none_is_doubtful(wanted, german):
    missing = [message.id for message in wanted if message.id and not _whole(german.get(message.id))]
    assert missing == []
    assert [message.id for message in german if message.id and message.fuzzy] == []


def _whole(message):
    return message and all(message.string if isinstance(message.string, tuple) else [message.string])


def test_no_text_is_left_over(wanted, german):
    assert [message.id for message in german if message.id and wanted.get(message.id) is None] == []


def test_placeholders_are_the_same(german):
    for message in german:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        places = {name for text in ids for name in PLACE.findall(text)}
        for text in strings:
            assert set(PLACE.findall(text)) <= places, message.id
            assert places - set(PLACE.findall(text)) <= {"num"}, message.id


def test_no_text_is_asked_for_with_a_number_here_and_without_there(extracted):
    """Some versions of Python find a text that has a plural only when they are given the number."""
    only = "--no-default-keywords"
    plain = extracted(only, "-k", "_", "-k", "gettext", "-k", "_l", "-k", "lazy_gettext")
    counted = extracted(only, "-k", "ngettext:1,2", "-k", "lazy_ngettext:1,2")
    assert {one.id for one in plain if one.id} & {one.id[0] for one in counted if one.id} == set()
