"""inbox: mails that were put in, and what became of them"""

import sqlalchemy as sa
from alembic import op

revision = "0021_inbox"
down_revision = "0020_past"
branch_labels = None
depends_on = None


def upgrade():
    state = sa.Enum("open", "logged", "dismissed", name="mailitemstate", native_enum=False, length=32)
    op.create_table(
        "inbox_items",
        sa.Column("state", state, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_text", sa.String(length=100), nullable=True),
        sa.Column("sender_name", sa.String(length=200), nullable=True),
        sa.Column("sender_address", sa.String(length=254), nullable=True),
        sa.Column("recipients", sa.Text(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("quoted", sa.Text(), nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("follow_up_id", sa.Integer(), nullable=True),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_inbox_items_settled")),
        sa.CheckConstraint(
            "emptied_at IS NULL OR fingerprint IS NULL", name=op.f("ck_inbox_items_emptied")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_inbox_items_{column}_{table}"))
            for column, table in (
                ("uploaded_by_id", "users"), ("settled_by_id", "users"),
                ("consultation_id", "consultations"), ("follow_up_id", "follow_ups"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_items")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_inbox_items_fingerprint")),
    )  # fmt: skip
    there = sa.text("emptied_at IS NULL")
    with op.batch_alter_table("inbox_items") as table:
        table.create_index(
            "ix_inbox_items_state", ["state", "received_at"], unique=False,
            sqlite_where=there, postgresql_where=there,
        )  # fmt: skip
        for column in ("consultation_id", "follow_up_id"):
            table.create_index(table.f(f"ix_inbox_items_{column}"), [column], unique=False)


def downgrade():
    op.drop_table("inbox_items")
