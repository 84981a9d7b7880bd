"""Freeze a report as somebody does, and read it again."""

import zlib

from sqlalchemy import select

from crm.db import db, today
from crm.releases.models import FrozenReport
from tests import factories

YEAR = f"?von=01.01.{today().year}&bis=31.12.{today().year}"


def store(app, make):
    """Do something in the database; give the number of what was made."""
    with app.test_request_context():
        made = make()
        number = getattr(made, "id", None)
        db.session.commit()
        db.session.remove()
    return number


def talk(app, *places, **values):
    """Store a talk that was held today."""
    return store(app, lambda: factories.talk(*places, **values))


def freeze(client, slug="taetigkeit", query=YEAR, **fields):
    """Freeze a report by its form; give the address of the frozen one."""
    values = {"purpose": "Kleine Anfrage 19/5291"} | fields
    page = client.submit(f"/berichte/{slug}/einfrieren{query}", **values)
    assert page.status == 303, page.errors() or page.main
    return page.location


def figures(page):
    """The large numbers by their label."""
    return {
        one.find("dt").get_text(): one.find("dd").get_text(" ", strip=True)
        for one in page.soup.select(".figures-big > div")
    }


def content(app):
    """All that is stored of the newest frozen report, as text."""
    with app.test_request_context():
        found = db.session.scalars(select(FrozenReport).order_by(FrozenReport.id.desc())).first()
        return zlib.decompress(found.sheet).decode() + zlib.decompress(found.lists).decode()
