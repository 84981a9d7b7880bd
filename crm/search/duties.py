"""What the worker does for the index: find what is out of step, after an upgrade all of it."""

from crm import jobs
from crm.db import db
from crm.search import services


@jobs.duty("search")
def catch_up() -> None:
    """Make entries anew that are missing, too old, or of records that are gone; in short transactions."""
    for kind in services.KINDS:
        # To look needs no lock that keeps others from writing.
        db.session.rollback()
        db.session.connection(execution_options={"write": False})
        ids = sorted(services.behind(kind))
        db.session.rollback()
        for start in range(0, len(ids), services.AT_ONCE):
            if jobs.stopping():
                return
            services.refresh(kind, ids[start : start + services.AT_ONCE])
            db.session.commit()
