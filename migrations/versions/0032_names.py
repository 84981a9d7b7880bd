"""names: which people the texts of a talk name, by number"""

import sqlalchemy as sa
from alembic import op

revision = "0032_names"
down_revision = "0031_rights"
branch_labels = None
depends_on = None


def _key(column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_namings_{column}_{target}"))


def upgrade():
    op.create_table(
        "namings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_namings")),
        _key("consultation_id", "consultations"),
        _key("person_id", "people"),
        sa.UniqueConstraint(
            "consultation_id", "person_id", name=op.f("uq_namings_consultation_id_person_id")
        ),
    )
    op.create_index(op.f("ix_namings_person_id"), "namings", ["person_id"])


def downgrade():
    op.drop_table("namings")
