"""registrations: where to call a guest who has no mail address"""

import sqlalchemy as sa
from alembic import op

revision = "0039_phone_of_guests"
down_revision = "0038_promised_periods"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("registrations") as batch:
        batch.add_column(sa.Column("phone", sa.String(50)))


def downgrade():
    with op.batch_alter_table("registrations") as batch:
        batch.drop_column("phone")
