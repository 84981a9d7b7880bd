"""Materials for tests, handed out and not."""

import io

from werkzeug.datastructures import FileStorage

from crm.db import db, today
from crm.dispatches import letters
from crm.dispatches import services as dispatches
from crm.dispatches.models import Way
from crm.materials import services, stock
from crm.materials.kinds import MaterialKind, Movement, Whose, YearBasis
from tests import factories
from tests.documents import files

HEAD = (
    "material_id,title,year,year_basis,date,kind,publisher,series,of_centre,source_url,source_precision,note"
)


def upload(content=None, name="leitfaden.pdf"):
    """Give a file as a form sends it."""
    return FileStorage(io.BytesIO(content or files.pdf()), filename=name)


def material(title="Leitfaden Bauhof", file=True, copies=0, by="anna", **over):
    """Enter a material with one version."""
    usual = {
        "title": title, "kind": MaterialKind.GUIDE, "whose": Whose.OWN, "issued": "2024",
        "year_basis": YearBasis.STATED,
    }  # fmt: skip
    made = services.create(usual | over, factories.member(by), upload() if file else None)
    if copies:
        stock.book(made.newest, Movement.IN, copies, factories.member(by))
    db.session.flush()
    return made


def next_version(of, file=True, by="anna", **over):
    """Enter the next version of a material."""
    values = {"issued": "2026", "year_basis": YearBasis.STATED, "label": "2. Auflage"} | over
    made = services.add_version(of, values, factories.member(by), upload() if file else None)
    db.session.flush()
    return made


def hand_out(version, *people, places=(), way=Way.IN_PERSON, by="anna", **over):
    """Hand a version out to people and places by name."""
    values = {
        "way": way, "handed_on": today(), "copies": 0, "people": [one.id for one in people],
        "organisations": [factories.place(name).id for name in places],
    }  # fmt: skip
    made = dispatches.hand_out(version, values | over, factories.member(by))
    db.session.flush()
    return made


def person(last_name, first_name, own=None, **over):
    """Make a person in office; `own` are columns of the person, the others of the function."""
    made = factories.person(last_name, first_name, **over)
    for name, value in (own or {}).items():
        setattr(made, name, value)
    db.session.flush()
    return made


def link_on(page, text):
    """Give where a link or button on a page leads."""
    return next(tag["href"] for tag in page.soup.select("a") if tag.get_text(strip=True).startswith(text))


def link(dispatch):
    """Give the first recipient a download link; give its token."""
    token = letters.give_link(dispatch.recipients[0])
    db.session.flush()
    return token


def everything(person):
    """A material with an outdated and a new version, and a link that works; the numbers for addresses."""
    found = material("Leitfaden Feuerwehr", copies=20)
    old = found.newest
    first = hand_out(old, person)
    new = next_version(found)
    sent = hand_out(new, person, way=Way.MAIL)
    token = link(sent)
    hand_out(old, factories.person("Alt", "Anton", email="a.alt@coelbe.test"))
    return {
        "material_id": found.id, "version_id": new.id, "dispatch_id": first.id,
        "dispatches.fetch token": token, "dispatches.fetch_file token": token,
    }  # fmt: skip


def in_house(person):
    """Much of it for the eyes, and the numbers that addresses need."""
    found = everything(person)
    web = {"kind": MaterialKind.WEB_PAGE, "whose": Whose.UNKNOWN, "year_basis": YearBasis.UNKNOWN}
    material("Themenseite Bauhof", file=False, issued=None, link="https://www.ikz-hessen.test/bauhof", **web)
    material("Machbarkeitsstudie", file=False, year_basis=YearBasis.INFERRED, withdrawn_on=today())
    names = {"material": "material_id", "version": "version_id", "dispatch": "dispatch_id"}
    token = {"material_token": found["dispatches.fetch token"]}
    return {name: found[key] for name, key in names.items()} | token


def written(*rows):
    """Write rows of a list of materials as its file."""
    return "\n".join([HEAD, *rows, ""]).encode()
