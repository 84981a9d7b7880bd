"""notices: which periods a text promises, for a longer period holds only for who is told of it"""

import sqlalchemy as sa
from alembic import op

revision = "0038_promised_periods"
down_revision = "0037_examples"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("notice_texts") as batch:
        batch.add_column(sa.Column("promised", sa.JSON()))


def downgrade():
    with op.batch_alter_table("notice_texts") as batch:
        batch.drop_column("promised")
