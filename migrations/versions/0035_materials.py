"""materials: versions, stock of printed copies; what was handed out to whom"""

import sqlalchemy as sa
from alembic import op

revision = "0035_materials"
down_revision = "0034_documents"
branch_labels = None
depends_on = None

BEFORE = (
    "resolution_id", "paper_id", "event_id", "consultation_id", "cooperation_id", "organisation_id",
)  # fmt: skip
KINDS = (
    "brochure", "guide", "slides", "template-contract", "faq", "study", "documentation", "leaflet",
    "funding-rules", "web-page", "report", "parliamentary-paper", "interview", "thesis", "other",
)  # fmt: skip
TABLES = (
    "dispatch_recipients", "stock_movements", "dispatches", "material_versions", "material_task_fields",
    "materials",
)  # fmt: skip


def hangs_on_one(owners):
    return " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in owners) + " = 1"


def _key(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _enum(name, values):
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name, length, nullable=True):
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _day(name, nullable=True):
    return sa.Column(name, sa.Date(), nullable=nullable)


def _moment(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _record(table):
    return (
        _number("id"), _number("version"), _moment("created_at", False), _moment("updated_at", False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _index(table, *columns, name=None):
    op.create_index(name or op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _materials():
    op.create_table(
        "materials",
        _text("title", 300, False),
        sa.Column("kind", _enum("materialkind", KINDS), nullable=False),
        _text("series", 200), _text("publisher", 200),
        sa.Column("whose", _enum("whose", ("own", "foreign", "unknown")), nullable=False),
        sa.Column("language", _enum("language", ("de", "en", "fr", "de-plain", "other")), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        _day("withdrawn_on"), _text("source_key", 40), _text("sort_key", 400, False),
        sa.Column("search_text", sa.Text(), nullable=False),
        *_record("materials"),
        sa.UniqueConstraint("source_key", name=op.f("uq_materials_source_key")),
    )  # fmt: skip
    _index("materials", "sort_key", "id", name="ix_materials_in_order")
    op.create_table(
        "material_task_fields",
        _number("material_id"), _number("task_field_id"),
        _key("material_task_fields", "material_id", "materials"),
        _key("material_task_fields", "task_field_id", "task_fields"),
        sa.PrimaryKeyConstraint("material_id", "task_field_id", name=op.f("pk_material_task_fields")),
    )  # fmt: skip
    _index("material_task_fields", "task_field_id")


def _versions():
    op.create_table(
        "material_versions",
        _number("material_id"), _number("number"), _text("label", 100), _text("issued", 10),
        sa.Column("year_basis", _enum("yearbasis", ("stated", "inferred", "unknown")), nullable=False),
        _day("valid_from"), _day("valid_to"), _text("link", 500), _text("source", 300), _number("in_stock"),
        *_record("material_versions"),
        sa.CheckConstraint("in_stock >= 0", name=op.f("ck_material_versions_in_stock")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_material_versions_order")),
        _key("material_versions", "material_id", "materials"),
        sa.UniqueConstraint("material_id", "number", name=op.f("uq_material_versions_material_id_number")),
    )  # fmt: skip


def _dispatches():
    op.create_table(
        "dispatches",
        _number("version_id"),
        sa.Column("way", _enum("way", ("mail", "post", "in-person", "link")), nullable=False),
        _day("handed_on", False), _number("copies"), sa.Column("renews", sa.Boolean(), nullable=False),
        _text("note", 500), _number("by_id", True), _number("consultation_id", True),
        _number("event_id", True),
        *_record("dispatches"),
        sa.CheckConstraint("copies >= 0", name=op.f("ck_dispatches_copies")),
        sa.CheckConstraint(
            "consultation_id IS NULL OR event_id IS NULL", name=op.f("ck_dispatches_one_occasion")
        ),
        _key("dispatches", "version_id", "material_versions"), _key("dispatches", "by_id", "users"),
        _key("dispatches", "consultation_id", "consultations"), _key("dispatches", "event_id", "events"),
    )  # fmt: skip
    for column in ("version_id", "consultation_id", "event_id"):
        _index("dispatches", column)
    _index("dispatches", "handed_on", "id", name="ix_dispatches_by_day")


def _recipients():
    table = "dispatch_recipients"
    op.create_table(
        table,
        _number("dispatch_id"), _number("version_id"), _number("organisation_id", True),
        _number("person_id", True), _text("once_key", 40), _text("token_hash", 64), _moment("expires_at"),
        _number("opened_count"), _moment("opened_at"),
        *_record(table),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR person_id IS NOT NULL", name=op.f(f"ck_{table}_somebody")
        ),
        sa.CheckConstraint("opened_count >= 0", name=op.f(f"ck_{table}_opened")),
        _key(table, "dispatch_id", "dispatches"), _key(table, "version_id", "material_versions"),
        _key(table, "organisation_id", "organisations"), _key(table, "person_id", "people"),
        sa.UniqueConstraint("once_key", name=op.f(f"uq_{table}_once_key")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )  # fmt: skip
    for column in ("dispatch_id", "organisation_id", "person_id"):
        _index(table, column)
    of_version = ("version_id", "person_id", "organisation_id")
    _index(table, *of_version, name="ix_dispatch_recipients_of_version")


def _stock():
    table = "stock_movements"
    op.create_table(
        table,
        _number("version_id"),
        sa.Column("kind", _enum("movement", ("in", "out", "counted")), nullable=False),
        _number("copies"), _number("balance"), _day("booked_on", False), _text("note", 300),
        _number("by_id", True), _number("dispatch_id", True),
        *_record(table),
        sa.CheckConstraint("balance >= 0", name=op.f(f"ck_{table}_balance")),
        _key(table, "version_id", "material_versions"), _key(table, "by_id", "users"),
        _key(table, "dispatch_id", "dispatches"),
    )  # fmt: skip
    _index(table, "version_id", "id", name="ix_stock_movements_of_version")
    _index(table, "dispatch_id")


def upgrade():
    for make in (_materials, _versions, _dispatches, _recipients, _stock):
        make()
    with op.batch_alter_table("documents") as batch:
        batch.drop_constraint(op.f("ck_documents_hangs_on_one"), type_="check")
        batch.add_column(sa.Column("material_version_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_documents_material_version_id_material_versions"), "material_versions",
            ["material_version_id"], ["id"],
        )  # fmt: skip
        batch.create_index(op.f("ix_documents_material_version_id"), ["material_version_id"], unique=False)
        owners = (*BEFORE, "material_version_id")
        batch.create_check_constraint(op.f("ck_documents_hangs_on_one"), hangs_on_one(owners))


def downgrade():
    # Files of materials, and what is found of them, cannot be kept by the release before.
    gone = sa.text("SELECT id FROM documents WHERE material_version_id IS NOT NULL")
    for name in ("document_pictures", "document_previews", "document_texts"):
        hung = sa.table(name, sa.column("document_id"))
        op.execute(hung.delete().where(hung.c.document_id.in_(gone)))
    op.execute("UPDATE documents SET previous_id = NULL WHERE material_version_id IS NOT NULL")
    op.execute("DELETE FROM documents WHERE material_version_id IS NOT NULL")
    op.execute(
        "DELETE FROM search_texts WHERE entry_id IN (SELECT id FROM search_entries WHERE kind = 'material')"
    )
    op.execute("DELETE FROM search_entries WHERE kind = 'material'")
    op.execute("DELETE FROM search_uses WHERE kind = 'material'")
    with op.batch_alter_table("documents") as batch:
        batch.drop_constraint(op.f("ck_documents_hangs_on_one"), type_="check")
        batch.drop_index(op.f("ix_documents_material_version_id"))
        batch.drop_constraint(op.f("fk_documents_material_version_id_material_versions"), type_="foreignkey")
        batch.drop_column("material_version_id")
        batch.create_check_constraint(op.f("ck_documents_hangs_on_one"), hangs_on_one(BEFORE))
    for table in TABLES:
        op.drop_table(table)
