"""`make where` says what each file is for, so that nobody has to open ten to find the one."""

import subprocess

from tools import where


def test_every_piece_of_code_says_what_it_is():
    silent = {one.path for one in where.files() if not one.said and not one.path.endswith(".html")}
    assert {path for path in silent if not (path.startswith("tests/") and "__init__" in path)} == set()


def test_what_a_file_says_is_its_first_paragraph(tmp_path):
    told = {
        "a.py": ('"""Seats:\nwho gets one.\n\nMore."""\n', "Seats: who gets one."),
        "b.sh": ("#!/usr/bin/env bash\n# Start it;\n# at once.\nset -e\n# later\n", "Start it; at once."),
        "c.html": ("{# The head. #}\n<p></p>", "The head."),
        "d.js": ("/* Keys\n   and so on. */\nconst a = 1;", "Keys and so on."),
        "e.css": (".a { color: red }", ""),
    }
    for name, (text, said) in told.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert where.read(tmp_path / name, tmp_path).said == said


def test_words_narrow_the_list(capsys):
    assert where.main(["who GETS", "seat"]) == 0
    assert capsys.readouterr().out.startswith("crm/registrations/seats.py: Who gets a seat.")


def test_names_of_things_are_found_and_shown(capsys):
    assert where.main(["remind_before"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("crm/minutes/queries.py: ")
    assert said.rstrip().endswith("[REMIND_BEFORE]")
    where.main(["session.js", "warning"])
    assert capsys.readouterr().out.rstrip().endswith("[WARNING]")
    where.main(["page.html", "submit"])
    assert capsys.readouterr().out.rstrip().endswith("[submit]")


def test_what_nothing_says_leads_to_the_glossary():
    done = subprocess.run(
        ["make", "where", "word=wiedervorlagenblatt"], cwd=where.ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "docs/glossary.md" in done.stdout
