"""indexes for long use"""

import sqlalchemy as sa
from alembic import op

revision = "0009_indexes_for_long_use"
down_revision = "0008_register_over_time"
branch_labels = None
depends_on = None

REMOVABLE = ("consultations", "follow_ups", "functions", "people")
# Columns that hold nearly the same everywhere find nothing; they only mislead a database without statistics.
OLD = (
    ("ix_consultations_confidential", "consultations", ["confidential"]),
    ("ix_consultations_state", "consultations", ["state"]),
    ("ix_participations_organisation_id", "participations", ["organisation_id"]),
    ("ix_people_sort_key", "people", ["sort_key"]),
    *((f"ix_{table}_removed_at", table, ["removed_at"]) for table in REMOVABLE),
)
NEW = (
    ("ix_consultations_counted", "consultations", ["state", "held_on", "removed_at", "confidential"], None),
    ("ix_consultations_created_by_id", "consultations", ["created_by_id"], None),
    ("ix_consultations_without_note", "consultations", ["state", "held_on"], "note IS NULL"),
    ("ix_consultations_worked_on", "consultations", ["updated_at"], None),
    (
        "ix_participations_of_consultation", "participations",
        ["consultation_id", "presence", "organisation_id"], None,
    ),
    (
        "ix_participations_of_organisation", "participations",
        ["organisation_id", "presence", "consultation_id"], None,
    ),
    ("ix_people_in_order", "people", ["sort_key", "removed_at"], None),
    *((f"ix_{table}_removed_at", table, ["removed_at"], "removed_at IS NOT NULL") for table in REMOVABLE),
)  # fmt: skip


def upgrade():
    for name, table, _columns in OLD:
        op.drop_index(name, table)
    for name, table, columns, only in NEW:
        where = sa.text(only) if only else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade():
    for name, table, *_rest in NEW:
        op.drop_index(name, table)
    for name, table, columns in OLD:
        op.create_index(name, table, columns)
