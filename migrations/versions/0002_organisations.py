"""organisations"""

import sqlalchemy as sa
from alembic import op

revision = "0002_organisations"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "organisations",
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_organisations_level"), ["level"], unique=False)
        batch_op.create_index(op.f("ix_organisations_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "designations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("official_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_designations_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designations")),
    )
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_designations_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("organisation_id <> parent_id", name=op.f("ck_memberships_not_itself")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_memberships_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisations.id"], name=op.f("fk_memberships_parent_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_memberships_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(op.f("ix_memberships_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "organisation_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_keys_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_keys")),
    )
    with op.batch_alter_table("organisation_keys", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_organisation_keys_key"), ["key"], unique=False)
        batch_op.create_index(op.f("ix_organisation_keys_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "population_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("area_km2", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_population_figures_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_figures")),
        sa.UniqueConstraint(
            "organisation_id", "counted_on", name=op.f("uq_population_figures_organisation_id_counted_on")
        ),
    )
    op.create_table(
        "successions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["organisations.id"], name=op.f("fk_successions_predecessor_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["organisations.id"], name=op.f("fk_successions_successor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_successions")),
        sa.UniqueConstraint(
            "predecessor_id", "successor_id", name=op.f("uq_successions_predecessor_id_successor_id")
        ),
    )
    with op.batch_alter_table("successions", schema=None) as batch_op:
        batch_op.create_index("ix_successions_successor", ["successor_id"], unique=False)


def downgrade():
    with op.batch_alter_table("successions", schema=None) as batch_op:
        batch_op.drop_index("ix_successions_successor")

    op.drop_table("successions")
    op.drop_table("population_figures")
    with op.batch_alter_table("organisation_keys", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_organisation_keys_organisation_id"))
        batch_op.drop_index(op.f("ix_organisation_keys_key"))

    op.drop_table("organisation_keys")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_memberships_parent_id"))
        batch_op.drop_index(op.f("ix_memberships_organisation_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_designations_organisation_id"))

    op.drop_table("designations")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_organisations_sort_key"))
        batch_op.drop_index(op.f("ix_organisations_level"))

    op.drop_table("organisations")
