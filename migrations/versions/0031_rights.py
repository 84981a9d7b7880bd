"""rights: agreements with their proof"""

import sqlalchemy as sa
from alembic import op

revision = "0031_rights"
down_revision = "0030_privacy"
branch_labels = None
depends_on = None

PURPOSES = ("mailings", "photos")
WAYS = ("form", "letter", "mail", "phone", "spoken", "link")


def _key(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _enum(name, values):
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _day(name, nullable=True):
    return sa.Column(name, sa.Date(), nullable=nullable)


def _moment(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _record(table):
    return (
        _number("id"), _number("version"), _moment("created_at", False), _moment("updated_at", False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _consents():
    op.create_table(
        "consents",
        _number("person_id"),
        sa.Column("purpose", _enum("purpose", PURPOSES), nullable=False),
        sa.Column("way", _enum("way", WAYS), nullable=False),
        sa.Column("text_mark", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        _day("asked_on", False), _day("given_on"), _moment("confirmed_at"), _day("withdrawn_on"),
        sa.Column("proof", sa.Text(), nullable=True),
        _number("entered_by_id", True),
        *_record("consents"),
        _key("consents", "person_id", "people"), _key("consents", "entered_by_id", "users"),
    )  # fmt: skip
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"])


def upgrade():
    _consents()


def downgrade():
    op.drop_table("consents")
