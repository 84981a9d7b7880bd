"""The careful client: each request in its own context, each page looked at twice."""

import re
from contextlib import contextmanager
from functools import cached_property

from flask import Response, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event

from crm.accounts import queries, sessions
from crm.db import db
from tests.markup import parsed

MOST_STATEMENTS = 20
# What is told somebody (Art. 15) asks every table that hangs on a person, once each, whatever its rows.
TOLD, MOST_FOR_TOLD = "/personendaten/auskunft/", 40
_ID = re.compile(r"""<[a-z][^<>]*?\sid="([^"]+)\"""")
_TITLE = re.compile(r"<title[^>]*>\s*[^<\s][^<]*</title>")
_POST_FORM = re.compile(r"""<form[^>]*\smethod="post".*?</form>""", re.DOTALL)
_TOKEN = re.compile(r"""(name="csrf_token"[^>]*?\svalue=")([^"]+)(")""")
_LEFT = re.compile(r' data-session-left="[0-9]+"')


def watch_commits(app):
    """Note every redirect after changes that nobody committed."""

    def flushed(session, _context):
        session.info["unsaved"] = True

    def settled(session, *_rest):
        session.info.pop("unsaved", None)

    for name, listener in (("after_flush", flushed), ("after_commit", settled), ("after_rollback", settled)):
        event.listen(db.session, name, listener)

    @app.after_request
    def look(response):
        if response.status_code in (302, 303) and db.session().info.get("unsaved"):
            app.config["FORGOTTEN"] = True
        return response


class Page:
    """An answer with its parsed text."""

    def __init__(self, response, statements):
        self.response, self.statements = response, statements
        self.status, self.headers, self.data = response.status_code, response.headers, response.get_data()
        self.html = response.get_data(as_text=True) if (response.mimetype or "").startswith("text/") else ""

    @cached_property
    def soup(self):
        """The parsed page."""
        return parsed(self.html)

    @property
    def working(self):
        """The working area of the page, without navigation and head; None where there is none."""
        return self.soup.main

    @property
    def seen(self):
        """What a browser shows: the page without its tokens and seconds left, which change every second."""
        return _LEFT.sub("", _TOKEN.sub(r"\1\3", self.html))

    @property
    def text(self):
        """What a person reads, blanks folded."""
        return re.sub(r"\s+", " ", self.soup.get_text(" ")).strip()

    @property
    def main(self):
        """What a person reads in the working area."""
        return re.sub(r"\s+", " ", self.working.get_text(" ")).strip() if self.working else ""

    @property
    def location(self):
        """Where the answer leads."""
        return self.headers.get("Location", "")

    def fields(self, form=0):
        """Fields of a form as they stand, as a dict of lists."""
        forms = self.soup.select("main form[method=post]")
        found = {}
        for tag in forms[form].select("input[name], textarea[name], select[name]"):
            for value in _values(tag):
                found.setdefault(tag["name"], []).append(value)
        return found

    def errors(self):
        """Messages at the fields and in the summary."""
        return [
            re.sub(r"\s+", " ", tag.get_text(" ")).strip()
            for tag in self.soup.select("main .field-error, main .err-sum li")
        ]


def _values(tag):
    if tag.name == "textarea":
        return [tag.get_text().removeprefix("\r").removeprefix("\n")]
    if tag.name == "select":
        chosen = tag.select("option[selected]") or tag.select("option")[:1]
        return [option.get("value", "") for option in chosen]
    if tag.get("type") in ("checkbox", "radio"):
        return [tag.get("value", "y")] if tag.has_attr("checked") else []
    return [tag.get("value", "")] if tag.get("type") != "submit" else []


class CarefulClient:
    """A browser of one person that complains about careless pages."""

    def __init__(self, app):
        self.app, self.browser, self._known = app, app.test_client(), ("", "")

    def come_in(self, email):
        """Be signed in already; the door has its own tests."""
        with self.app.test_request_context(base_url="http://localhost"):
            sessions.begin(queries.by_email(email))
            answer = Response()
            self.app.session_interface.save_session(self.app, session, answer)
            db.session.commit()
            token = generate_csrf()
        name, value = answer.headers["Set-Cookie"].split(";")[0].split("=", 1)
        self.browser.set_cookie(name, value)
        self._known = value, token

    def sign_in(self, email, password="Sieben-Zwerge-42"):
        """Come in by the door, as everybody does."""
        page = self.post("/anmelden", email=email, password=password)
        assert page.status == 303, page.main
        return page

    def get(self, url, **headers):
        """Open a page."""
        return self._open("GET", url, headers=headers)

    def post(self, url, data=None, token=True, headers=None, follow=False, **fields):
        """Send a form; the token is fetched as a browser has it."""
        sent = {**(data or {}), **fields}
        if token and "csrf_token" not in sent:
            sent["csrf_token"] = self.token()
        page = self._open("POST", url, data=sent, headers=headers or {})
        return self.get(page.location) if follow and page.status in (302, 303) else page

    def submit(self, url, form=0, to=None, follow=False, **changes):
        """Open a form, change some fields, send the rest as it stands."""
        fields = self.get(url).fields(form)
        for name, value in changes.items():
            fields[name.replace("__", "-")] = value
        return self.post(to or url, fields, follow=follow)

    def token(self):
        """The CSRF token of this browser, fetched once for each session."""
        cookie = self.browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        if cookie is None or cookie.value != self._known[0]:
            token = _TOKEN.search(self._open("GET", "/anmelden").html).group(2)
            cookie = self.browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            self._known = cookie.value, token
        return self._known[1]

    def _open(self, method, url, **kw):
        with self._watched() as statements:
            response = self.browser.open(url, method=method, **kw)
        page = Page(response, statements)
        self._complain(method, url, page)
        return page

    @contextmanager
    def _watched(self):
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("BEGIN", "PRAGMA", "SELECT pg_catalog", "show ", "SHOW ")):
                seen.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def _complain(self, method, url, page):
        forgotten = self.app.config.pop("FORGOTTEN", None)
        assert not forgotten, f"{method} {url} redirected without committing"
        if method == "GET" and page.status == 200:
            usual = MOST_FOR_TOLD if url.startswith(TOLD) else MOST_STATEMENTS
            most = self.app.config.get("MOST_STATEMENTS", usual)
            assert len(page.statements) <= most, f"{url}: {len(page.statements)} statements\n" + "\n".join(
                page.statements
            )
        if page.response.mimetype != "text/html" or "<html" not in page.html:
            return
        assert _TITLE.search(page.html), f"{url} has no title"
        ids = _ID.findall(page.html)
        double = {one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else None
        assert not double, f"{url} has double ids {double}"
        for form in _POST_FORM.findall(page.html):
            assert _TOKEN.search(form), f"{url}: a form without token"
