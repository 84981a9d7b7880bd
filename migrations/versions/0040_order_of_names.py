"""people: two blanks part last and first name, so that all called Damm stand before the first Damm-Bechtel"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0040_order_of_names"
down_revision = "0039_phone_of_guests"
branch_labels = None
depends_on = None

TABLES = ("people", "registrations")
WORD, NO_GAP = re.compile(r"[^\W_]+"), str.maketrans("", "", "'’‘‛`´ʹʺʼʻʽʾʿˈˊˋ·‧")


def upgrade():
    _write(lambda last, words: " ".join(words[:last]) + "  " + " ".join(words[last:]))


def downgrade():
    _write(lambda last, words: " ".join(words))


def _write(key):
    connection = op.get_bind()
    for name in TABLES:
        table = sa.table(name, sa.column("id"), sa.column("last_name"), sa.column("sort_key"))
        rows = connection.execute(sa.select(table).where(table.c.last_name.is_not(None))).all()
        for number, last_name, stored in rows:
            # A stored key has the words of the last name first, each in letters without marks.
            words, last = stored.split(), len(WORD.findall(last_name.translate(NO_GAP)))
            made = key(last, words)[:400].strip()
            if made != stored and len(words) > last:
                connection.execute(sa.update(table).where(table.c.id == number).values(sort_key=made))
