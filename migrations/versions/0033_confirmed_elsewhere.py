"""sign_on: a way to the service on which somebody signed in gives the password once more"""

import sqlalchemy as sa
from alembic import op

revision = "0033_confirmed_elsewhere"
down_revision = "0032_names"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("sign_on_starts") as batch:
        batch.add_column(sa.Column("confirms", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("sign_on_starts") as batch:
        batch.alter_column("confirms", server_default=None)


def downgrade():
    with op.batch_alter_table("sign_on_starts") as batch:
        batch.drop_column("confirms")
