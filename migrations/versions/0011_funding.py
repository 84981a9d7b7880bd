"""funding"""

import sqlalchemy as sa
from alembic import op

revision = "0011_funding"
down_revision = "0010_cooperations"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "funding_rule_sets",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("least_partners", sa.Integer(), nullable=False),
        sa.Column("exceptional_partners", sa.Integer(), nullable=True),
        sa.Column("least_years", sa.Integer(), nullable=True),
        sa.Column("least_gain", sa.Integer(), nullable=True),
        sa.Column("most_inhabitants", sa.Integer(), nullable=True),
        sa.Column("counties", sa.Boolean(), nullable=False),
        sa.Column("amount_two", sa.BigInteger(), nullable=True),
        sa.Column("amount_three", sa.BigInteger(), nullable=True),
        sa.Column("amount_more", sa.BigInteger(), nullable=True),
        sa.Column("amount_joint", sa.BigInteger(), nullable=True),
        sa.Column("amount_brigade", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_rule_sets")),
    )
    op.create_table(
        "funding_plans",
        sa.Column("cooperation_id", sa.Integer(), nullable=False),
        sa.Column("substantial", sa.Boolean(), nullable=True),
        sa.Column("substantial_note", sa.String(length=500), nullable=True),
        sa.Column("few_partners_reason", sa.String(length=500), nullable=True),
        sa.Column("brigades", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("amount_reason", sa.String(length=500), nullable=True),
        sa.Column("cost_after", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperation_id"], ["cooperations.id"], name=op.f("fk_funding_plans_cooperation_id_cooperations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_plans")),
        sa.UniqueConstraint("cooperation_id", name=op.f("uq_funding_plans_cooperation_id")),
    )
    op.create_table(
        "funding_costs",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("staff_before", sa.BigInteger(), nullable=True),
        sa.Column("material_before", sa.BigInteger(), nullable=True),
        sa.Column("staff_after", sa.BigInteger(), nullable=True),
        sa.Column("material_after", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["cooperation_partners.id"],
            name=op.f("fk_funding_costs_partner_id_cooperation_partners"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_costs")),
        sa.UniqueConstraint("partner_id", name=op.f("uq_funding_costs_partner_id")),
    )
    op.create_table(
        "funding_applications",
        sa.Column("cooperation_id", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=True),
        sa.Column("applicant_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("requested", sa.BigInteger(), nullable=True),
        sa.Column("standard", sa.BigInteger(), nullable=True),
        sa.Column("amount_reason", sa.String(length=500), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("granted", sa.BigInteger(), nullable=True),
        sa.Column("notice_reference", sa.String(length=100), nullable=True),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("handed_over_by", sa.String(length=200), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("refusal_reason", sa.String(length=500), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(refused_on IS NULL) = (refusal_reason IS NULL)",
            name=op.f("ck_funding_applications_refused_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["organisations.id"],
            name=op.f("fk_funding_applications_applicant_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperation_id"],
            ["cooperations.id"],
            name=op.f("fk_funding_applications_cooperation_id_cooperations"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_id"],
            ["funding_rule_sets.id"],
            name=op.f("fk_funding_applications_rule_set_id_funding_rule_sets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_applications")),
    )
    with op.batch_alter_table("funding_applications") as table:
        table.create_index(op.f("ix_funding_applications_applicant_id"), ["applicant_id"], unique=False)
        table.create_index(op.f("ix_funding_applications_cooperation_id"), ["cooperation_id"], unique=False)
        table.create_index(op.f("ix_funding_applications_rule_set_id"), ["rule_set_id"], unique=False)
    op.create_table(
        "application_stations",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["funding_applications.id"],
            name=op.f("fk_application_stations_application_id_funding_applications"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_stations")),
    )
    with op.batch_alter_table("application_stations") as table:
        table.create_index(op.f("ix_application_stations_application_id"), ["application_id"], unique=False)
    op.create_table(
        "application_papers",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["funding_applications.id"],
            name=op.f("fk_application_papers_application_id_funding_applications"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_papers")),
        sa.UniqueConstraint("application_id", "kind", name=op.f("uq_application_papers_application_id_kind")),
    )
    op.create_table(
        "funding_obligations",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("clause", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["funding_applications.id"],
            name=op.f("fk_funding_obligations_application_id_funding_applications"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_obligations")),
    )
    with op.batch_alter_table("funding_obligations") as table:
        table.create_index(op.f("ix_funding_obligations_application_id"), ["application_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("resolution_id", sa.Integer(), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(resolution_id IS NULL) <> (paper_id IS NULL)", name=op.f("ck_documents_hangs_on_one")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["application_papers.id"], name=op.f("fk_documents_paper_id_application_papers")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_documents_resolution_id_resolutions")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_documents_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents") as table:
        table.create_index(op.f("ix_documents_paper_id"), ["paper_id"], unique=False)
        table.create_index(op.f("ix_documents_resolution_id"), ["resolution_id"], unique=False)


def downgrade():
    with op.batch_alter_table("documents") as table:
        table.drop_index(op.f("ix_documents_resolution_id"))
        table.drop_index(op.f("ix_documents_paper_id"))
    op.drop_table("documents")
    with op.batch_alter_table("funding_obligations") as table:
        table.drop_index(op.f("ix_funding_obligations_application_id"))
    op.drop_table("funding_obligations")
    op.drop_table("application_papers")
    with op.batch_alter_table("application_stations") as table:
        table.drop_index(op.f("ix_application_stations_application_id"))
    op.drop_table("application_stations")
    with op.batch_alter_table("funding_applications") as table:
        table.drop_index(op.f("ix_funding_applications_rule_set_id"))
        table.drop_index(op.f("ix_funding_applications_cooperation_id"))
        table.drop_index(op.f("ix_funding_applications_applicant_id"))
    op.drop_table("funding_applications")
    op.drop_table("funding_costs")
    op.drop_table("funding_plans")
    op.drop_table("funding_rule_sets")
