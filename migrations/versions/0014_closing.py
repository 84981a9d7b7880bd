"""closing"""

import sqlalchemy as sa
from alembic import op

revision = "0014_closing"
down_revision = "0013_events"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "quarters",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by_id", sa.Integer(), nullable=True),
        sa.Column("reopened_because", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1 AND number <= 4", name=op.f("ck_quarters_number")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_quarters_closed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["reopened_by_id"], ["users.id"], name=op.f("fk_quarters_reopened_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarters")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_quarters_year_number")),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(consultation_id IS NULL) <> (event_id IS NULL)", name=op.f("ck_corrections_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_corrections_consultation_id_consultations"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_corrections_event_id_events")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_corrections_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    for columns, name in (
        (["consultation_id"], "ix_corrections_consultation_id"),
        (["event_id"], "ix_corrections_event_id"),
        (["year", "number"], "ix_corrections_quarter"),
    ):
        op.create_index(op.f(name), "corrections", columns)


def downgrade():
    op.drop_table("corrections")
    op.drop_table("quarters")
