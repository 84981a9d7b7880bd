"""What people type stays text: no script, no SQL, no column nobody offered, no foreign address."""

import re
from urllib.parse import quote

import pytest
from sqlalchemy import inspect, select

from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import Record, db, today
from crm.follow_ups.models import FollowUp
from crm.markdown import markdown
from crm.task_fields.models import TaskField
from tests import factories
from tests.everything import addresses, changed, chief, fill, stored

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "'><body onpageshow=alert(1)>",
    "javascript:alert(1)",
    "[Klick](javascript:alert(1)) [b](data:text/html;base64,PHN2Zz4=) <javascript:alert(1)>",
    "![x](x\" onerror=\"alert(1))",
    "</textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "</title><style>@import 'https://boese.test'</style>",
    "{{7*7}} {% print(config) %} ${7*7} #{7*7}",
    "<a href=\"vbscript:x\" style=\"x:expression(1)\" onmouseover=alert(1)>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; \\u003cscript\\u003e",
]  # fmt: skip
OWN_TAGS = {"script": "src", "link": "href"}
FOREIGN_TAGS = (
    "iframe",
    "object",
    "embed",
    "style",
    "base",
    "meta[http-equiv]",
    "[srcdoc]",
    "[style]",
    "form[action^=http]",
)


def offences(page):
    """What runs, or leads somewhere else, on a page that shows what was typed."""
    found = [str(tag)[:80] for name in FOREIGN_TAGS for tag in page.soup.select(name)]
    for tag in page.soup.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.casefold().startswith("on")]
        for name in ("href", "src", "action", "formaction", "data-source", "xlink:href"):
            scheme = re.match(r"\s*([a-z]+):", str(tag.get(name, "")), re.IGNORECASE)
            if scheme and scheme[1].casefold() not in ("http", "https", "mailto", "tel"):
                found.append(f"{tag.name} {tag[name]}")
    scripts = [tag for tag in page.soup.find_all("script") if not tag.get("src", "").startswith("/static/")]
    return found + [str(tag)[:80] for tag in scripts]


def plant(app, client, payload):
    """Type a payload into every text field of every form; give the addresses that show it."""
    with app.app_context():
        places = [str(factories.place(name).id) for name in ("Lahntal", "Cölbe")]
    line, short = payload[:200], payload[:50]
    row = {
        "parties-0-organisation": places[0], "parties-0-represented_by": line, "parties-0-role": payload[:100],
        "parties-0-presence": "represented", "parties-0-private_note": payload, "parties-0-people-text": short,
        "parties-0-follow_up_on": "1.12.2090", "parties-0-follow_up_text": payload,
    }  # fmt: skip
    talk = {
        "organisations": places, "held_on": f"{today():%d.%m.%Y}", "kind": "group", "channel": "phone", "anyway": "1",
        "note": payload, "agreements": payload, "next_step": payload, "place": line, "file_reference": payload[:100],
        "follow_up_on": "1.12.2090", "follow_up_text": payload, "confidential": [],
    }  # fmt: skip
    person = {
        "last_name": line, "first_name": line, "academic_title": short, "organisation": places[:1], "role": "other",
        "title": line, "official_phone": short, "note": payload, "anyway": "1",
    }  # fmt: skip
    work = {"text": payload, "waiting_for": line, "organisation": places[:1], "due_on": "1.12.2090"}
    sent = [
        ("/beratungen/neu", talk | row),
        ("/kontakte/neu", person),
        ("/wiedervorlagen/neu", work),
        ("/aufgabenfelder/neu", {"name": payload[:100]}),
        ("/konten/neu", {"name": line, "email": f"x{abs(hash(payload))}@kikz.test", "roles": ["reader"]}),
    ]
    pages = [(url, client.submit(url, **fields)) for url, fields in sent]
    assert all(page.status in (200, 303) for _url, page in pages), [
        (url, page.errors()) for url, page in pages
    ]
    return [page.location for _url, page in pages if page.location]


def records(app):
    """Addresses of all that was made, with their rare pages."""
    rare = {
        Consultation: ("/beratungen/{}", "", "/bearbeiten", "/entfernen"),
        Person: ("/kontakte/{}", "", "/bearbeiten", "/entfernen", "/funktionen/neu"),
        FollowUp: ("/wiedervorlagen/{}", "", "/bearbeiten"),
    }
    with app.app_context():
        return [
            places[0].format(number) + more
            for model, places in rare.items()
            for number in db.session.scalars(select(model.id))
            for more in places[1:]
        ]


def test_no_payload_runs_on_any_page(app):
    numbers, client = fill(app), chief(app)
    app.config["MOST_STATEMENTS"] = 200
    for payload in PAYLOADS:
        plant(app, client, payload)
    urls = [one.url for one in addresses(app, numbers, safe=True)] + records(app)
    for url in [*urls, "/kontakte?q=" + quote(PAYLOADS[0]), "/kommunen?q=" + quote(PAYLOADS[2])]:
        page = client.get(url)
        assert page.status < 500, url
        assert offences(page) == [], url
        assert "49 " not in page.main or "{{7*7}}" in page.main or "7*7" not in page.html
    app.config.pop("MOST_STATEMENTS")


def test_no_payload_runs_on_the_pages_of_mistakes(app, anna, bert):
    with app.app_context():
        number = factories.talk("Lahntal", note=PAYLOADS[0]).id
        db.session.commit()
    url = f"/beratungen/{number}/bearbeiten"
    form = anna.get(url).fields()
    for payload in PAYLOADS:
        wrong = {
            "held_on": payload,
            "note": payload,
            "place": payload * 3,
            "organisations-text": payload,
            "kind": payload,
        }
        page = anna.submit("/beratungen/neu", **wrong)
        assert page.status == 422
        assert offences(page) == [], payload
        bert.submit(url, note=payload + " Bert", place="Ort " + payload[:80])
        conflict = anna.post(url, form | {"note": [payload + " Anna"]})
        assert conflict.status == 409
        assert offences(conflict) == [], payload
        assert offences(anna.get("/gibt-es/" + quote(payload, safe=""))) == []
        assert offences(anna.get("/anmelden?next=" + quote("/" + payload))) == []


def test_payloads_are_shown_as_they_were_typed(app):
    client = chief(app)
    location = plant(app, client, PAYLOADS[0])[0]
    assert PAYLOADS[0] in client.get(location).main


def test_history_names_but_never_shows_free_text(app, anna):
    with app.app_context():
        number = factories.talk("Lahntal", note="Eins").id
        db.session.commit()
    anna.submit(f"/beratungen/{number}/bearbeiten", note="Geheimes Wort ZX-1", place=PAYLOADS[1])
    page = anna.get(f"/beratungen/{number}")
    assert offences(page) == []
    assert page.html.count("ZX-1") == 1, "in the note, and not a second time in the history"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:1",
        "JaVaScRiPt:1",
        "data:text/html,x",
        "vbscript:x",
        "\tjavascript:1",
        "file:///etc/passwd",
    ],
)
def test_links_in_notes_lead_to_pages_only(url):
    assert "href" not in markdown(f"[x]({url}) [x](<{url}>)\n\n[x]: {url}")


def test_notes_keep_their_shape_and_nothing_else():
    shown = markdown("# Kein Titel\n**fett** <b>x</b>\n- eins\n- zwei\n\n![x](/bild.png)\n\n<div>\n\n```x```")
    assert set(re.findall(r"<([a-z0-9]+)", shown)) <= {"p", "strong", "br", "ul", "li", "a"}
    assert "&lt;b&gt;" in shown


SQL = [
    "'",
    "';--",
    "name;select",
    "(select 1)",
    "asc,(case when 1=1 then 1 end)",
    "1) or (1=1",
    "1 or 1=1",
    "-name'",
    "0x31",
    "%27",
    "\\'",
]
LISTS = {
    "/beratungen": (
        "seite",
        "sortierung",
        "q",
        "since",
        "until",
        "kind",
        "channel",
        "state",
        "county",
        "task_field",
        "staff",
    ),
    "/kommunen": ("seite", "sortierung", "q", "art", "kreis", "bezirk", "groesse"),
    "/kontakte": ("seite", "sortierung", "q", "kommune"),
    "/wiedervorlagen": ("seite", "stand", "q", "zustaendig", "getan"),
    "/berichte/beratungstaetigkeit": ("von", "bis", "zeitraum", "monat", "art"),
    "/kommunen/suche": ("q",),
    "/kontakte/suche": ("q", "organisation"),
    "/aufgabenfelder/suche": ("q",),
    "/beratungen/team": ("q",),
    "/beratungen/neu": ("wie", "folgt", "kommune"),
    "/beratungen/neu/zeile": ("value", "index"),
}


@pytest.mark.parametrize("url", LISTS)
def test_sql_in_the_address_is_text(app, mara, url):
    fill(app)
    before = stored(app)
    for name in LISTS[url]:
        for payload in SQL:
            page = mara.get(f"{url}?{name}={quote(payload)}")
            assert page.status in (200, 404), (name, payload, page.status)
    assert changed(before, stored(app)) == []


def test_a_wrong_order_gives_the_usual_one(anna):
    usual = [row.get_text() for row in anna.get("/kommunen").soup.select("tbody tr")]
    for payload in SQL:
        page = anna.get("/kommunen?sortierung=" + quote(payload))
        assert [row.get_text() for row in page.soup.select("tbody tr")] == usual, payload


MORE = {
    "is_admin": "1", "role": "administrator", "roles": "administrator", "id": "1", "owner_id": "1", "version": "999",
    "created_at": "2000-01-01", "status": "confirmed", "created_by_id": "1", "removed_at": "2026-01-01",
    "password_hash": "x", "must_change_password": "", "locked_at": "2026-01-01", "user_id": "1", "search_text": "x",
}  # fmt: skip


def test_forms_set_declared_columns_only(app, anna):
    numbers = fill(app)
    forms = {
        f"/beratungen/{numbers['consultation_id']}/bearbeiten": ("owner_id", "version"),
        f"/kontakte/{numbers['person_id']}/bearbeiten": ("version",),
        f"/wiedervorlagen/{numbers['follow_up_id']}/bearbeiten": ("owner_id", "version"),
        "/konto": ("version",),
    }
    for url, own in forms.items():
        before = stored(app)
        more = {name: value for name, value in MORE.items() if name not in own}
        assert anna.submit(url, **more).status == 303, url
        # Saving without a change touches nothing, so any difference comes from a smuggled field.
        assert changed(before, stored(app)) == [], url


def test_a_foreign_version_saves_nothing(app, anna):
    numbers = fill(app)
    before = stored(app)
    for version in ("999", "0", "", "-1", "1e3", "\u00b2", "9" * 5000, "1' or 1=1"):
        for path in ("beratungen/{consultation_id}", "kontakte/{person_id}", "wiedervorlagen/{follow_up_id}"):
            page = anna.submit(f"/{path.format(**numbers)}/bearbeiten", version=version, note="x", text="x")
            assert page.status in (400, 409, 422), (version, page.status)
    assert changed(before, stored(app)) == []


def test_new_records_take_no_foreign_columns(app, anna):
    work = {"text": "Anrufen", "organisation": [], "organisation-text": "Lahntal", "due_on": "1.12.2090"}
    assert anna.submit("/wiedervorlagen/neu", **work | MORE | {"owner_id": ""}).status in (303, 422)
    with app.app_context():
        for made in db.session.scalars(select(FollowUp)):
            assert made.version == 1
            assert made.created_at.year == today().year
            assert made.removed_at is None


def test_every_record_has_columns_that_no_form_names():
    for model in (Consultation, Person, FollowUp, TaskField):
        assert issubclass(model, Record)
        assert {"id", "version", "created_at", "updated_at"} <= set(inspect(model).column_attrs.keys())


FAR = [
    "//boese.test", "/\\boese.test", "https:boese.test", "https://boese.test", "javascript:1", "/%5cboese.test",
    "/\t/boese.test", "https://localhost@boese.test", "\\\\boese.test", "///boese.test", "/x\r\nLocation: //boese.test",
    "/\u2028/boese.test", "//boese.test/%2e%2e", "http:///boese.test", " //boese.test", "/./\\boese.test", "",
]  # fmt: skip


@pytest.mark.parametrize("target", FAR)
def test_signing_in_leads_to_this_site(app, stranger, target):
    page = stranger.post("/anmelden", email="anna@kikz.test", password=factories.PASSWORD, next=target)
    assert page.status == 303
    assert re.fullmatch(r"/(?![/\\])[!-~]*", page.location), page.location
    assert "boese" not in page.location or page.location.startswith("/%5c")


@pytest.mark.parametrize("target", FAR)
def test_buttons_lead_back_to_this_site(app, anna, target):
    with app.app_context():
        number = factories.follow_up().id
        db.session.commit()
    page = anna.post(f"/wiedervorlagen/{number}/erledigt", next=target)
    assert page.status == 303
    assert re.fullmatch(r"/(?![/\\])[!-~]*", page.location), page.location
