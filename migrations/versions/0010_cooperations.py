"""cooperations"""

import sqlalchemy as sa
from alembic import op

revision = "0010_cooperations"
down_revision = "0009_indexes_for_long_use"
branch_labels = None
depends_on = None


OLD_PLACES = "consultation_id IS NOT NULL OR organisation_id IS NOT NULL OR person_id IS NOT NULL"
WITH_GROUPS = f"{OLD_PLACES} OR cooperation_id IS NOT NULL"
# The programme has paid for no Standesamt since 2011.
STANDESAMT = "UPDATE task_fields SET fundable_until = '2010-12-31' WHERE name = 'Standesamt'"
# Fields that catalogues of before lack: name, its group, and how it is found. An empty one stays empty,
# and a group that was renamed or ended gets none.
NEW_FIELDS = (
    ("Gesundheit", "Soziales und Bildung", "gesundheit"),
    ("Umwelt- und Naturschutz", "Bauen und Technik", "umwelt und naturschutz | umweltundnaturschutz"),
    (
        "Wohnen und Siedlungsentwicklung",
        "Bauen und Technik",
        "wohnen und siedlungsentwicklung | wohnenundsiedlungsentwicklung",
    ),
)
ADD_FIELD = sa.text(
    "INSERT INTO task_fields (name, parent_id, search_text, valid_from, version, created_at, updated_at) "
    "SELECT :name, MIN(id), :searched, MIN(valid_from), 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP "
    "FROM task_fields WHERE name = :group_name AND parent_id IS NULL AND valid_to IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM task_fields WHERE name = :name) HAVING MIN(id) IS NOT NULL"
).bindparams(*(sa.bindparam(name, type_=sa.String) for name in ("name", "group_name", "searched")))


def upgrade():
    op.create_table(
        "cooperations",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column(
            "legal_form",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("legal_form_note", sa.String(length=200), nullable=True),
        sa.Column("planned_start", sa.Date(), nullable=True),
        sa.Column("first_contact_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("evaluated_on", sa.Date(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("term_unlimited", sa.Boolean(), nullable=False),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("notice_months", sa.Integer(), nullable=True),
        sa.Column("termination", sa.String(length=300), nullable=True),
        sa.Column(
            "halt",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("halted_on", sa.Date(), nullable=True),
        sa.Column("halt_reason", sa.String(length=500), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("file_reference", sa.String(length=100), nullable=True),
        sa.Column("source_url", sa.String(length=500), nullable=True),
        sa.Column("adviser_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("talked_on", sa.Date(), nullable=True),
        sa.Column("resolving_since", sa.Date(), nullable=True),
        sa.Column("study_since", sa.Date(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column(
            "stage",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("stage_since", sa.Date(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal", sa.String(length=22), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(halt IS NULL) = (halt_reason IS NULL)", name=op.f("ck_cooperations_halted_with_reason")
        ),
        sa.CheckConstraint(
            "(renewal_months IS NULL OR renewal_months > 0) "
            "AND (notice_months IS NULL OR notice_months >= 0)",
            name=op.f("ck_cooperations_months"),
        ),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_cooperations_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(["adviser_id"], ["users.id"], name=op.f("fk_cooperations_adviser_id_users")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["cooperations.id"], name=op.f("fk_cooperations_parent_id_cooperations")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["users.id"], name=op.f("fk_cooperations_removed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperations")),
    )
    with op.batch_alter_table("cooperations") as table:
        table.create_index(op.f("ix_cooperations_adviser_id"), ["adviser_id"], unique=False)
        table.create_index("ix_cooperations_board", ["stage", "stage_since", "id"], unique=False)
        table.create_index(op.f("ix_cooperations_parent_id"), ["parent_id"], unique=False)
        table.create_index(
            "ix_cooperations_removed_at",
            ["removed_at"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NOT NULL"),
        )
        table.create_index(op.f("ix_cooperations_sort_key"), ["sort_key"], unique=False)
    op.create_table(
        "cooperation_partners",
        sa.Column("cooperation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column(
            "step",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("step_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperation_id"],
            ["cooperations.id"],
            name=op.f("fk_cooperation_partners_cooperation_id_cooperations"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_cooperation_partners_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperation_partners")),
        sa.UniqueConstraint(
            "cooperation_id",
            "organisation_id",
            name=op.f("uq_cooperation_partners_cooperation_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("cooperation_partners") as table:
        table.create_index(op.f("ix_cooperation_partners_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "cooperation_task_fields",
        sa.Column("cooperation_id", sa.Integer(), nullable=False),
        sa.Column("task_field_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperation_id"],
            ["cooperations.id"],
            name=op.f("fk_cooperation_task_fields_cooperation_id_cooperations"),
        ),
        sa.ForeignKeyConstraint(
            ["task_field_id"],
            ["task_fields.id"],
            name=op.f("fk_cooperation_task_fields_task_field_id_task_fields"),
        ),
        sa.PrimaryKeyConstraint("cooperation_id", "task_field_id", name=op.f("pk_cooperation_task_fields")),
    )
    with op.batch_alter_table("cooperation_task_fields") as table:
        table.create_index(op.f("ix_cooperation_task_fields_task_field_id"), ["task_field_id"], unique=False)
    op.create_table(
        "resolutions",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("session_on", sa.Date(), nullable=True),
        sa.Column("paper_number", sa.String(length=60), nullable=True),
        sa.Column(
            "result",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("abstentions", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0", name=op.f("ck_resolutions_votes")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["cooperation_partners.id"],
            name=op.f("fk_resolutions_partner_id_cooperation_partners"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
    )
    with op.batch_alter_table("resolutions") as table:
        table.create_index(op.f("ix_resolutions_partner_id"), ["partner_id"], unique=False)
        table.create_index("ix_resolutions_sessions", ["session_on", "result"], unique=False)
    op.create_table(
        "partner_steps",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column(
            "source",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("resolution_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_partner_steps_consultation_id_consultations"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["cooperation_partners.id"],
            name=op.f("fk_partner_steps_partner_id_cooperation_partners"),
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_partner_steps_resolution_id_resolutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_steps")),
    )
    with op.batch_alter_table("partner_steps") as table:
        table.create_index(op.f("ix_partner_steps_consultation_id"), ["consultation_id"], unique=False)
        table.create_index(op.f("ix_partner_steps_partner_id"), ["partner_id"], unique=False)
        table.create_index(op.f("ix_partner_steps_resolution_id"), ["resolution_id"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("cooperation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("authority", sa.String(length=100), nullable=True),
        sa.Column("authority_reason", sa.String(length=300), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column(
            "answer",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperation_id"], ["cooperations.id"], name=op.f("fk_approvals_cooperation_id_cooperations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    with op.batch_alter_table("approvals") as table:
        table.create_index(op.f("ix_approvals_cooperation_id"), ["cooperation_id"], unique=False)
    op.create_table(
        "studies",
        sa.Column("cooperation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("contractor", sa.String(length=200), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("grant", sa.BigInteger(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=1000), nullable=True),
        sa.Column("repay_due_on", sa.Date(), nullable=True),
        sa.Column("repaid_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperation_id"], ["cooperations.id"], name=op.f("fk_studies_cooperation_id_cooperations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
    )
    with op.batch_alter_table("studies") as table:
        table.create_index(op.f("ix_studies_cooperation_id"), ["cooperation_id"], unique=False)
    with op.batch_alter_table("consultations") as table:
        table.add_column(sa.Column("cooperation_id", sa.Integer(), nullable=True))
        table.create_index(op.f("ix_consultations_cooperation_id"), ["cooperation_id"], unique=False)
        table.create_index(
            "ix_consultations_of_groups",
            ["state", "cooperation_id", "held_on", "removed_at", "confidential"],
            unique=False,
        )
        table.create_foreign_key(
            op.f("fk_consultations_cooperation_id_cooperations"), "cooperations", ["cooperation_id"], ["id"]
        )
    with op.batch_alter_table("follow_ups") as table:
        table.add_column(sa.Column("cooperation_id", sa.Integer(), nullable=True))
        table.drop_constraint("hangs_on_something", type_="check")
        table.create_check_constraint("hangs_on_something", WITH_GROUPS)
        table.create_index(op.f("ix_follow_ups_cooperation_id"), ["cooperation_id"], unique=False)
        table.create_foreign_key(
            op.f("fk_follow_ups_cooperation_id_cooperations"), "cooperations", ["cooperation_id"], ["id"]
        )
    with op.batch_alter_table("task_fields") as table:
        table.add_column(sa.Column("fundable_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("fundable_until", sa.Date(), nullable=True))
    op.execute(STANDESAMT)
    for name, group, searched in NEW_FIELDS:
        op.execute(ADD_FIELD.bindparams(name=name, group_name=group, searched=searched))


def downgrade():
    with op.batch_alter_table("task_fields") as table:
        table.drop_column("fundable_until")
        table.drop_column("fundable_from")
    # A follow-up that hangs on nothing but a group has no place in the older table.
    op.execute(f"DELETE FROM follow_ups WHERE NOT ({OLD_PLACES})")  # noqa: S608 a constant
    with op.batch_alter_table("follow_ups") as table:
        table.drop_constraint(op.f("fk_follow_ups_cooperation_id_cooperations"), type_="foreignkey")
        table.drop_constraint("hangs_on_something", type_="check")
        table.create_check_constraint("hangs_on_something", OLD_PLACES)
        table.drop_index(op.f("ix_follow_ups_cooperation_id"))
        table.drop_column("cooperation_id")
    with op.batch_alter_table("consultations") as table:
        table.drop_constraint(op.f("fk_consultations_cooperation_id_cooperations"), type_="foreignkey")
        table.drop_index("ix_consultations_of_groups")
        table.drop_index(op.f("ix_consultations_cooperation_id"))
        table.drop_column("cooperation_id")
    with op.batch_alter_table("studies") as table:
        table.drop_index(op.f("ix_studies_cooperation_id"))
    op.drop_table("studies")
    with op.batch_alter_table("approvals") as table:
        table.drop_index(op.f("ix_approvals_cooperation_id"))
    op.drop_table("approvals")
    with op.batch_alter_table("partner_steps") as table:
        table.drop_index(op.f("ix_partner_steps_resolution_id"))
        table.drop_index(op.f("ix_partner_steps_partner_id"))
        table.drop_index(op.f("ix_partner_steps_consultation_id"))
    op.drop_table("partner_steps")
    with op.batch_alter_table("resolutions") as table:
        table.drop_index("ix_resolutions_sessions")
        table.drop_index(op.f("ix_resolutions_partner_id"))
    op.drop_table("resolutions")
    with op.batch_alter_table("cooperation_task_fields") as table:
        table.drop_index(op.f("ix_cooperation_task_fields_task_field_id"))
    op.drop_table("cooperation_task_fields")
    with op.batch_alter_table("cooperation_partners") as table:
        table.drop_index(op.f("ix_cooperation_partners_organisation_id"))
    op.drop_table("cooperation_partners")
    with op.batch_alter_table("cooperations") as table:
        table.drop_index(op.f("ix_cooperations_sort_key"))
        table.drop_index(
            "ix_cooperations_removed_at",
            sqlite_where=sa.text("removed_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NOT NULL"),
        )
        table.drop_index(op.f("ix_cooperations_parent_id"))
        table.drop_index("ix_cooperations_board")
        table.drop_index(op.f("ix_cooperations_adviser_id"))
    op.drop_table("cooperations")
