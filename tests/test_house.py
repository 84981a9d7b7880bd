"""The rules of the house, read from the source: import order, sizes, labels, commits."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CRM = ROOT / "crm"
ORDER = (
    "accounts", "sign_on", "office", "retention", "reads", "notices", "organisations", "register",
    "geography", "bodies", "contacts", "mail", "consents", "outputs", "second_factor", "task_fields",
    "follow_ups", "documents", "cooperations", "resolutions", "proceedings", "funding", "closing",
    "consultations", "events",
    "invitations", "registrations", "mailings", "attendance", "feedback", "examples", "barriers", "minutes",
    "calendars", "materials", "dispatches", "timelines", "elections", "inbox", "duplicates", "bulk",
    "search", "imports", "quicklog", "reports", "releases",
    "definitions", "views", "privacy", "rights", "reviews",
    "auditing", "operations", "help", "home",
)  # fmt: skip
SIBLINGS = {frozenset({"task_fields", "follow_ups"})}
AREAS = {path.parent.name for path in CRM.glob("*/models.py")} | {
    "calendars",
    "quicklog",
    "timelines",
    "reports",
    "auditing",
    "operations",
    "help",
    "home",
}
SCREEN = {
    "routes", "agenda", "public", "users", "lists", "visit", "sources", "presets", "panel", "board",
    "steps", "cli", "forgotten", "pasted", "after", "handouts", "table", "identities", "versions", "finder",
    "functions",
}  # fmt: skip
FILE_LINES, FUNCTION_LINES = 300, 25
FILES = sorted(CRM.rglob("*.py"))


def imports(path):
    """Every module a file imports, with the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""


def areas_of(module, name):
    """(area, file) a crm import leads to, or None."""
    parts = [*module.split("."), name]
    if parts[0] != "crm" or len(parts) < 2 or parts[1] not in AREAS:
        return None
    return parts[1], parts[2] if len(parts) > 2 else ""


def offences(path):
    """What a file imports against the order."""
    parts = path.relative_to(CRM).parts
    found = []
    for module, name in imports(path):
        target = areas_of(module, name)
        if target is None:
            continue
        if len(parts) == 1:
            if path.name not in ("__init__.py", "navigation.py"):
                found.append(f"core {path.name} imports {target}")
        elif target[0] != parts[0]:
            found += crossing(parts[0], path.stem, *target)
    return found


def crossing(area, stem, other, file):
    """Tell what is wrong with an import from one area into another."""
    if stem in SCREEN:
        return (
            [f"{area}/{stem} imports {other}/{file}"] if file in ("routes", "forms", "users", "lists") else []
        )
    left = ORDER.index(other) < ORDER.index(area)
    if not left or frozenset({area, other}) in SIBLINGS:
        return [f"{area}/{stem} imports {other}, which does not stand to its left"]
    if stem == "models" and file in ("queries", "services"):
        return [f"{area}/models imports {other}/{file}"]
    return [f"{area}/{stem} imports {other}/{file}"] if file in ("routes", "forms") else []


def test_every_area_has_its_place_in_the_order():
    assert set(ORDER) == AREAS


def rooms_in_the_guide(text):
    """The areas that the guide names, from the top."""
    return tuple(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))


def test_the_guide_names_every_area_in_order():
    guide = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert rooms_in_the_guide(guide) == ORDER
    assert rooms_in_the_guide(guide.replace("`mail`", "`mails`")) != ORDER


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md", "README.md"])
def test_guides_lead_to_files_that_exist(name):
    guide = ROOT / name
    text = guide.read_text(encoding="utf-8")
    named = re.findall(r"`((?:crm|tests|tools|templates|docs)/[^`<> ]+)`", text)
    linked = [one for one in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in one]
    assert [one for one in named if not any(ROOT.glob(one.rstrip("/")))] == []
    assert [one for one in linked if not (guide.parent / one).exists()] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CRM)))
def test_imports_point_left(path):
    assert offences(path) == []


def test_an_import_to_the_right_is_noticed():
    assert crossing("organisations", "services", "consultations", "queries")
    assert crossing("contacts", "models", "organisations", "services")
    assert not crossing("consultations", "services", "organisations", "queries")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CRM)))
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= FUNCTION_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("stem", ["services", "queries", "models", "forms"])
def test_only_the_outermost_caller_commits(stem):
    for path in CRM.glob(f"*/{stem}.py"):
        text = path.read_text(encoding="utf-8")
        assert ".commit(" not in text, path
        for word in ("request", "session", "flash", "render_template"):
            assert ("flask", word) not in set(imports(path)), f"{path} knows the web: {word}"


def test_every_public_function_says_what_it_does():
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            assert not public or ast.get_docstring(node), f"{path.name}: {node.name}"


def test_every_view_has_a_label_and_typed_numbers(app):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        assert hasattr(view, "permission"), f"{rule.endpoint} has no label"
        assert "<int:" not in rule.rule, rule


def test_an_unlabelled_view_is_closed(one_app, app, anna):
    view = app.view_functions["home.index"]
    label = view.permission
    del view.permission
    try:
        assert anna.get("/").status == 403
    finally:
        view.permission = label
