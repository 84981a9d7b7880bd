"""examples: practice examples, the yearly question about them, referrals, and the public page's switch"""

import sqlalchemy as sa
from alembic import op

revision = "0037_examples"
down_revision = "0036_minutes"
branch_labels = None
depends_on = None

FORMS = (
    "working-community", "zweckverband", "public-law-agreement", "delegation", "mandate", "commission",
    "joint-institution", "joint-administration", "public-law-contract", "private-law", "merger",
    "fire-brigades",
)  # fmt: skip
ANSWERS = ("holds", "changed", "ended")


def _key(table, column, target, **more):
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, **more)


def _enum(name, values):
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name, length=None, nullable=True):
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=nullable)


def _record(table):
    return (
        _number("id"), _number("version"), _moment("created_at", False), _moment("updated_at", False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _index(table, *columns):
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _examples():
    name = "practice_examples"
    op.create_table(
        name, _number("cooperation_id"), _text("title", 200, False), _text("summary", nullable=False),
        sa.Column("legal_form", _enum("legalform", FORMS), nullable=True), _number("saving_euros", True),
        _text("saving_note", 300), _number("person_id", True), _moment("released_at", False),
        _number("released_by_id", True), _moment("withdrawn_at"),
        sa.Column("confirmed_on", sa.Date(), nullable=False), *_record(name),
        sa.CheckConstraint(
            "saving_euros IS NULL OR saving_euros >= 0", name=op.f("ck_practice_examples_saving")
        ),
        _key(name, "cooperation_id", "cooperations"), _key(name, "person_id", "people"),
        _key(name, "released_by_id", "users"),
        sa.UniqueConstraint("cooperation_id", name=op.f("uq_practice_examples_cooperation_id")),
    )  # fmt: skip
    _index(name, "person_id")
    op.create_index("ix_practice_examples_public", name, ["withdrawn_at", "confirmed_on"])


def _parts():
    name = "example_places"
    op.create_table(
        name, _number("example_id"), _number("organisation_id"), _text("name", 200, False),
        _number("position"), *_record(name),
        _key(name, "example_id", "practice_examples"), _key(name, "organisation_id", "organisations"),
    )  # fmt: skip
    _index(name, "example_id", "organisation_id")
    for name, column, target, more in (
        ("example_task_fields", "task_field_id", "task_fields", {}),
        ("example_documents", "document_id", "documents", {"ondelete": "CASCADE"}),
    ):
        op.create_table(
            name, _number("example_id"), _number(column),
            _key(name, "example_id", "practice_examples"), _key(name, column, target, **more),
            sa.PrimaryKeyConstraint("example_id", column, name=op.f(f"pk_{name}")),
        )  # fmt: skip
        _index(name, column)


def _inquiries():
    name = "example_inquiries"
    op.create_table(
        name, _number("example_id"), _number("person_id"), _text("address", 254, False),
        _text("token_hash", 64, False), _moment("expires_at", False), _moment("answered_at"),
        sa.Column("answer", _enum("answer", ANSWERS), nullable=True), _text("summary"),
        _number("saving_euros", True), _text("saving_note", 300), _text("remark"), _moment("settled_at"),
        *_record(name),
        _key(name, "example_id", "practice_examples"), _key(name, "person_id", "people"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_example_inquiries_token_hash")),
    )  # fmt: skip
    _index(name, "example_id", "person_id")
    op.create_index("ix_example_inquiries_open", name, ["answer", "settled_at"])


def _referrals():
    name = "referrals"
    op.create_table(
        name, _number("consultation_id"), _number("cooperation_id"), _number("made_by_id", True),
        *_record(name),
        _key(name, "consultation_id", "consultations"), _key(name, "cooperation_id", "cooperations"),
        _key(name, "made_by_id", "users"),
        sa.UniqueConstraint(
            "consultation_id", "cooperation_id", name=op.f("uq_referrals_consultation_id_cooperation_id")
        ),
    )  # fmt: skip
    _index(name, "cooperation_id")


def upgrade():
    _examples()
    _parts()
    _inquiries()
    _referrals()
    with op.batch_alter_table("office") as batch:
        batch.add_column(sa.Column("shows_examples", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("office") as batch:
        batch.alter_column("shows_examples", server_default=None)


def downgrade():
    with op.batch_alter_table("office") as batch:
        batch.drop_column("shows_examples")
    for name in (
        "referrals", "example_inquiries", "example_documents", "example_task_fields", "example_places",
        "practice_examples",
    ):  # fmt: skip
        op.drop_table(name)
