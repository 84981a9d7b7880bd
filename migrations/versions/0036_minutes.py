"""minutes: drafts, checks by personal links, remarks, and releases that the database keeps from changing"""

import sqlalchemy as sa
from alembic import op

revision = "0036_minutes"
down_revision = "0035_materials"
branch_labels = None
depends_on = None

RELEASES, FUNCTION = "minutes_releases", "keep_minutes_releases"
REFUSAL = "released minutes cannot be changed"
ON_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER {RELEASES}_no_change BEFORE UPDATE OR DELETE ON {RELEASES}
FOR EACH ROW EXECUTE FUNCTION {FUNCTION}();
CREATE TRIGGER {RELEASES}_no_truncate BEFORE TRUNCATE ON {RELEASES}
FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}();
"""
TEXTS = ("occasion", "situation", "results", "next_meeting")


def _record():
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def _to(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _key(table):
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade():
    _templates()
    _minutes()
    _checks()
    _releases()


def _templates():
    table = "minutes_templates"
    op.create_table(
        table,
        sa.Column("kind", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        *_record(),
        _key(table),
        sa.UniqueConstraint("kind", name=op.f(f"uq_{table}_kind")),
    )


def _minutes():
    table = "minutes"
    op.create_table(
        table,
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in TEXTS),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("silence_agrees", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_id", sa.Integer(), nullable=True),
        *_record(),
        sa.CheckConstraint(
            "(state = 'in-check') = (deadline_on IS NOT NULL)", name=op.f(f"ck_{table}_deadline")
        ),
        _to(table, "consultation_id", "consultations"),
        _to(table, "author_id", "users"),
        _to(table, "follow_up_id", "follow_ups"),
        _key(table),
        sa.UniqueConstraint("consultation_id", name=op.f(f"uq_{table}_consultation_id")),
    )
    op.create_index("ix_minutes_in_hand", table, ["state", "deadline_on"])
    for name in ("author_id", "follow_up_id"):
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])
    table = "minutes_agreements"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        _to(table, "minutes_id", "minutes"),
        _key(table),
    )
    op.create_index(op.f(f"ix_{table}_minutes_id"), table, ["minutes_id"])


def _checks():
    table = "minutes_checks"
    op.create_table(
        table,
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("second_hash", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_mark", sa.String(length=20), nullable=True),
        *_record(),
        sa.CheckConstraint(
            "(answer IN ('agreed', 'remarked')) = (answered_at IS NOT NULL)",
            name=op.f(f"ck_{table}_answered"),
        ),
        _to(table, "minutes_id", "minutes"),
        _to(table, "person_id", "people"),
        _key(table),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
        sa.UniqueConstraint("second_hash", name=op.f(f"uq_{table}_second_hash")),
    )
    op.create_index("ix_minutes_checks_of_round", table, ["minutes_id", "round"])
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])
    table = "minutes_remarks"
    op.create_table(
        table,
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        *_record(),
        _to(table, "check_id", "minutes_checks"),
        _to(table, "person_id", "people"),
        _to(table, "settled_by_id", "users"),
        _key(table),
    )
    for name in ("check_id", "person_id"):
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def _releases():
    table = RELEASES
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("released_by_name", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _to(table, "minutes_id", "minutes"),
        _to(table, "released_by_id", "users"),
        _to(table, "document_id", "documents"),
        _key(table),
        sa.UniqueConstraint("minutes_id", "edition", name=op.f(f"uq_{table}_minutes_id_edition")),
        sa.UniqueConstraint("document_id", name=op.f(f"uq_{table}_document_id")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(ON_SQLITE.format(table=table, verb=verb, refusal=REFUSAL))
    else:
        op.execute(ON_POSTGRESQL)


def downgrade():
    for table in (RELEASES, "minutes_remarks", "minutes_checks", "minutes_agreements", "minutes",
                  "minutes_templates"):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}()")
