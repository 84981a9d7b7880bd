"""audit: events that nobody can rewrite, seals under them, and emptying as the one change allowed"""

import hashlib
import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0024_audit_seals"
down_revision = "0023_elections"
branch_labels = None
depends_on = None

AT_ONCE = 2000
KEPT = ("id", "at", "user_id", "name", "record_type", "record_id", "digest")
REFUSAL, LATE = "audit events cannot be changed", "audit events cannot be added below a seal"
SEAL_REFUSAL, OUT_OF_LINE = "audit seals cannot be changed", "audit seals follow one another"
BEHIND = "id = NEW.id OR last_id >= NEW.first_id OR previous_hash = NEW.previous_hash"
SAME = {
    name: " AND ".join(f"NEW.{column} {name} OLD.{column}" for column in KEPT)
    for name in ("IS", "IS NOT DISTINCT FROM")
}
EMPTIED = "OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL AND NEW.salt IS NULL"
ON_SQLITE = """CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""
# INSERT OR REPLACE asks no trigger of DELETE on SQLite; a number that is there already is refused.
GUARDS = (
    ("audit_events", "update", f"WHEN NOT ({SAME['IS']} AND {EMPTIED} AND NEW.changes = '{{}}')", REFUSAL),
    ("audit_events", "delete", "", REFUSAL),
    ("audit_events", "replace", "WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)", REFUSAL),
    ("audit_events", "past", "WHEN NEW.id > 0 AND NEW.id <= (SELECT max(last_id) FROM audit_seals)", LATE),
    ("audit_seals", "update", "", SEAL_REFUSAL),
    ("audit_seals", "delete", "", SEAL_REFUSAL),
    ("audit_seals", "replace", f"WHEN EXISTS (SELECT 1 FROM audit_seals WHERE {BEHIND})", OUT_OF_LINE),  # noqa: S608 constants
)
ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION keep_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.id <= (SELECT max(last_id) FROM audit_seals) THEN
            RAISE EXCEPTION '{LATE}' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF {SAME["IS NOT DISTINCT FROM"]}
            AND {EMPTIED} AND NEW.changes::text = '{{}}' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_events_no_change BEFORE INSERT OR UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION keep_audit_events();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_events();
CREATE OR REPLACE FUNCTION keep_audit_seals() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM audit_seals WHERE last_id >= NEW.first_id) THEN
            RAISE EXCEPTION '{OUT_OF_LINE}' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '{SEAL_REFUSAL}' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_seals_no_change BEFORE INSERT OR UPDATE OR DELETE ON audit_seals
FOR EACH ROW EXECUTE FUNCTION keep_audit_seals();
CREATE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON audit_seals
FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_seals();
"""  # noqa: S608 constants


def upgrade():
    with op.batch_alter_table("audit_events") as table:
        table.add_column(sa.Column("salt", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True))
    _digests()
    with op.batch_alter_table("audit_events") as table:
        table.alter_column("digest", existing_type=sa.String(length=64), nullable=False)
        table.create_check_constraint("salted_until_redacted", "(salt IS NULL) = (redacted_at IS NOT NULL)")
    _seals()
    _guards()


def _digests():
    """Give the events that are there already what the new ones get by themselves."""
    bind, last = op.get_bind(), 0
    query = sa.text(
        "SELECT id, CAST(changes AS TEXT) FROM audit_events WHERE id > :last ORDER BY id LIMIT :number"
    )
    change = sa.text("UPDATE audit_events SET salt = :salt, digest = :digest WHERE id = :id")
    while rows := bind.execute(query, {"last": last, "number": AT_ONCE}).all():
        bind.execute(change, [{"id": number, **_digest(changes)} for number, changes in rows])
        last = rows[-1][0]


def _digest(changes):
    salt = secrets.token_hex(16)
    plain = json.dumps(json.loads(changes), sort_keys=True, separators=(",", ":"))
    return {"salt": salt, "digest": hashlib.sha256((salt + plain).encode("ascii")).hexdigest()}


def _seals():
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count > 0 AND first_id <= last_id", name=op.f("ck_audit_seals_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("last_id", name=op.f("uq_audit_seals_last_id")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_seals_previous_hash")),
    )


def _guards():
    if op.get_bind().dialect.name != "sqlite":
        op.execute(ON_POSTGRESQL)
        return
    for table, name, when, refusal in GUARDS:
        verb = name.upper() if name in ("update", "delete") else "INSERT"
        op.execute(ON_SQLITE.format(table=table, name=name, verb=verb, when=when, refusal=refusal))


def downgrade():
    op.drop_table("audit_seals")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("update", "delete", "replace", "past"):
            op.execute(f"DROP TRIGGER audit_events_no_{name}")
    else:
        op.execute("DROP FUNCTION keep_audit_events(), keep_audit_seals() CASCADE")
    with op.batch_alter_table("audit_events") as table:
        table.drop_constraint("salted_until_redacted", type_="check")
        for name in ("redacted_at", "digest", "salt"):
            table.drop_column(name)
