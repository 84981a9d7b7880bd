"""releases: frozen reports, which the database itself keeps from being changed"""

import sqlalchemy as sa
from alembic import op

revision = "0015_releases"
down_revision = "0014_closing"
branch_labels = None
depends_on = None

TABLE, FUNCTION = "frozen_reports", "keep_frozen_reports"
REFUSAL = "a frozen report cannot be changed"
ON_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION {FUNCTION}();
CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}();
"""


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("released_by_name", sa.String(length=200), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.Column("lists", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["users.id"], name=op.f("fk_frozen_reports_released_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_reports")),
    )
    op.create_index(op.f("ix_frozen_reports_released_at"), TABLE, ["released_at"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(ON_SQLITE.format(table=TABLE, verb=verb, refusal=REFUSAL))
    else:
        op.execute(ON_POSTGRESQL)


def downgrade():
    op.drop_table(TABLE)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}()")
