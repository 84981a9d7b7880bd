"""past: answers to questions about old lists, remembered columns"""

import sqlalchemy as sa
from alembic import op

revision = "0017_past"
down_revision = "0016_definitions"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "import_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        *_noted("import_answers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_answers")),
        sa.UniqueConstraint("kind", "mark", name=op.f("uq_import_answers_kind_mark")),
    )
    op.create_table(
        "import_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("header", sa.String(length=64), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        *_noted("import_mappings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint("kind", "header", name=op.f("uq_import_mappings_kind_header")),
    )


def _noted(table):
    return (
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f(f"fk_{table}_by_id_users")),
    )


def downgrade():
    for table in ("import_mappings", "import_answers"):
        op.drop_table(table)
