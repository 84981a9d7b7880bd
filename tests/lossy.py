"""A program that lies: it loses talks, doubles follow-ups, suggests wrong names and breaks on reports."""

from sqlalchemy import select

from benchmarks.load.door import app
from crm.db import db
from crm.follow_ups.models import FollowUp


def lying(inner):
    """Answer as the real program does, except for four requests."""

    def answer(environ, start_response):
        asked = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if asked == ("POST", "/beratungen/neu"):
            start_response("303 See Other", [("Location", "/beratungen/1"), ("Content-Length", "0")])
            return [b""]
        if asked == ("GET", "/berichte/taetigkeit"):
            start_response("500 Internal Server Error", [("Content-Length", "0")])
            return [b""]
        if asked == ("GET", "/kommunen/suche"):
            environ["QUERY_STRING"] = "q=Xyzzy"
        body = list(inner(environ, start_response))
        if asked == ("POST", "/wiedervorlagen/neu"):
            _once_more()
        return body

    return answer


def _once_more():
    with app.app_context():
        last = db.session.scalars(select(FollowUp).order_by(FollowUp.id.desc()).limit(1)).one()
        values = {name: getattr(last, name) for name in ("text", "due_on", "owner_id", "organisation_id")}
        db.session.add(FollowUp(**values))
        db.session.commit()


app.wsgi_app = lying(app.wsgi_app)
