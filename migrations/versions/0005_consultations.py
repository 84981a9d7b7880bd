"""consultations"""

import sqlalchemy as sa
from alembic import op

revision = "0005_consultations"
down_revision = "0004_task_fields"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "consultations",
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("file_reference", sa.String(length=100), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("agreements", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("preparation_minutes", sa.Integer(), nullable=True),
        sa.Column("travel_minutes", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal", sa.String(length=22), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "duration_minutes >= 0 AND preparation_minutes >= 0 AND travel_minutes >= 0",
            name=op.f("ck_consultations_times"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_consultations_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["consultations.id"], name=op.f("fk_consultations_follows_id_consultations")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["users.id"], name=op.f("fk_consultations_removed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_consultations_confidential"), ["confidential"], unique=False)
        batch_op.create_index(op.f("ix_consultations_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index("ix_consultations_held_on_state", ["held_on", "state"], unique=False)
        batch_op.create_index(op.f("ix_consultations_removed_at"), ["removed_at"], unique=False)
        batch_op.create_index(op.f("ix_consultations_state"), ["state"], unique=False)

    op.create_table(
        "consultation_staff",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_staff_consultation_id_consultations"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consultation_staff_user_id_users")),
        sa.PrimaryKeyConstraint("consultation_id", "user_id", name=op.f("pk_consultation_staff")),
    )
    with op.batch_alter_table("consultation_staff", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_consultation_staff_user_id"), ["user_id"], unique=False)

    op.create_table(
        "consultation_task_fields",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("task_field_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_task_fields_consultation_id_consultations"),
        ),
        sa.ForeignKeyConstraint(
            ["task_field_id"],
            ["task_fields.id"],
            name=op.f("fk_consultation_task_fields_task_field_id_task_fields"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", "task_field_id", name=op.f("pk_consultation_task_fields")),
    )
    with op.batch_alter_table("consultation_task_fields", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_consultation_task_fields_task_field_id"), ["task_field_id"], unique=False
        )

    op.create_table(
        "participations",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(length=32), nullable=False),
        sa.Column("represented_by", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=100), nullable=True),
        sa.Column("private_note", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_participations_consultation_id_consultations"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_participations_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint(
            "consultation_id",
            "organisation_id",
            name=op.f("uq_participations_consultation_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_participations_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "participation_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("function_called", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participations.id"],
            name=op.f("fk_participation_people_participation_id_participations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_participation_people_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation_people")),
        sa.UniqueConstraint(
            "participation_id", "person_id", name=op.f("uq_participation_people_participation_id_person_id")
        ),
    )
    with op.batch_alter_table("participation_people", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_participation_people_person_id"), ["person_id"], unique=False)


def downgrade():
    with op.batch_alter_table("participation_people", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_participation_people_person_id"))

    op.drop_table("participation_people")
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_participations_organisation_id"))

    op.drop_table("participations")
    with op.batch_alter_table("consultation_task_fields", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_consultation_task_fields_task_field_id"))

    op.drop_table("consultation_task_fields")
    with op.batch_alter_table("consultation_staff", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_consultation_staff_user_id"))

    op.drop_table("consultation_staff")
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_consultations_state"))
        batch_op.drop_index(op.f("ix_consultations_removed_at"))
        batch_op.drop_index("ix_consultations_held_on_state")
        batch_op.drop_index(op.f("ix_consultations_follows_id"))
        batch_op.drop_index(op.f("ix_consultations_confidential"))

    op.drop_table("consultations")
