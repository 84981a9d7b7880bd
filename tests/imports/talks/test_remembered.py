"""What columns mean is chosen once for lists with the same headings."""

import io

from sqlalchemy import select

from crm.db import db
from crm.imports.models import ImportMapping
from tests.imports.lists import written

HEAD = ("Wann war es", "Mit wem", "Wie")
ROWS = (("8.3.2012", "Cölbe", "Tel."), ("9.3.2012", "Lich", "Tel."))
CHOSEN = "art=talks&spalte-0=date&spalte-1=places&spalte-2=kind"


def send(client, *rows, art="talks"):
    """Choose a file and press the button."""
    form = client.get("/importe").fields()
    content = written(*rows, head=HEAD)
    return client.post("/importe", form | {"art": art, "file": (io.BytesIO(content), "alt.csv")})


def test_columns_are_chosen_once(app, mara):
    send(mara, ROWS[0])
    assert mara.get("/importe/pruefung?art=talks").status == 422
    shown = mara.get(f"/importe/pruefung?{CHOSEN}")
    mara.post(f"/importe/pruefung?{CHOSEN}", shown.fields())
    with app.app_context():
        kept = db.session.scalars(select(ImportMapping)).one()
        assert (kept.kind, kept.meanings) == ("talks", {"0": "date", "1": "places", "2": "kind"})
    again = mara.get(send(mara, *ROWS).location)
    assert again.status == 200
    assert "was für eine Liste mit diesen Überschriften schon gewählt wurde." in again.main
    assert "Neu 1" in again.main


def test_looking_keeps_nothing(app, mara):
    send(mara, ROWS[0])
    mara.get(f"/importe/pruefung?{CHOSEN}")
    with app.app_context():
        assert db.session.scalars(select(ImportMapping)).all() == []


def test_what_is_chosen_now_goes_first(app, mara):
    send(mara, ROWS[0])
    shown = mara.get(f"/importe/pruefung?{CHOSEN}")
    mara.post(f"/importe/pruefung?{CHOSEN}", shown.fields())
    send(mara, ROWS[0])
    assert mara.get("/importe/pruefung?art=talks&spalte-0=-").status == 422


def test_another_kind_of_list_remembers_its_own(mara):
    send(mara, ROWS[0])
    shown = mara.get(f"/importe/pruefung?{CHOSEN}")
    mara.post(f"/importe/pruefung?{CHOSEN}", shown.fields())
    assert mara.get(send(mara, ROWS[0], art="events").location).status == 422
