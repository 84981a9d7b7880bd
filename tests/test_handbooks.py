"""The handbooks are true: what they name is there — addresses, commands, buttons, units, links, rights."""

import re
import subprocess
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from crm.access import GRANTS, Permission, Role
from tests.test_asvs import missing

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
FOLDERS_OF_BOOKS = ("betrieb", "security")
HANDBOOKS = [DOCS / f"{name}.md" for name in ("betrieb", "verwaltung", "datenschutz", "berichte")] + [
    path for name in FOLDERS_OF_BOOKS for path in sorted((DOCS / name).glob("*.md"))
]
LINKED = [*HANDBOOKS, ROOT / "README.md", *sorted((DOCS / "nachweise").glob("*.md"))]
# Folders of a server, which are no addresses of the program.
FOLDERS = ("srv", "etc", "var", "mnt", "root", "run", "usr", "tmp", "pfad", "crm")
CATALOGUE = ROOT / "crm" / "translations" / "de" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def german():
    """Every German text of the screen."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    return {one for message in catalogue for one in _texts(message.string)}


def _texts(string):
    return [string] if isinstance(string, str) else list(string)


def told(path):
    return path.read_text(encoding="utf-8")


BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def code(text):
    """Give what stands between backticks and, line by line, in the blocks of commands."""
    lines = [line for kind, block in BLOCK.findall(text) if kind in ("", "sh") for line in block.splitlines()]
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", text)) + lines


def wrong_addresses(app, text):
    """Name the addresses that lead nowhere."""
    found = [one for one in code(text) if re.fullmatch(r"/[a-zäöü0-9/._-]+", one)]
    ours = [one for one in found if one.split("/")[1] not in FOLDERS]
    return [one for one in ours if not _leads(app.url_map.bind("localhost"), one)]


def _leads(adapter, address):
    try:
        adapter.match(address)
    except (RequestRedirect, MethodNotAllowed):
        return True
    except NotFound:
        return False
    return True


def wrong_commands(app, text):
    """Name the commands that are not there, and those with an option they do not know."""
    found = []
    for line in code(text):
        for words in re.findall(r"(?:^|[ (/])(?:flask(?: --app wsgi)?|kikz) ([a-z][^#|;)]*)", line):
            if not words.startswith("kikz") and not _known(app.cli, words.split()):
                found.append(line)
    return found


def _known(command, words):
    while words and isinstance(command, click.Group):
        command, words = command.get_command(click.Context(command), words[0]), words[1:]
        if command is None:
            return False
    options = {name for one in command.params for name in one.opts} | {"--help"}
    return {word.split("=")[0] for word in words if word.startswith("--")} <= options


def wrong_names(german, text):
    """Name what is printed like a name on screen and stands on none."""
    marked = re.findall(r"\*\*„([^“]+)“\*\*", text)
    return [one for one in marked if " ".join(one.split()) not in german]


def wrong_links(path, text):
    """Name the links to other papers that lead nowhere, and those to a heading that is not there."""
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _sign, heading = target.partition("#")
        if "://" in target:
            continue
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (heading and heading not in headings(there.read_text(encoding="utf-8"))):
            found.append(target)
    return found


def headings(text):
    """Give the names by which a page calls its headings."""
    lines = re.findall(r"(?m)^#+ (.+)$", BLOCK.sub("", text))
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def wrong_shell(text):
    """Name what bash cannot read, scripts that are not there, and units nobody installs."""
    found = []
    for block in [block for kind, block in BLOCK.findall(text) if kind == "sh"]:
        read = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=False)
        found += [block] if read.returncode else []
    for line in code(text):
        found += [one for one in re.findall(r"\btools/[\w./-]+\w", line) if not (ROOT / one).exists()]
        found += [] if "systemctl" not in line else _missing_units(line)
    return found


def _missing_units(line):
    units = {unit.removesuffix(".service") for unit in re.findall(r"\bkikz[\w.@-]*", line)}
    return [one for one in units if not _unit(re.sub(r"@\w+", "@", one)) and "/" not in line]


def _unit(name):
    names = (name, f"{name}.service")
    return any((ROOT / "tools" / "system" / one).exists() for one in names)


def test_the_handbooks_name_addresses_that_lead_somewhere(app):
    assert {path.name: wrong for path in HANDBOOKS if (wrong := wrong_addresses(app, told(path)))} == {}


def test_the_handbooks_name_commands_with_options_that_are_there(app):
    assert {path.name: wrong for path in HANDBOOKS if (wrong := wrong_commands(app, told(path)))} == {}


def test_what_is_printed_like_a_button_is_on_a_screen(german):
    assert {path.name: wrong for path in HANDBOOKS if (wrong := wrong_names(german, told(path)))} == {}
    # A handbook for people at the screen names many of them.
    for name in ("verwaltung.md", "datenschutz.md"):
        assert told(DOCS / name).count("**„") > 20


def test_links_between_papers_lead_somewhere():
    assert {path.name: wrong for path in LINKED if (wrong := wrong_links(path, told(path)))} == {}


def test_commands_can_be_read_and_name_what_is_installed():
    assert {path.name: wrong for path in HANDBOOKS if (wrong := wrong_shell(told(path)))} == {}


FALSE = """Öffnen Sie `/kontenverwaltung`, dann **„Konto vernichten“**; mehr [hier](nirgends.md) und
[dort](betrieb.md#gibt-es-nicht). Auf dem Server `kikz sweep` oder `flask users create a@b.de --rolle x`,
danach `systemctl restart kikz-mailer`.

```sh
tools/nothing.sh
if true; then
```
"""


def test_control_a_false_handbook_is_found_out(app, german):
    assert wrong_addresses(app, FALSE) == ["/kontenverwaltung"]
    assert wrong_names(german, FALSE) == ["Konto vernichten"]
    assert len(wrong_commands(app, FALSE)) == 2
    assert wrong_links(DOCS / "x.md", FALSE) == ["nirgends.md", "betrieb.md#gibt-es-nicht"]
    assert len(wrong_shell(FALSE)) == 3


COLUMNS = (Role.READER, Role.ADVISER, Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR)


def rights(text):
    """Read the table of the concept of roles: of each permission, who has it."""
    rows = re.findall(r"(?m)^\| `([a-z-]+)` \|[^|]*\|(.*)\|$", text)
    return {
        name: {role for role, sign in zip(COLUMNS, signs.split("|"), strict=True) if sign.strip() == "ja"}
        for name, signs in rows
    }


def test_the_concept_of_roles_says_what_the_program_grants():
    text = told(DOCS / "security" / "rollenkonzept.md")
    granted = {one.value: {role for role in Role if one in GRANTS[role]} for one in Permission}
    assert rights(text) == granted
    # The control: one more yes.
    assert rights(text.replace("| nein |", "| ja |", 1)) != granted


# The requirements of the edition of 2023 that are still there.
REQUIRED = {
    "APP.3.1": (1, 4, 7, 8, 9, 11, 12, 14, 20, 21, 22),
    "CON.10": range(1, 19),
    "OPS.1.1.5": (1, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13),
}
ANSWERS = ("Programm", "Betrieb", "Geteilt", "Nicht betroffen")


def requirements(text):
    """Read the tables of IT-Grundschutz: of each requirement, who meets it and what shows it."""
    rows = re.findall(r"(?m)^\| ([A-Z]+[\d.]+\.A\d+) \| [BSH] \|[^|]+\|([^|]+)\|([^|]+)\|$", text)
    return [(name, who.strip(), proof.strip()) for name, who, proof in rows]


def test_every_requirement_of_it_grundschutz_has_an_answer_that_exists():
    text = told(DOCS / "security" / "grundschutz.md")
    lines = requirements(text)
    wanted = [f"{module}.A{number}" for module, numbers in REQUIRED.items() for number in numbers]
    assert sorted(name for name, _who, _proof in lines) == sorted(wanted)
    assert [name for name, who, _proof in lines if who not in ANSWERS] == []
    assert {name: lost for name, _who, proof in lines if (lost := missing(proof))} == {}
    # What the program is said to meet is shown by a test or a place.
    assert [name for name, who, proof in lines if who == "Programm" and len(proof) < 15] == []
    # The control: a test that was renamed.
    assert missing(requirements(text.replace("test_strangers_are_sent", "test_nobody_is_sent"))[0][2])


def settings_read(source):
    """The names of the settings a source reads; what only refuses to start is none."""
    return set(re.findall(r'environ(?:\.get\(|\[|, )"([A-Z_]+)"', source)) - {"FLASK_DEBUG"}


def settings_told(text):
    """The names in the first cells of the tables of settings."""
    cells = re.findall(r"^\| (`[A-Z_]+`(?:(?:, | oder )`[A-Z_]+`)*) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"[A-Z_]+", cell)}


def test_every_setting_is_told_and_every_told_one_is_read():
    read, text = settings_read(told(ROOT / "config.py")), told(DOCS / "betrieb.md")
    # How many processes `make run` starts is read by its script.
    assert settings_told(text) - {"WORKERS"} == read
    assert settings_told(text.replace("| `OFFER_HOURS` |", "| – |")) - {"WORKERS"} == read - {"OFFER_HOURS"}


def words_of_nothing(text, source):
    """The words of the glossary that stand nowhere in a source."""
    rows = re.findall(r"^\| [^|]+\| ([^|]+)\|", text, re.MULTILINE)
    named = {
        word for row in rows for one in re.findall(r"`([^`]+)`", row) for word in re.findall(r"\w+", one)
    }
    return named - set(re.findall(r"\w+", source))


def test_every_word_of_the_glossary_is_in_the_code():
    text = told(DOCS / "glossary.md")
    source = "\n".join(told(path) for path in sorted((ROOT / "crm").rglob("*.py")))
    assert words_of_nothing(text, source) == set()
    assert words_of_nothing(text.replace("`FollowUp`", "`Reminding`"), source) == {"Reminding"}
