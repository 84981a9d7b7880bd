"""follow ups"""

import sqlalchemy as sa
from alembic import op

revision = "0006_follow_ups"
down_revision = "0005_consultations"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "follow_ups",
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("waiting_for", sa.String(length=200), nullable=True),
        sa.Column("about", sa.String(length=200), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal", sa.String(length=22), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "consultation_id IS NOT NULL OR organisation_id IS NOT NULL OR person_id IS NOT NULL",
            name=op.f("ck_follow_ups_hangs_on_something"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_follow_ups_consultation_id_consultations"),
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_follow_ups_done_by_id_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_follow_ups_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_follow_ups_owner_id_users")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_follow_ups_person_id_people")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["users.id"], name=op.f("fk_follow_ups_removed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_follow_ups_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(op.f("ix_follow_ups_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_follow_ups_owner_state_due", ["owner_id", "state", "due_on"], unique=False)
        batch_op.create_index(op.f("ix_follow_ups_person_id"), ["person_id"], unique=False)
        batch_op.create_index(op.f("ix_follow_ups_removed_at"), ["removed_at"], unique=False)


def downgrade():
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_follow_ups_removed_at"))
        batch_op.drop_index(op.f("ix_follow_ups_person_id"))
        batch_op.drop_index("ix_follow_ups_owner_state_due")
        batch_op.drop_index(op.f("ix_follow_ups_organisation_id"))
        batch_op.drop_index(op.f("ix_follow_ups_consultation_id"))

    op.drop_table("follow_ups")
