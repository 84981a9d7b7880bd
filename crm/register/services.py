"""Check a file, show what it would do, take it over."""

import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete

from crm.db import db
from crm.register import writing
from crm.register.checking import check
from crm.register.comparing import compare
from crm.register.models import WaitingFile
from crm.register.plan import Plan


def plan_of(
    content: bytes,
    all_states: bool = False,
    population_on: date | None = None,
    successors: Mapping[str, str] | None = None,
) -> Plan:
    """Check the bytes of an official file and compare it with the register; raises Refused."""
    return compare(check(content, all_states, population_on), successors)


def locked_plan_of(content: bytes, all_states: bool = False, **options: Any) -> Plan:
    """The same, and no other importing may begin before this transaction ends."""
    file = check(content, all_states, options.pop("population_on", None))
    writing.lock()
    return compare(file, **options)


def take_over(plan: Plan, file_name: str, by: Any) -> None:
    """Write what a plan says; the caller commits."""
    writing.apply(plan, file_name, by)


def keep_waiting(content: bytes, file_name: str, purpose: str, user: Any) -> WaitingFile:
    """Keep a checked file until its user decides; an earlier one for the same purpose goes."""
    drop(user, purpose)
    kept = WaitingFile(
        user_id=user.id, purpose=purpose, file_name=file_name[:200], content=zlib.compress(content)
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def content_of(waiting: WaitingFile) -> bytes:
    """Give the bytes of a waiting file."""
    return zlib.decompress(waiting.content)


def drop(user: Any, purpose: str) -> None:
    """Forget what waits for a user."""
    mine = delete(WaitingFile).where(WaitingFile.user_id == user.id, WaitingFile.purpose == purpose)
    db.session.execute(mine)
