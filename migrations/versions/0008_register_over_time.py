"""register over time"""

import sqlalchemy as sa
from alembic import op

revision = "0008_register_over_time"
down_revision = "0007_drafts_by_form"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "office",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("base_address", sa.String(length=300), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("file_reference", sa.String(length=100), nullable=False),
        sa.Column("print_head", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "body_members",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("organisation_id <> body_id", name=op.f("ck_body_members_not_itself")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_body_members_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["organisations.id"], name=op.f("fk_body_members_body_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_body_members_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_members")),
    )
    with op.batch_alter_table("body_members", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_body_members_body_id"), ["body_id"], unique=False)
        batch_op.create_index(op.f("ix_body_members_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "borders",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("neighbour_id", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.CheckConstraint("organisation_id < neighbour_id", name=op.f("ck_borders_once")),
        sa.ForeignKeyConstraint(
            ["neighbour_id"], ["organisations.id"], name=op.f("fk_borders_neighbour_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_borders_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "neighbour_id", name=op.f("pk_borders")),
    )
    with op.batch_alter_table("borders", schema=None) as batch_op:
        batch_op.create_index("ix_borders_neighbour", ["neighbour_id"], unique=False)

    op.create_table(
        "boundaries",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("loaded_on", sa.Date(), nullable=False),
        sa.Column("attribution", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_boundaries_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_boundaries")),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territory_on", sa.Date(), nullable=False),
        sa.Column("population_on", sa.Date(), nullable=False),
        sa.Column("states", sa.String(length=60), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["loaded_by_id"], ["users.id"], name=op.f("fk_editions_loaded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("territory_on", name=op.f("uq_editions_territory_on")),
    )
    op.create_table(
        "waiting_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_waiting_files_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_files")),
    )
    with op.batch_alter_table("waiting_files", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_waiting_files_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("supervisor", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("supervisor_reason", sa.String(length=300), nullable=True))


def downgrade():
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_column("supervisor_reason")
        batch_op.drop_column("supervisor")
        batch_op.drop_column("email")
        batch_op.drop_column("phone")
        batch_op.drop_column("address")

    with op.batch_alter_table("waiting_files", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_waiting_files_user_id"))

    op.drop_table("waiting_files")
    op.drop_table("editions")
    op.drop_table("boundaries")
    with op.batch_alter_table("borders", schema=None) as batch_op:
        batch_op.drop_index("ix_borders_neighbour")

    op.drop_table("borders")
    with op.batch_alter_table("body_members", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_body_members_organisation_id"))
        batch_op.drop_index(op.f("ix_body_members_body_id"))

    op.drop_table("body_members")
    op.drop_table("office")
