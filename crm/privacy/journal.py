"""Erasures are noted outside the database, too: a backup from before would bring everybody back.

One line of JSON for each: numbers and salted fingerprints, no name. The case keeps what the line says, so
that a line that could not be written is written later.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app

from crm import jobs
from crm.db import db, now
from crm.privacy import compacting, queries
from crm.privacy.models import Case


def path() -> Path:
    """Where the journal lies."""
    return Path(current_app.config["ERASURE_JOURNAL"])


def hashes_of(case: Case) -> dict[str, Any]:
    """Make the fingerprints of a case's sealed names and addresses, with a salt of their own."""
    salt = secrets.token_hex(16)
    people = [one.sealed for one in case.values if one.table_name == "people"]
    return {"salt": salt, "marks": sorted({mark for one in people for mark in _marks(salt, one)})}


def fits(line: dict[str, Any], values: dict[str, Any]) -> bool:
    """Tell whether a person's row is the one a line speaks of: the same name, or the same address."""
    return bool(_marks(line["salt"], values) & set(line["marks"]))


def _marks(salt: str, values: dict[str, Any]) -> set[str]:
    name = "\0".join((values.get(one) or "").strip().lower() for one in ("first_name", "last_name"))
    words = [one for one in (name, (values.get("email") or "").strip().lower()) if one.strip("\0")]
    return {hmac.new(bytes.fromhex(salt), one.encode(), hashlib.sha256).hexdigest() for one in words}


@jobs.duty("erasure-journal")
def write_missing() -> None:
    """Write a line for every erasure that has none yet, on the disk for certain, and note that; commits."""
    for case in queries.unjournaled():
        _append(
            {
                "erased_at": case.erased_at.isoformat(timespec="seconds") if case.erased_at else "",
                "person_id": case.person_id,
                "last_name_too": case.last_name_too,
                **case.hashes,
            }
        )
        case.journaled_at = now()
        db.session.commit()
        # A file of years takes its time: the worker writes it anew, no request.
        jobs.ring(compacting.DUTY)


def lines() -> Iterator[dict[str, Any]]:
    """Give all lines; one that a full disk has cut is left out."""
    if not path().is_file():
        return
    for text in path().read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and {"person_id", "salt", "marks"} <= line.keys():
            yield line


def _append(line: dict[str, Any]) -> None:
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A line break first: what a cut line left behind must not swallow this one.
    content = f"\n{json.dumps(line, sort_keys=True)}\n".encode()
    file = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)
