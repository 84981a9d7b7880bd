"""elections: elections, what is to be confirmed after them, and follow-ups that hang on them"""

import sqlalchemy as sa
from alembic import op

revision = "0023_elections"
down_revision = "0022_duplicates"
branch_labels = None
depends_on = None

OLD_PLACES = (
    "consultation_id IS NOT NULL OR organisation_id IS NOT NULL OR person_id IS NOT NULL "
    "OR cooperation_id IS NOT NULL"
)
WITH_ELECTIONS = f"{OLD_PLACES} OR election_id IS NOT NULL"
ROLES = (
    "head", "deputy", "office-manager", "finance", "department", "council-chair", "councillor", "staff",
    "other",
)  # fmt: skip


def _record():
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def _key(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade():
    _elections()
    _checks()
    with op.batch_alter_table("follow_ups") as table:
        table.add_column(sa.Column("election_id", sa.Integer(), nullable=True))
        table.drop_constraint("hangs_on_something", type_="check")
        table.create_check_constraint("hangs_on_something", WITH_ELECTIONS)
        table.create_index(op.f("ix_follow_ups_election_id"), ["election_id"], unique=False)
        table.create_foreign_key(
            op.f("fk_follow_ups_election_id_elections"), "elections", ["election_id"], ["id"]
        )


def _elections():
    kind = sa.Enum("council", "head", "session", name="electionkind", native_enum=False, length=32)
    op.create_table(
        "elections",
        sa.Column("kind", kind, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("takes_office_on", sa.Date(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal", sa.String(length=22), nullable=True),
        *_record(),
        sa.CheckConstraint("takes_office_on >= held_on", name=op.f("ck_elections_order")),
        sa.CheckConstraint(
            "kind <> 'head' OR organisation_id IS NOT NULL", name=op.f("ck_elections_head_of_one_kommune")
        ),
        _key("elections", "organisation_id", "organisations"),
        _key("elections", "owner_id", "users"),
        _key("elections", "removed_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections")),
    )
    gone = sa.text("removed_at IS NOT NULL")
    with op.batch_alter_table("elections") as table:
        table.create_index(
            "ix_elections_removed_at", ["removed_at"], sqlite_where=gone, postgresql_where=gone
        )
        table.create_index("ix_elections_to_start", ["started_at", "held_on"])
        table.create_index(table.f("ix_elections_organisation_id"), ["organisation_id"])


def _checks():
    role = sa.Enum(*ROLES, name="functionrole", native_enum=False, length=32)
    state = sa.Enum(
        "open", "confirmed", "replaced", "vacant", name="checkstate", native_enum=False, length=32
    )
    op.create_table(
        "election_checks",
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=True),
        sa.Column("role", role, nullable=False),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("state", state, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("ended_before", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *_record(),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_election_checks_answered")
        ),
        _key("election_checks", "election_id", "elections"),
        _key("election_checks", "organisation_id", "organisations"),
        _key("election_checks", "county_id", "organisations"),
        _key("election_checks", "function_id", "functions"),
        _key("election_checks", "successor_id", "functions"),
        _key("election_checks", "answered_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_checks")),
        sa.UniqueConstraint(
            "election_id", "function_id", name=op.f("uq_election_checks_election_id_function_id")
        ),
    )
    nobody = sa.text("function_id IS NULL")
    with op.batch_alter_table("election_checks") as table:
        table.create_index(
            "ix_election_checks_of_election", ["election_id", "state", "organisation_id"], unique=False
        )
        table.create_index(
            "ix_election_checks_nobody_known", ["election_id", "organisation_id"], unique=True,
            sqlite_where=nobody, postgresql_where=nobody,
        )  # fmt: skip
        for column in ("organisation_id", "county_id", "function_id", "successor_id"):
            table.create_index(table.f(f"ix_election_checks_{column}"), [column])


def downgrade():
    # The version before knows no follow-up that hangs on an election alone.
    op.execute(f"DELETE FROM follow_ups WHERE NOT ({OLD_PLACES})")  # noqa: S608 a constant
    with op.batch_alter_table("follow_ups") as table:
        table.drop_constraint(op.f("fk_follow_ups_election_id_elections"), type_="foreignkey")
        table.drop_constraint("hangs_on_something", type_="check")
        table.create_check_constraint("hangs_on_something", OLD_PLACES)
        table.drop_index(op.f("ix_follow_ups_election_id"))
        table.drop_column("election_id")
    op.drop_table("election_checks")
    op.drop_table("elections")
