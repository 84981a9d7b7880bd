"""bulk: what was done to many records at once, as long as it can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0019_bulk"
down_revision = "0018_views"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "bulk_actions",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["users.id"], name=op.f("fk_bulk_actions_undone_by_id_users")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bulk_actions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_actions")),
    )
    with op.batch_alter_table("bulk_actions") as table:
        table.create_index(table.f("ix_bulk_actions_user_id"), ["user_id"], unique=False)


def downgrade():
    op.drop_table("bulk_actions")
