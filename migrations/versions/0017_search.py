"""search: the index of all records, what was opened last; trigrams on both databases

The tables stay empty here: the worker (or `flask search rebuild`) fills them.
"""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0017_search"
down_revision = "0016_definitions"
branch_labels = None
depends_on = None

KINDS = ("organisation", "person", "cooperation", "event", "consultation", "follow-up", "document")
# The names begin so that comparing models with the database can leave them out.
GONE = "INSERT INTO search_fts(search_fts, rowid, folded) VALUES ('delete', old.entry_id, old.folded);"
MADE = "INSERT INTO search_fts(rowid, folded) VALUES (new.entry_id, new.folded);"
COLUMNS = "folded, content='search_texts', content_rowid='entry_id', tokenize='trigram'"
ON_SQLITE = (
    f"CREATE VIRTUAL TABLE search_fts USING fts5 ({COLUMNS})",
    f"CREATE TRIGGER search_fts_made AFTER INSERT ON search_texts BEGIN {MADE} END",
    f"CREATE TRIGGER search_fts_gone AFTER DELETE ON search_texts BEGIN {GONE} END",
    f"CREATE TRIGGER search_fts_changed AFTER UPDATE ON search_texts BEGIN {GONE} {MADE} END",
)
ON_POSTGRESQL = (
    "CREATE INDEX search_trgm_texts ON search_texts USING gin (folded gin_trgm_ops)",
    "CREATE INDEX search_trgm_titles ON search_entries USING gin (title_folded gin_trgm_ops)",
)


def upgrade():
    kind = sa.Enum(*KINDS, name="entrykind", native_enum=False, length=32)
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("staff", sa.String(length=500), nullable=False),
        sa.Column("task_fields", sa.String(length=500), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("renew_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("kind", "record_id", name=op.f("uq_search_entries_kind_record_id")),
    )
    op.create_index("ix_search_entries_renew_on", "search_entries", ["renew_on"])
    op.create_table(
        "search_texts",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["search_entries.id"],
            name=op.f("fk_search_texts_entry_id_search_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_texts")),
    )
    op.create_table(
        "document_texts",
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_document_texts_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_texts")),
    )
    op.create_table(
        "search_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_search_uses_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_uses")),
        sa.UniqueConstraint(
            "user_id", "kind", "record_id", name=op.f("uq_search_uses_user_id_kind_record_id")
        ),
    )
    op.create_index("ix_search_uses_user_id_used_at", "search_uses", ["user_id", "used_at"])
    _trigrams()


def _trigrams():
    """Index the folded texts; on PostgreSQL the search works without, only slower."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in ON_SQLITE:
            op.execute(statement)
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError as error:
        logging.getLogger("kikz").warning("search without trigrams: %s", error.orig)
        return
    for statement in ON_POSTGRESQL:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    for table in ("search_uses", "document_texts", "search_texts", "search_entries"):
        op.drop_table(table)
