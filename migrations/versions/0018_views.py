"""views: what lists are asked, saved under a name, and who has it as a tab"""

import sqlalchemy as sa
from alembic import op

revision = "0018_views"
down_revision = "0017_search"
branch_labels = None
depends_on = None

LISTS = ("follow-ups", "talks", "kommunen", "cooperations", "events", "contacts")


def upgrade():
    op.create_table(
        "saved_views",
        sa.Column(
            "list_name", sa.Enum(*LISTS, name="listname", native_enum=False, length=32), nullable=False
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_views_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint(
            "owner_id", "list_name", "name", name=op.f("uq_saved_views_owner_id_list_name_name")
        ),
    )
    with op.batch_alter_table("saved_views") as table:
        table.create_index("ix_saved_views_list_name", ["list_name", "shared"], unique=False)
    op.create_table(
        "view_pins",
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_view_pins_user_id_users")),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["saved_views.id"],
            name=op.f("fk_view_pins_view_id_saved_views"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("view_id", "user_id", name=op.f("pk_view_pins")),
    )
    with op.batch_alter_table("view_pins") as table:
        table.create_index(table.f("ix_view_pins_user_id"), ["user_id"], unique=False)


def downgrade():
    op.drop_table("view_pins")
    op.drop_table("saved_views")
