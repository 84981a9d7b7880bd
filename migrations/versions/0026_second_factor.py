"""second factor: secrets of apps, recovery codes, half sign-ins, and when a session was last proven"""

import sqlalchemy as sa
from alembic import op

revision = "0026_second_factor"
down_revision = "0025_sign_on"
branch_labels = None
depends_on = None


def _owner(table):
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"))


def upgrade():
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("user_sessions") as table:
        table.add_column(sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("elsewhere", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("user_sessions") as table:
        table.alter_column("elsewhere", server_default=None)
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.String(length=400), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_codes", sa.Text(), nullable=True),
        sa.Column("codes_at", sa.DateTime(timezone=True), nullable=True),
        _owner("second_factors"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_group", sa.String(length=4), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _owner("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("user_id", "first_group", name=op.f("uq_recovery_codes_user_id_first_group")),
    )
    op.create_table(
        "pending_sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.String(length=2000), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        _owner("pending_sign_ins"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pending_sign_ins_token_hash")),
    )
    with op.batch_alter_table("pending_sign_ins") as table:
        table.create_index(op.f("ix_pending_sign_ins_user_id"), ["user_id"], unique=False)


def downgrade():
    for name in ("pending_sign_ins", "recovery_codes", "second_factors"):
        op.drop_table(name)
    with op.batch_alter_table("user_sessions") as table:
        table.drop_column("elsewhere")
        table.drop_column("proven_at")
    with op.batch_alter_table("users") as table:
        table.drop_column("second_factor_at")
