"""definitions: saved reports, who gets them by mail, and the files of mails"""

import sqlalchemy as sa
from alembic import op

revision = "0016_definitions"
down_revision = "0015_releases"
branch_labels = None
depends_on = None

SPANS = (
    "this-year", "last-year", "this-quarter", "last-quarter", "this-month", "last-month", "next-3-months",
    "next-12-months", "fixed",
)  # fmt: skip


def _record():
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def upgrade():
    op.create_table(
        "mail_files",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *_record(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_files")),
        sa.UniqueConstraint("digest", name=op.f("uq_mail_files_digest")),
    )
    op.create_table(
        "mail_attachments",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        *_record(),
        sa.ForeignKeyConstraint(
            ["file_id"], ["mail_files.id"], name=op.f("fk_mail_attachments_file_id_mail_files")
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outgoing_mails.id"], name=op.f("fk_mail_attachments_mail_id_outgoing_mails")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_attachments")),
        sa.UniqueConstraint("mail_id", "file_id", name=op.f("uq_mail_attachments_mail_id_file_id")),
    )
    with op.batch_alter_table("mail_attachments") as table:
        table.create_index(table.f("ix_mail_attachments_file_id"), ["file_id"], unique=False)
    _saved_reports()
    op.create_table(
        "report_recipients",
        sa.Column("saved_report_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *_record(),
        sa.ForeignKeyConstraint(
            ["saved_report_id"],
            ["saved_reports.id"],
            name=op.f("fk_report_recipients_saved_report_id_saved_reports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_report_recipients_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_recipients")),
        sa.UniqueConstraint(
            "saved_report_id", "user_id", name=op.f("uq_report_recipients_saved_report_id_user_id")
        ),
    )
    with op.batch_alter_table("report_recipients") as table:
        table.create_index(table.f("ix_report_recipients_user_id"), ["user_id"], unique=False)


def _saved_reports():
    rhythm = sa.Enum("never", "monthly", "quarterly", name="rhythm", native_enum=False, length=32)
    op.create_table(
        "saved_reports",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("span", sa.Enum(*SPANS, name="span", native_enum=False, length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", rhythm, nullable=False),
        sa.Column("as_pdf", sa.Boolean(), nullable=False),
        sa.Column("as_xlsx", sa.Boolean(), nullable=False),
        sa.Column("mailed_until", sa.Date(), nullable=True),
        *_record(),
        sa.CheckConstraint(
            "(span = 'fixed') = (since IS NOT NULL AND until IS NOT NULL)",
            name=op.f("ck_saved_reports_fixed_days"),
        ),
        sa.CheckConstraint("until >= since", name=op.f("ck_saved_reports_order")),
        sa.CheckConstraint("as_pdf OR as_xlsx OR rhythm = 'never'", name=op.f("ck_saved_reports_some_file")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_reports_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reports")),
    )
    with op.batch_alter_table("saved_reports") as table:
        table.create_index(table.f("ix_saved_reports_owner_id"), ["owner_id"], unique=False)


def downgrade():
    for table in ("report_recipients", "saved_reports", "mail_attachments", "mail_files"):
        op.drop_table(table)
    # The version before knows no mails of this kind.
    op.execute("DELETE FROM outgoing_mails WHERE kind = 'report'")
