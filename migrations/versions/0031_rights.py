"""rights: agreements with their proof, requests of persons, limits of the use of their data"""

import sqlalchemy as sa
from alembic import op

revision = "0031_rights"
down_revision = "0030_privacy"
branch_labels = None
depends_on = None

PURPOSES = ("mailings", "photos")
RIGHTS = ("access", "correction", "restriction", "objection", "erasure")
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


def _requests():
    op.create_table(
        "rights_requests",
        _number("person_id"),
        sa.Column("kind", _enum("right", RIGHTS), nullable=False),
        sa.Column("way", _enum("way", WAYS), nullable=False),
        _day("asked_on", False), _day("due_on"),
        sa.Column("reason", sa.Text(), nullable=True),
        _day("answered_on"),
        sa.Column("answer", sa.Text(), nullable=True),
        _number("entered_by_id", True), _number("answered_by_id", True),
        *_record("rights_requests"),
        _key("rights_requests", "person_id", "people"),
        _key("rights_requests", "entered_by_id", "users"),
        _key("rights_requests", "answered_by_id", "users"),
    )  # fmt: skip
    op.create_index(op.f("ix_rights_requests_person_id"), "rights_requests", ["person_id"])
    op.create_index("ix_rights_requests_open", "rights_requests", ["answered_on", "due_on"])


def upgrade():
    with op.batch_alter_table("people") as table:
        table.add_column(_day("restricted_on"))
        table.add_column(_day("objected_on"))
    _consents()
    _requests()


def downgrade():
    for name in ("rights_requests", "consents"):
        op.drop_table(name)
    with op.batch_alter_table("people") as table:
        table.drop_column("objected_on")
        table.drop_column("restricted_on")
