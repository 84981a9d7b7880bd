"""events"""

import sqlalchemy as sa
from alembic import op

revision = "0013_events"
down_revision = "0012_imports"
branch_labels = None
depends_on = None


HUNG_ON_ONE = "(resolution_id IS NULL) <> (paper_id IS NULL)"
HANGS_ON_ONE = (
    "(CASE WHEN resolution_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN paper_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN event_id IS NULL THEN 0 ELSE 1 END) = 1"
)
NEW_COLUMNS = {
    "documents": ["for_guests"],
    "office": ["officer"],
    "people": ["mail_basis"],
    "users": ["morning_mail", "feed_number"],
}


def upgrade():
    op.create_table(
        "mail_server",
        sa.Column("down_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("morning_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_server_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_server")),
    )
    op.create_table(
        "public_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_posts")),
    )
    with op.batch_alter_table("public_posts") as table:
        table.create_index("ix_public_posts_source", ["source", "at"], unique=False)

    op.create_table(
        "events",
        sa.Column(
            "kind",
            sa.Enum(
                "congress",
                "conference",
                "information",
                "lecture",
                "citizens-assembly",
                "workshop",
                "grant-handover",
                name="eventkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "precision",
            sa.Enum(
                "time", "day", "month", "year", "unknown", name="precision", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "save-the-date",
                "open",
                "full",
                "closed",
                "held",
                "documented",
                "cancelled",
                name="eventstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "entrance",
            sa.Enum("listed", "unlisted", "invited", name="entrance", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("secret", sa.String(length=43), nullable=False),
        sa.Column("venue", sa.String(length=300), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("video_link", sa.String(length=500), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("register_until", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("for_whom", sa.String(length=500), nullable=True),
        sa.Column("asks_needs", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("handed_out", sa.Text(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("cooperation_id", sa.Integer(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal", sa.String(length=22), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'full'", name=op.f("ck_events_full_is_computed")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_events_capacity")),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_events_order")),
        sa.ForeignKeyConstraint(
            ["cooperation_id"], ["cooperations.id"], name=op.f("fk_events_cooperation_id_cooperations")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["organisations.id"], name=op.f("fk_events_place_id_organisations")
        ),
        sa.ForeignKeyConstraint(["removed_by_id"], ["users.id"], name=op.f("fk_events_removed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["users.id"], name=op.f("fk_events_responsible_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("secret", name=op.f("uq_events_secret")),
    )
    with op.batch_alter_table("events") as table:
        table.create_index(table.f("ix_events_cooperation_id"), ["cooperation_id"], unique=False)
        table.create_index("ix_events_in_order", ["starts_at", "state"], unique=False)
        table.create_index(table.f("ix_events_place_id"), ["place_id"], unique=False)
        table.create_index(
            "ix_events_removed_at",
            ["removed_at"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NOT NULL"),
        )
        table.create_index(table.f("ix_events_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "checklist_items",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["users.id"], name=op.f("fk_checklist_items_done_by_id_users")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_checklist_items_event_id_events")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_checklist_items_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
    )
    with op.batch_alter_table("checklist_items") as table:
        table.create_index(table.f("ix_checklist_items_event_id"), ["event_id"], unique=False)
        table.create_index(table.f("ix_checklist_items_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "event_hosts",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_hosts_event_id_events")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_event_hosts_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_hosts")),
    )
    with op.batch_alter_table("event_hosts") as table:
        table.create_index(table.f("ix_event_hosts_event_id"), ["event_id"], unique=False)
        table.create_index(table.f("ix_event_hosts_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "event_task_fields",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("task_field_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_task_fields_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["task_field_id"], ["task_fields.id"], name=op.f("fk_event_task_fields_task_field_id_task_fields")
        ),
        sa.PrimaryKeyConstraint("event_id", "task_field_id", name=op.f("pk_event_task_fields")),
    )
    with op.batch_alter_table("event_task_fields") as table:
        table.create_index(table.f("ix_event_task_fields_task_field_id"), ["task_field_id"], unique=False)

    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("liked", sa.Text(), nullable=True),
        sa.Column("missed", sa.Text(), nullable=True),
        sa.CheckConstraint("rating >= 1 AND rating <= 5", name=op.f("ck_feedback_rating")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_feedback_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    with op.batch_alter_table("feedback") as table:
        table.create_index(table.f("ix_feedback_event_id"), ["event_id"], unique=False)

    op.create_table(
        "head_counts",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "head",
                "councillor",
                "management",
                "staff",
                "county",
                "partner",
                "citizen",
                "other",
                name="guestkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "certainty",
            sa.Enum("counted", "estimated", name="certainty", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("heads > 0 AND heads <= 99999", name=op.f("ck_head_counts_heads")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_head_counts_event_id_events")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_head_counts_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_counts")),
    )
    with op.batch_alter_table("head_counts") as table:
        table.create_index(table.f("ix_head_counts_event_id"), ["event_id"], unique=False)
        table.create_index(table.f("ix_head_counts_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("called", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "none", "accepted", "represented", "declined", name="answer", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("represented_by", sa.String(length=200), nullable=True),
        sa.Column("remark", sa.String(length=300), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_invitations_event_id_events")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_invitations_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_invitations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_invitations_event_id_person_id")),
    )
    with op.batch_alter_table("invitations") as table:
        table.create_index(table.f("ix_invitations_organisation_id"), ["organisation_id"], unique=False)
        table.create_index(table.f("ix_invitations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "mailings",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "to-confirm",
                "confirmed",
                "waiting",
                "offer",
                "known",
                "signed-off",
                "save-the-date",
                "invitation",
                "reminder",
                "change",
                "called-off",
                "thanks",
                "test",
                "password",
                "morning",
                "notice",
                name="mailkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_mailings_event_id_events")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_mailings_sent_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
    )
    with op.batch_alter_table("mailings") as table:
        table.create_index(table.f("ix_mailings_event_id"), ["event_id"], unique=False)

    op.create_table(
        "programme_items",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("speaker", sa.String(length=300), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_programme_items_event_id_events")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_programme_items_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_items")),
    )
    with op.batch_alter_table("programme_items") as table:
        table.create_index(table.f("ix_programme_items_event_id"), ["event_id"], unique=False)
        table.create_index(table.f("ix_programme_items_person_id"), ["person_id"], unique=False)

    op.create_table(
        "registrations",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "seat",
            sa.Enum(
                "seated",
                "offered",
                "waiting",
                "signed-off",
                "lapsed",
                name="seat",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("companions", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "head",
                "councillor",
                "management",
                "staff",
                "county",
                "partner",
                "citizen",
                "other",
                name="guestkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "public",
                "invitation",
                "office",
                "at-the-door",
                "list",
                name="origin",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_name", sa.String(length=200), nullable=True),
        sa.Column("last_name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("address_key", sa.String(length=254), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_text", sa.String(length=200), nullable=True),
        sa.Column("needs", sa.String(length=500), nullable=True),
        sa.Column("photos_allowed", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("privacy_version", sa.String(length=20), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_talk", sa.Boolean(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("companions >= 0 AND companions <= 9", name=op.f("ck_registrations_companions")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_registrations_event_id_events")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_registrations_invitation_id_invitations")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_registrations_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_registrations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("event_id", "address_key", name=op.f("uq_registrations_event_id_address_key")),
    )
    with op.batch_alter_table("registrations") as table:
        table.create_index(table.f("ix_registrations_invitation_id"), ["invitation_id"], unique=False)
        table.create_index("ix_registrations_of_event", ["event_id", "seat", "position"], unique=False)
        table.create_index("ix_registrations_address_key", ["address_key"], unique=False)
        table.create_index("ix_registrations_open", ["seat", "confirmed_at", "offered_until"], unique=False)
        table.create_index(table.f("ix_registrations_organisation_id"), ["organisation_id"], unique=False)
        table.create_index(table.f("ix_registrations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "outgoing_mails",
        sa.Column(
            "kind",
            sa.Enum(
                "to-confirm",
                "confirmed",
                "waiting",
                "offer",
                "known",
                "signed-off",
                "save-the-date",
                "invitation",
                "reminder",
                "change",
                "called-off",
                "thanks",
                "test",
                "password",
                "morning",
                "notice",
                name="mailkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("once_key", sa.String(length=100), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("recipient_name", sa.String(length=300), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("calendar_method", sa.String(length=10), nullable=True),
        sa.Column("unsubscribe_url", sa.String(length=500), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "refused",
                "dropped",
                name="mailstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("mailing_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outgoing_mails_attempts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_outgoing_mails_event_id_events")),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_outgoing_mails_mailing_id_mailings")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_outgoing_mails_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_outgoing_mails_registration_id_registrations"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outgoing_mails_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mails_message_id")),
        sa.UniqueConstraint("once_key", name=op.f("uq_outgoing_mails_once_key")),
    )
    with op.batch_alter_table("outgoing_mails") as table:
        table.create_index("ix_outgoing_mails_due", ["state", "due_at"], unique=False)
        table.create_index(table.f("ix_outgoing_mails_event_id"), ["event_id"], unique=False)
        table.create_index("ix_outgoing_mails_of_mailing", ["mailing_id", "state"], unique=False)
        table.create_index(table.f("ix_outgoing_mails_person_id"), ["person_id"], unique=False)
        table.create_index(table.f("ix_outgoing_mails_registration_id"), ["registration_id"], unique=False)
        table.create_index("ix_outgoing_mails_to", ["recipient", "created_at"], unique=False)
        table.create_index(table.f("ix_outgoing_mails_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("for_guests", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_constraint("hangs_on_one", type_="check")
        table.create_check_constraint("hangs_on_one", HANGS_ON_ONE)
        table.create_index(table.f("ix_documents_event_id"), ["event_id"], unique=False)
        table.create_foreign_key(table.f("fk_documents_event_id_events"), "events", ["event_id"], ["id"])

    with op.batch_alter_table("people") as table:
        table.add_column(
            sa.Column(
                "mail_basis",
                sa.Enum(
                    "office",
                    "consent",
                    "not-asked",
                    "withdrawn",
                    "objected",
                    name="mailbasis",
                    native_enum=False,
                    length=32,
                ),
                nullable=False,
                server_default="office",
            )
        )
        table.add_column(sa.Column("mail_basis_on", sa.Date(), nullable=True))

    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("morning_mail", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("feed_number", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("office") as table:
        table.add_column(sa.Column("officer", sa.String(length=500), nullable=False, server_default=""))

    # What exists has its value now; what comes gets it from the program.
    for name, columns in NEW_COLUMNS.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, server_default=None)


def downgrade():
    with op.batch_alter_table("office") as table:
        table.drop_column("officer")

    with op.batch_alter_table("users") as table:
        table.drop_column("feed_number")
        table.drop_column("morning_mail")

    with op.batch_alter_table("people") as table:
        table.drop_column("mail_basis_on")
        table.drop_column("mail_basis")

    # Attachments of events have nothing left to hang on.
    op.execute("DELETE FROM documents WHERE event_id IS NOT NULL")
    with op.batch_alter_table("documents") as table:
        table.drop_constraint(table.f("fk_documents_event_id_events"), type_="foreignkey")
        table.drop_index(table.f("ix_documents_event_id"))
        table.drop_constraint("hangs_on_one", type_="check")
        table.create_check_constraint("hangs_on_one", HUNG_ON_ONE)
        table.drop_column("for_guests")
        table.drop_column("event_id")

    with op.batch_alter_table("outgoing_mails") as table:
        table.drop_index(table.f("ix_outgoing_mails_user_id"))
        table.drop_index("ix_outgoing_mails_to")
        table.drop_index(table.f("ix_outgoing_mails_registration_id"))
        table.drop_index(table.f("ix_outgoing_mails_person_id"))
        table.drop_index("ix_outgoing_mails_of_mailing")
        table.drop_index(table.f("ix_outgoing_mails_event_id"))
        table.drop_index("ix_outgoing_mails_due")

    op.drop_table("outgoing_mails")
    with op.batch_alter_table("registrations") as table:
        table.drop_index(table.f("ix_registrations_person_id"))
        table.drop_index(table.f("ix_registrations_organisation_id"))
        table.drop_index("ix_registrations_address_key")
        table.drop_index("ix_registrations_open")
        table.drop_index("ix_registrations_of_event")
        table.drop_index(table.f("ix_registrations_invitation_id"))

    op.drop_table("registrations")
    with op.batch_alter_table("programme_items") as table:
        table.drop_index(table.f("ix_programme_items_person_id"))
        table.drop_index(table.f("ix_programme_items_event_id"))

    op.drop_table("programme_items")
    with op.batch_alter_table("mailings") as table:
        table.drop_index(table.f("ix_mailings_event_id"))

    op.drop_table("mailings")
    with op.batch_alter_table("invitations") as table:
        table.drop_index(table.f("ix_invitations_person_id"))
        table.drop_index(table.f("ix_invitations_organisation_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("head_counts") as table:
        table.drop_index(table.f("ix_head_counts_organisation_id"))
        table.drop_index(table.f("ix_head_counts_event_id"))

    op.drop_table("head_counts")
    with op.batch_alter_table("feedback") as table:
        table.drop_index(table.f("ix_feedback_event_id"))

    op.drop_table("feedback")
    with op.batch_alter_table("event_task_fields") as table:
        table.drop_index(table.f("ix_event_task_fields_task_field_id"))

    op.drop_table("event_task_fields")
    with op.batch_alter_table("event_hosts") as table:
        table.drop_index(table.f("ix_event_hosts_organisation_id"))
        table.drop_index(table.f("ix_event_hosts_event_id"))

    op.drop_table("event_hosts")
    with op.batch_alter_table("checklist_items") as table:
        table.drop_index(table.f("ix_checklist_items_owner_id"))
        table.drop_index(table.f("ix_checklist_items_event_id"))

    op.drop_table("checklist_items")
    with op.batch_alter_table("events") as table:
        table.drop_index(table.f("ix_events_responsible_id"))
        table.drop_index(
            "ix_events_removed_at",
            sqlite_where=sa.text("removed_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NOT NULL"),
        )
        table.drop_index(table.f("ix_events_place_id"))
        table.drop_index("ix_events_in_order")
        table.drop_index(table.f("ix_events_cooperation_id"))

    op.drop_table("events")
    with op.batch_alter_table("public_posts") as table:
        table.drop_index("ix_public_posts_source")

    op.drop_table("public_posts")
    op.drop_table("mail_server")
