"""contacts"""

import sqlalchemy as sa
from alembic import op

revision = "0003_contacts"
down_revision = "0002_organisations"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("academic_title", sa.String(length=50), nullable=True),
        sa.Column("first_name", sa.String(length=200), nullable=True),
        sa.Column("last_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal", sa.String(length=22), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["removed_by_id"], ["users.id"], name=op.f("fk_people_removed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_people_removed_at"), ["removed_at"], unique=False)
        batch_op.create_index(op.f("ix_people_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "functions",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal", sa.String(length=22), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_functions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_functions_person_id_people")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["users.id"], name=op.f("fk_functions_removed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functions")),
    )
    with op.batch_alter_table("functions", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_functions_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(op.f("ix_functions_person_id"), ["person_id"], unique=False)
        batch_op.create_index(op.f("ix_functions_removed_at"), ["removed_at"], unique=False)


def downgrade():
    with op.batch_alter_table("functions", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_functions_removed_at"))
        batch_op.drop_index(op.f("ix_functions_person_id"))
        batch_op.drop_index(op.f("ix_functions_organisation_id"))

    op.drop_table("functions")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_people_sort_key"))
        batch_op.drop_index(op.f("ix_people_removed_at"))

    op.drop_table("people")
