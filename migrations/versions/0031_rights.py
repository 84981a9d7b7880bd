"""rights: agreements with their proof, requests of persons, limits, files handed out, contacts to review"""

import sqlalchemy as sa
from alembic import op

revision = "0031_rights"
down_revision = "0030_privacy"
branch_labels = None
depends_on = None

PURPOSES = ("mailings", "photos")
RIGHTS = ("access", "correction", "restriction", "objection", "erasure")
WAYS = ("form", "letter", "mail", "phone", "spoken", "link", "office")
DECISIONS = ("keep", "restrict", "erase")
PAPERS = ("contacts", "cards", "guests", "sign-in", "participants", "badges", "archive")


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


def _outputs():
    op.create_table(
        "outputs",
        _number("id"), _moment("at", False), _number("user_id"),
        sa.Column("paper", _enum("paper", PAPERS), nullable=False),
        sa.Column("ending", sa.String(length=8), nullable=False),
        sa.Column("filters", sa.Text(), nullable=True),
        _number("number"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outputs")),
        _key("outputs", "user_id", "users"),
    )  # fmt: skip
    op.create_index(op.f("ix_outputs_at"), "outputs", ["at"])
    op.create_table(
        "output_people",
        _number("id"), _number("output_id"), _number("person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_people")),
        sa.ForeignKeyConstraint(
            ["output_id"], ["outputs.id"], ondelete="CASCADE", name=op.f("fk_output_people_output_id_outputs")
        ),
        _key("output_people", "person_id", "people"),
        sa.UniqueConstraint("output_id", "person_id", name=op.f("uq_output_people_output_id_person_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_output_people_person_id"), "output_people", ["person_id"])


def _reviews():
    op.create_table(
        "contact_reviews",
        _number("person_id"), _day("put_on", False),
        sa.Column("decision", _enum("decision", DECISIONS), nullable=True),
        _day("decided_on"), _number("decided_by_id", True),
        *_record("contact_reviews"),
        _key("contact_reviews", "person_id", "people"), _key("contact_reviews", "decided_by_id", "users"),
    )  # fmt: skip
    op.create_index(op.f("ix_contact_reviews_person_id"), "contact_reviews", ["person_id"])
    op.create_index("ix_contact_reviews_decided_on", "contact_reviews", ["decided_on", "put_on"])


def upgrade():
    with op.batch_alter_table("people") as table:
        table.add_column(_day("restricted_on"))
        table.add_column(_day("objected_on"))
    _consents()
    _requests()
    _outputs()
    _reviews()


def downgrade():
    for name in ("contact_reviews", "output_people", "outputs", "rights_requests", "consents"):
        op.drop_table(name)
    with op.batch_alter_table("people") as table:
        table.drop_column("objected_on")
        table.drop_column("restricted_on")
