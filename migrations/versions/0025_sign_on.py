"""sign-on: who is who at an OpenID Connect service, ways begun there, sessions that came from there"""

import sqlalchemy as sa
from alembic import op

revision = "0025_sign_on"
down_revision = "0024_audit_seals"
branch_labels = None
depends_on = None


def _moment(name, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table, column, target, **more):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **more
    )


def upgrade():
    op.add_column("user_sessions", _moment("vouched_until", nullable=True))
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        _moment("last_used_at", nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _key("identities", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index(op.f("ix_identities_user_id"), "identities", ["user_id"])
    _starts()
    op.create_table(
        "provider_sessions",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=255), nullable=True),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        _moment("checked_at"),
        _moment("asked_at", nullable=True),
        _key("provider_sessions", "session_id", "user_sessions", ondelete="CASCADE"),
        _key("provider_sessions", "identity_id", "identities", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_provider_sessions")),
    )
    op.create_index(op.f("ix_provider_sessions_identity_id"), "provider_sessions", ["identity_id"])
    op.create_index("ix_provider_sessions_sid", "provider_sessions", ["sid"])
    op.create_table(
        "spent_logouts",
        sa.Column("jti_hash", sa.String(length=64), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("jti_hash", name=op.f("pk_spent_logouts")),
    )
    op.create_index(op.f("ix_spent_logouts_at"), "spent_logouts", ["at"])


def _starts():
    op.create_table(
        "sign_on_starts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("target", sa.String(length=2000), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        _moment("begun_at"),
        _key("sign_on_starts", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_starts")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_sign_on_starts_state_hash")),
    )
    op.create_index(op.f("ix_sign_on_starts_begun_at"), "sign_on_starts", ["begun_at"])


def downgrade():
    # Without the column these would be sessions that nobody has to vouch for.
    op.execute("DELETE FROM user_sessions WHERE vouched_until IS NOT NULL")
    for table in ("spent_logouts", "provider_sessions", "sign_on_starts", "identities"):
        op.drop_table(table)
    with op.batch_alter_table("user_sessions") as table:
        table.drop_column("vouched_until")
