"""documents: on talks, groups and places; versions, confidential ones, pictures of pages"""

import sqlalchemy as sa
from alembic import op

revision = "0034_documents"
down_revision = "0033_confirmed_elsewhere"
branch_labels = None
depends_on = None

BEFORE = ("resolution_id", "paper_id", "event_id")
ADDED = {
    "consultation_id": "consultations",
    "cooperation_id": "cooperations",
    "organisation_id": "organisations",
}


def hangs_on_one(owners):
    return " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in owners) + " = 1"


def upgrade():
    with op.batch_alter_table("documents") as batch:
        batch.drop_constraint(op.f("ck_documents_hangs_on_one"), type_="check")
        for name, table in ADDED.items():
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_documents_{name}_{table}"), table, [name], ["id"])
            batch.create_index(op.f(f"ix_documents_{name}"), [name], unique=False)
        batch.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("confidential", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_foreign_key(
            op.f("fk_documents_previous_id_documents"), "documents", ["previous_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_documents_previous_id"), ["previous_id"])
        batch.create_check_constraint(op.f("ck_documents_hangs_on_one"), hangs_on_one((*BEFORE, *ADDED)))
    with op.batch_alter_table("documents") as batch:
        batch.alter_column("confidential", server_default=None)
    _pictures()
    with op.batch_alter_table("confidential_reads") as batch:
        batch.add_column(sa.Column("document_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_confidential_reads_document_id_documents"), "documents", ["document_id"], ["id"],
            ondelete="SET NULL",
        )  # fmt: skip
        batch.create_index(op.f("ix_confidential_reads_document_id"), ["document_id"], unique=False)


def _pictures():
    op.create_table(
        "document_previews",
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_previews_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_previews")),
    )  # fmt: skip
    op.create_table(
        "document_pictures",
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document_previews.document_id"],
            name=op.f("fk_document_pictures_document_id_document_previews"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_document_pictures")),
    )  # fmt: skip


def downgrade():
    with op.batch_alter_table("confidential_reads") as batch:
        batch.drop_index(op.f("ix_confidential_reads_document_id"))
        batch.drop_constraint(op.f("fk_confidential_reads_document_id_documents"), type_="foreignkey")
        batch.drop_column("document_id")
    op.drop_table("document_pictures")
    op.drop_table("document_previews")
    # What hangs on talks, groups and places cannot be kept by the release before.
    files = sa.table("documents", sa.column("id"), sa.column("previous_id"), *map(sa.column, ADDED))
    words = sa.table("document_texts", sa.column("document_id"))
    added = sa.or_(*(files.c[name].is_not(None) for name in ADDED))
    op.execute(files.update().values(previous_id=None))
    op.execute(words.delete().where(words.c.document_id.in_(sa.select(files.c.id).where(added))))
    op.execute(files.delete().where(added))
    with op.batch_alter_table("documents") as batch:
        batch.drop_constraint(op.f("ck_documents_hangs_on_one"), type_="check")
        batch.drop_constraint(op.f("uq_documents_previous_id"), type_="unique")
        batch.drop_constraint(op.f("fk_documents_previous_id_documents"), type_="foreignkey")
        for name, table in ADDED.items():
            batch.drop_index(op.f(f"ix_documents_{name}"))
            batch.drop_constraint(op.f(f"fk_documents_{name}_{table}"), type_="foreignkey")
            batch.drop_column(name)
        batch.drop_column("confidential")
        batch.drop_column("previous_id")
        batch.create_check_constraint(op.f("ck_documents_hangs_on_one"), hangs_on_one(BEFORE))
