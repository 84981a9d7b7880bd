"""Database handle, the base class of all records, the clock, and SQLite set up right on every connection."""

import enum
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from flask import has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Engine,
    Enum,
    Integer,
    MetaData,
    Select,
    and_,
    cast,
    event,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from config import time_zone

BERLIN = time_zone()
MOST_VALUES = 10_000
V = TypeVar("V")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Many busy years stay in memory (64 MB at most); SQLite itself would read its 2 MB again and again.
# With recursive triggers REPLACE asks those of DELETE, too, which keep frozen reports as they are.
PRAGMAS = (
    "busy_timeout=30000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "cache_size=-64000",
    "journal_size_limit=8000000", "recursive_triggers=ON", "secure_delete=ON",
)  # fmt: skip

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time, aware and in UTC, on databases that forget the zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        """Refuse naive times, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value, dialect):
        """Give the zone back that SQLite dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Euro(TypeDecorator[Decimal]):
    """A sum of money in euros and cents, stored exactly as whole cents on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        """Store cents; a fraction of a cent is no money."""
        if value is None:
            return None
        cents = Decimal(value) * 100
        if cents != cents.to_integral_value():
            raise ValueError(f"{value} has more than two decimals")
        return int(cents)

    def process_result_value(self, value, dialect):
        """Give euros."""
        return None if value is None else Decimal(value) / 100


def _values(kind):
    return [member.value for member in kind]


TYPES = registry(
    type_annotation_map={
        datetime: Moment(),
        enum.Enum: Enum(
            enum.Enum, values_callable=_values, native_enum=False, create_constraint=False, length=32
        ),
    }
)


class Base(DeclarativeBase):
    """Base of all tables: one registry, named constraints."""

    registry = TYPES
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": True})
Model: Any = db.Model


def now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Give the day it is in Hessen, whatever the server thinks."""
    return datetime.now(BERLIN).date()


class Record(Model):
    """What every record has: number, version against lost updates, and its two moments."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 a directive gets the class
        """Count versions, so that two savings in the same instant cannot both win."""
        return {"version_id_col": cls.version}


class _Transaction:
    """How the next transaction on SQLite begins; writers take the lock at once instead of failing later."""

    immediate: ClassVar[str] = "BEGIN IMMEDIATE"
    deferred: ClassVar[str] = "BEGIN"

    @classmethod
    def start(cls, connection: Any) -> str:
        """Choose by the execution option `write`, else by the method of the request."""
        write = connection.get_execution_options().get("write")
        if write is None:
            write = not has_request_context() or request.method not in SAFE_METHODS
        return cls.immediate if write else cls.deferred


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _berlin_day(value: Any) -> Any:
    """The day of a stored moment, as SQLite keeps days."""
    return (
        datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(BERLIN).date().isoformat()
        if value
        else None
    )


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    """Wait half a minute for a lock and no longer; on SQLite make the other settings, too."""
    if type(connection).__module__.split(".")[0] != "sqlite3":
        connection.execute("SET lock_timeout = '30s'")
        connection.commit()
        return
    connection.isolation_level = None
    # SQLite's own lower() leaves Ä as it is, PostgreSQL's does not; searches must agree.
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.create_function("berlin_day", 1, _berlin_day, deterministic=True)
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_Transaction.start(connection))


@enum.unique
class Turn(enum.IntEnum):
    """What one process does after the other on PostgreSQL, with the number of its lock."""

    MIGRATION = 4421
    QUARTER = 4422
    SEAL = 4423
    STANDARD = 4424
    QUEUE = 4425


def take_turn(turn: Turn, shared: bool = False) -> None:
    """Wait until nobody is at it any more, and be at it until this transaction ends.

    With `shared` several may be at it at once, and none of them beside somebody alone. SQLite lets only one
    write at a time anyway.
    """
    if db.engine.dialect.name != "sqlite":
        lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        db.session.execute(select(lock(int(turn))))


def number_of(query: Select[Any]) -> Select[Any]:
    """Select how many records a selection has, without reading them."""
    number = func.count(query.column_descriptions[0]["entity"].id)
    return query.order_by(None).with_only_columns(number)


def count(query: Select[Any]) -> int:
    """Count the records of a selection."""
    return db.session.scalar(number_of(query)) or 0


def counts(queries: Sequence[Select[Any]]) -> list[int]:
    """Count the records of several selections in one statement."""
    numbers = [number_of(query).scalar_subquery() for query in queries]
    return [number or 0 for number in db.session.execute(select(*numbers)).one()] if numbers else []


def chunks(everything: Iterable[V], most: int = 500) -> Iterator[list[V]]:
    """Give many things in order, some at a time: as many as one statement takes, or one transaction."""
    known = list(everything)
    return (known[start : start + most] for start in range(0, len(known), most))


def values_of(query: Select[Any], numbers: Collection[int]) -> dict[int, Any]:
    """Give {number: value} for some numbers of a selection of (number, value), in one statement a page."""
    found: dict[int, Any] = {}
    # A file may have more rows than a statement takes values.
    for chunk in chunks(numbers, MOST_VALUES):
        part = query.where(query.selected_columns[0].in_(chunk))
        found |= {row[0]: row[1] for row in db.session.execute(part)}
    return found


def days_until(day: date, column: Any) -> Any:
    """Give the days from a column's day to another, as a number that the database can add up."""
    if db.engine.dialect.name == "sqlite":
        return func.julianday(literal(day)) - func.julianday(column)
    return type_coerce(literal(day) - column, Integer)


def berlin_day(column: Any) -> Any:
    """Give the day in Berlin of a moment's column."""
    if db.engine.dialect.name == "sqlite":
        return func.berlin_day(column, type_=Date)
    return cast(func.timezone("Europe/Berlin", column), Date)


def mentions(column: Any, text: str) -> Any:
    """Give the condition that a text stands in a column, in capitals or not."""
    exact = column.icontains(text, autoescape=True)
    if db.engine.dialect.name != "sqlite":
        return exact
    # SQLite's own LIKE knows capitals of ASCII only, but takes a tenth of the time: it goes first.
    pattern = "".join(f"/{one}" if one in "/%_" else one if one.isascii() else "_" for one in text)
    rough = column.like(f"%{pattern}%", escape="/")
    return rough if text.isascii() else and_(rough, exact)


@contextmanager
def short_write():
    """Open an own short writing transaction beside that of a reading page that must note something."""
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        yield connection
