"""Several at once: threads that all begin, and all come to their end."""

import threading
from functools import partial

from crm.db import db


def all_at_once(*works):
    """Do some work in threads of their own and wait for all of it."""
    crowd = [threading.Thread(target=work) for work in works]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()


def at_once(app, *works):
    """Do things in threads of their own, each in a writing transaction; give what became of them."""
    said = []

    def run(work):
        with app.app_context():
            try:
                db.session.connection(execution_options={"write": True})
                said.append(work())
                db.session.commit()
            except Exception as trouble:
                db.session.rollback()
                said.append(type(trouble))

    all_at_once(*(partial(run, one) for one in works))
    return said
