"""people: two blanks part last and first name, so that all called Damm stand before the first Damm-Bechtel"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0040_order_of_names"
down_revision = "0039_phone_of_guests"
branch_labels = None
depends_on = None

TABLES, UNSEEN = ("people", "registrations"), {"Mn", "Me", "Cf", "Cs"}
WORD, NO_GAP = re.compile(r"[^\W_]+"), str.maketrans("", "", "'’‘‛`´ʹʺʼʻʽʾʿˈˊˋ·‧")


def upgrade():
    _write(lambda last, words: " ".join(words[:last]) + "  " + " ".join(words[last:]))


def downgrade():
    _write(lambda last, words: " ".join(words))


def _plain(name):
    """Letters without marks, as the stored keys have them: a mark of its own would part a word."""
    text = unicodedata.normalize("NFKD", name.translate(NO_GAP)).casefold()
    text = unicodedata.normalize("NFKD", text).translate(NO_GAP)
    return "".join(letter for letter in text if unicodedata.category(letter) not in UNSEEN)


def _write(key):
    connection = op.get_bind()
    for name in TABLES:
        table = sa.table(name, sa.column("id"), sa.column("last_name"), sa.column("sort_key"))
        rows = connection.execute(sa.select(table).where(table.c.last_name.is_not(None))).all()
        for number, last_name, stored in rows:
            # A stored key has the words of the last name first, each in letters without marks.
            words, last = stored.split(), len(WORD.findall(_plain(last_name)))
            made = key(last, words)[:400].strip()
            if made != stored and len(words) > last:
                connection.execute(sa.update(table).where(table.c.id == number).values(sort_key=made))
    # The index of the search copies the key.
    op.execute(
        "UPDATE search_entries SET sort_key = (SELECT sort_key FROM people WHERE people.id = record_id) "
        "WHERE kind = 'person' AND record_id IN (SELECT id FROM people)"
    )
