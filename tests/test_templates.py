"""Templates: each one used, each used one there, nothing unescaped, nothing inline, none too long."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
NAMED = re.compile(r"[\"']([a-z_]+(?:/[a-z_]+)?\.html)[\"']")
IMPORT = re.compile(r"{%\s*from\s+\"[^\"]+\"\s+import\s+(.*?)\s*-?%}", re.S)
LINES = 100


def name(path):
    """Name of a template as code knows it."""
    return path.relative_to(TEMPLATES).as_posix()


def used():
    """Every template that code or another template names."""
    texts = [path.read_text(encoding="utf-8") for path in [*ALL, *(ROOT / "crm").rglob("*.py")]]
    return {found for text in texts for found in NAMED.findall(text)}


def test_every_template_is_used_and_every_used_one_exists():
    there = {name(path) for path in ALL}
    assert there - used() == set()
    assert used() - there == set()


@pytest.mark.parametrize("path", ALL, ids=name)
def test_templates_are_short_escaped_and_without_inline_code(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES
    assert not re.search(r"\|\s*safe", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert "autoescape" not in text


@pytest.mark.parametrize("path", ALL, ids=name)
def test_no_macro_is_imported_in_vain(path):
    text = path.read_text(encoding="utf-8")
    for match in IMPORT.finditer(text):
        for part in match[1].removesuffix("with context").split(","):
            wanted = part.split(" as ")[-1].strip()
            rest = text.replace(match[0], "")
            assert re.search(rf"\b{re.escape(wanted)}\b", rest), f"{wanted} is not used"
