"""task fields"""

import sqlalchemy as sa
from alembic import op

revision = "0004_task_fields"
down_revision = "0003_contacts"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "task_fields",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("search_text", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["task_fields.id"], name=op.f("fk_task_fields_parent_id_task_fields")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_fields")),
    )
    with op.batch_alter_table("task_fields", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_task_fields_parent_id"), ["parent_id"], unique=False)


def downgrade():
    with op.batch_alter_table("task_fields", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_task_fields_parent_id"))

    op.drop_table("task_fields")
