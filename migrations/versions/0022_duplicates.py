"""duplicates: pairs that are two after all, merges and what they moved; bodies can go into the trash"""

import sqlalchemy as sa
from alembic import op

revision = "0022_duplicates"
down_revision = "0021_inbox"
branch_labels = None
depends_on = None

IN_TRASH = sa.text("removed_at IS NOT NULL")
NOT_UNDONE = sa.text("undone_at IS NULL")


def upgrade():
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("removed_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("removal", sa.String(length=22), nullable=True))
        table.create_foreign_key(
            table.f("fk_organisations_removed_by_id_users"), "users", ["removed_by_id"], ["id"]
        )
        table.create_index(
            "ix_organisations_removed_at", ["removed_at"], sqlite_where=IN_TRASH, postgresql_where=IN_TRASH
        )
    _distinct_pairs()
    _merges()
    op.create_table(
        "merge_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("witness", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merges.id"], name=op.f("fk_merge_moves_merge_id_merges")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_moves")),
    )
    with op.batch_alter_table("merge_moves") as table:
        table.create_index(table.f("ix_merge_moves_merge_id"), ["merge_id"], unique=False)
        table.create_index("ix_merge_moves_row", ["table_name", "row_id"], unique=False)


def _distinct_pairs():
    op.create_table(
        "distinct_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("low_person_id", sa.Integer(), nullable=True),
        sa.Column("high_person_id", sa.Integer(), nullable=True),
        sa.Column("low_organisation_id", sa.Integer(), nullable=True),
        sa.Column("high_organisation_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(low_person_id IS NULL) = (high_person_id IS NULL)"
            " AND (low_organisation_id IS NULL) = (high_organisation_id IS NULL)"
            " AND (low_person_id IS NULL) <> (low_organisation_id IS NULL)",
            name=op.f("ck_distinct_pairs_of_one_kind"),
        ),
        sa.CheckConstraint(
            "(low_person_id IS NULL OR low_person_id < high_person_id)"
            " AND (low_organisation_id IS NULL OR low_organisation_id < high_organisation_id)",
            name=op.f("ck_distinct_pairs_in_order"),
        ),
        *_links("distinct_pairs", ("low", "high"), "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_pairs")),
        *(
            sa.UniqueConstraint(
                f"low_{kind}_id", f"high_{kind}_id",
                name=op.f(f"uq_distinct_pairs_low_{kind}_id_high_{kind}_id"),
            )
            for kind in ("person", "organisation")
        ),
    )  # fmt: skip
    with op.batch_alter_table("distinct_pairs") as table:
        for column in ("high_person_id", "high_organisation_id"):
            table.create_index(table.f(f"ix_distinct_pairs_{column}"), [column], unique=False)


def _merges():
    op.create_table(
        "merges",
        sa.Column("kept_person_id", sa.Integer(), nullable=True),
        sa.Column("lost_person_id", sa.Integer(), nullable=True),
        sa.Column("kept_organisation_id", sa.Integer(), nullable=True),
        sa.Column("lost_organisation_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("highest", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kept_person_id IS NULL) = (lost_person_id IS NULL)"
            " AND (kept_organisation_id IS NULL) = (lost_organisation_id IS NULL)"
            " AND (kept_person_id IS NULL) <> (kept_organisation_id IS NULL)",
            name=op.f("ck_merges_of_one_kind"),
        ),
        *_links("merges", ("kept", "lost"), "by_id", "undone_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    with op.batch_alter_table("merges") as table:
        for kind in ("person", "organisation"):
            table.create_index(table.f(f"ix_merges_kept_{kind}_id"), [f"kept_{kind}_id"], unique=False)
            table.create_index(
                f"ix_merges_lost_{kind}", [f"lost_{kind}_id"], unique=True,
                sqlite_where=NOT_UNDONE, postgresql_where=NOT_UNDONE,
            )  # fmt: skip


def _links(table, ends, *users):
    kinds = (("person", "people"), ("organisation", "organisations"))
    found = [(f"{end}_{kind}_id", target) for kind, target in kinds for end in ends]
    found += [(column, "users") for column in users]
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in found
    ]


def downgrade():
    for table in ("merge_moves", "merges", "distinct_pairs"):
        op.drop_table(table)
    with op.batch_alter_table("organisations") as table:
        table.drop_index("ix_organisations_removed_at")
        table.drop_constraint(table.f("fk_organisations_removed_by_id_users"), type_="foreignkey")
        for column in ("removal", "removed_by_id", "removed_at"):
            table.drop_column(column)
