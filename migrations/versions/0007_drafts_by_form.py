"""drafts by form"""

import sqlalchemy as sa
from alembic import op

revision = "0007_drafts_by_form"
down_revision = "0006_follow_ups"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=43), nullable=False, server_default="1"))
        batch_op.drop_constraint(op.f("uq_drafts_user_id_path"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_drafts_user_id_path_key"), ["user_id", "path", "key"])
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.alter_column("key", server_default=None)


def downgrade():
    # Of several drafts at one address the one begun last stays.
    op.execute(
        "DELETE FROM drafts WHERE EXISTS (SELECT 1 FROM drafts AS newer WHERE newer.user_id = drafts.user_id"
        " AND newer.path = drafts.path AND newer.id > drafts.id)"
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_drafts_user_id_path_key"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_drafts_user_id_path"), ["user_id", "path"])
        batch_op.drop_column("key")
