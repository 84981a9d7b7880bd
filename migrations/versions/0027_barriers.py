"""barriers: what people report about barriers in the program, and what they were answered"""

import sqlalchemy as sa
from alembic import op

revision = "0027_barriers"
down_revision = "0026_second_factor"
branch_labels = None
depends_on = None

TABLE = "barrier_reports"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=True),
        sa.Column("sender_email", sa.String(length=254), nullable=True),
        sa.Column("address_key", sa.String(length=254), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answer IS NULL)", name=op.f("ck_barrier_reports_answered")
        ),
        sa.CheckConstraint("answered_on >= received_on", name=op.f("ck_barrier_reports_order")),
        sa.CheckConstraint("due_on > received_on", name=op.f("ck_barrier_reports_due")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_barrier_reports_answered_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier_reports")),
        sa.UniqueConstraint("form_key", name=op.f("uq_barrier_reports_form_key")),
    )
    with op.batch_alter_table(TABLE) as table:
        table.create_index("ix_barrier_reports_open", ["answered_on", "due_on"])
        table.create_index("ix_barrier_reports_of_address", ["address_key", "created_at"])
        table.create_index(table.f("ix_barrier_reports_answered_by_id"), ["answered_by_id"])


def downgrade():
    op.drop_table(TABLE)
