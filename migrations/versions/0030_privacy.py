"""privacy: who is restricted, offered to the archive or erased, and what was sealed meanwhile"""

import sqlalchemy as sa
from alembic import op

revision = "0030_privacy"
down_revision = "0029_job_runs"
branch_labels = None
depends_on = None

STATES = ("restricted", "offered", "erased", "lifted")
STEPS = ("restricted", "offered", "released", "erased", "lifted")
OPEN = sa.text("state IN ('restricted', 'offered')")


def _key(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _moment(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade():
    op.create_table(
        "privacy_cases",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="casestate", native_enum=False, length=32), nullable=False),
        _moment("restricted_at", nullable=False),
        *(_moment(f"{step}_at") for step in STEPS[1:]),
        *(sa.Column(f"{step}_by_id", sa.Integer(), nullable=True) for step in STEPS),
        sa.Column("restricted_because", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("erased_because", sa.Text(), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("last_name_too", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        _moment("journaled_at"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("updated_at", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_cases")),
        _key("privacy_cases", "person_id", "people"),
        *(_key("privacy_cases", f"{step}_by_id", "users") for step in STEPS),
    )
    op.create_index(op.f("ix_privacy_cases_person_id"), "privacy_cases", ["person_id"])
    op.create_index("ix_privacy_cases_state", "privacy_cases", ["state"])
    op.create_index(
        "ix_privacy_cases_open", "privacy_cases", ["person_id"], unique=True, sqlite_where=OPEN,
        postgresql_where=OPEN,
    )  # fmt: skip
    op.create_table(
        "sealed_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_values")),
        _key("sealed_values", "case_id", "privacy_cases"),
    )
    op.create_index(op.f("ix_sealed_values_case_id"), "sealed_values", ["case_id"])


def downgrade():
    op.drop_table("sealed_values")
    op.drop_table("privacy_cases")
