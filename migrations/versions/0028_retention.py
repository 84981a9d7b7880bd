"""retention: periods, the protocol of what went, and who read what is confidential"""

import sqlalchemy as sa
from alembic import op

revision = "0028_retention"
down_revision = "0027_barriers"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "retention_settings",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Integer(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_settings")),
        sa.UniqueConstraint("key", name=op.f("uq_retention_settings_key")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_retention_runs_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    op.create_index(op.f("ix_retention_runs_at"), "retention_runs", ["at"], unique=False)
    way = sa.Enum(
        "page", "form", "preview", "excerpt", "search", "print", "pdf", "log",
        name="way", native_enum=False, length=32,
    )  # fmt: skip
    op.create_table(
        "confidential_reads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("way", way, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_confidential_reads_user_id_users")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"],
            name=op.f("fk_confidential_reads_consultation_id_consultations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidential_reads")),
    )  # fmt: skip
    for name, columns in (("at", ["at"]), ("user_id", ["user_id"]), ("of_talk", ["consultation_id", "at"])):
        op.create_index(op.f(f"ix_confidential_reads_{name}"), "confidential_reads", columns, unique=False)
    op.create_table(
        "notice_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_texts")),
        sa.UniqueConstraint("mark", name=op.f("uq_notice_texts_mark")),
    )


def downgrade():
    op.drop_table("notice_texts")
    op.drop_table("confidential_reads")
    op.drop_table("retention_runs")
    op.drop_table("retention_settings")
