"""No page, no form with errors and no error page has a barrier that axe can find."""

import json
from inspect import signature
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from crm.db import db, now
from crm.imports.models import ImportJob, JobState
from crm.register.services import keep_waiting
from tests import factories
from tests.browser import groups, pages
from tests.browser.measures import MEASURES
from tests.imports.lists import written

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
}
# Most of the time goes into two rules that look at every letter and button. What is the same on every page of
# somebody is looked at once, but for the head and the entry of this page; `make stress` looks at all.
COSTLY = ["color-contrast", "target-size"]
WITHOUT_COSTLY = OPTIONS | {"rules": {rule: {"enabled": False} for rule in COSTLY}}
ONLY_COSTLY = {"runOnly": {"type": "rule", "values": COSTLY}}
WITHOUT_SAME = {"exclude": [[".side a:not([aria-current])"], [".foot"]]}
# Only what is asked for is described node by node, and only that leaves the browser.
ASK = """([context, kind, options]) =>
  axe.run(context || document, {...options, resultTypes: [kind]}).then((answer) => answer[kind])"""
# What axe cannot decide by itself, looked at once by a person: rule and reason of axe, and what was seen.
REVIEWED = json.loads(Path(__file__).with_name("reviewed.json").read_text(encoding="utf-8"))
TALL = {"width": 1440, "height": 2400}
PHONE = {"width": 375, "height": 2400}

# Everything emptied or filled with what no field can read or hold, then sent as it stands.
SPOIL = """
(form) => {
  const unread = /_on|_at|_from|_until|_to|minutes|due|since|amount|_before|_after/;
  for (const one of form.querySelectorAll("[data-chips] li")) one.remove();
  for (const one of form.querySelectorAll("input, textarea, select")) {
    if (one.type === "checkbox") one.checked = false;
    else if (one.tagName === "SELECT") one.value = "";
    else if (one.type !== "hidden" && one.type !== "radio")
      one.value = unread.test(one.name) ? "xx" : one.name === "remark" ? "x".repeat(9999) : "";
  }
  form.submit();
}
"""


def findings(page, name, whole=True):
    """What axe says against a page, one line a finding."""
    page.evaluate(AXE_SCRIPT)
    said = page.evaluate(ASK, [None, "violations", OPTIONS if whole else WITHOUT_COSTLY])
    if not whole:
        said += page.evaluate(ASK, [WITHOUT_SAME, "violations", ONLY_COSTLY])
    return [
        f"{name}: {one['id']} ({node['target']}) {node['html'][:160]}"
        for one in said
        for node in one["nodes"]
    ]


def undecided(page, name, reviewed):
    """What axe could not decide on a page and nobody has looked at, one line a node."""
    page.evaluate(AXE_SCRIPT)
    return [
        f"{name}: {key} ({node['target']}) {node['html'][:160]}"
        for one in page.evaluate(ASK, [None, "incomplete", OPTIONS])
        for node in one["nodes"]
        if (key := f"{one['id']} {_reason(node)}") not in reviewed
    ]


def _reason(node):
    """Why axe could not decide, in its own word."""
    checks = [check for kind in ("any", "all", "none") for check in node[kind]]
    data = [check["data"] for check in checks if isinstance(check.get("data"), dict)]
    words = [one.get("messageKey") for one in data]
    return next((word for word in words if word), checks[0]["id"] if checks else "")


class Eyes:
    """One page for each who sees something."""

    def __init__(self, page_of, always_whole=False, **options):
        self.page_of, self.options, self.open = page_of, options, {}
        self.always_whole, self.known = always_whole, set()

    def page(self, who):
        """Give the page of somebody."""
        if who not in self.open:
            self.open[who] = self.page_of(who, **self.options)
        return self.open[who]

    def findings(self, who, name):
        """What axe says against the page of somebody; what is the same on all is looked at with the first."""
        whole = self.always_whole or who not in self.known
        self.known.add(who)
        return findings(self.page(who), name, whole)

    def look(self, app, house):
        """Open every page and note what axe says."""
        found = []
        for name, url, who in pages.addresses(app, house):
            answer = self.page(who).goto(url)
            assert answer.status == 200, f"{name}: {answer.status}"
            found += self.findings(who, name)
        return found


def test_axe_would_find_something(anna_page):
    anna_page.goto("/beratungen/neu")
    assert findings(anna_page, "form") == []
    spoil = "for (const one of document.querySelectorAll('label, .tick-btn')) one.remove()"
    anna_page.evaluate(spoil)
    assert findings(anna_page, "form without labels")
    anna_page.goto("/beratungen/neu")
    anna_page.evaluate("document.querySelector('main h1').style.color = '#eee'")
    assert findings(anna_page, "pale head", whole=False)
    anna_page.goto("/beratungen")
    assert findings(anna_page, "list", whole=False) == []
    anna_page.evaluate("document.querySelector('.side [aria-current] span').style.color = '#eee'")
    assert findings(anna_page, "pale entry of the page one is on", whole=False)


def test_no_page_has_findings(app, house, page_of):
    assert Eyes(page_of, viewport=TALL).look(app, house) == []


def test_what_axe_cannot_decide_has_been_looked_at(house, page_of):
    page, found = page_of("mara", viewport=TALL), []
    for url in ("/konto", f"/beratungen/{house['talk']}/bearbeiten", "/berichte/taetigkeit", "/"):
        page.goto(url)
        found += undecided(page, url, REVIEWED)
    assert found == []
    assert undecided(page, url, {}), "the control: nothing is undecided where nothing was looked at"


def test_no_form_with_errors_has_findings(app, house, page_of):
    eyes, found = Eyes(page_of, viewport=TALL), []
    for name, url, who in pages.with_forms(app, house):
        page = eyes.page(who)
        page.goto(url)
        with page.expect_navigation():
            page.locator("main form[method=post]", has=page.locator("label")).first.evaluate(SPOIL)
        assert page.locator(".err-sum li").count(), f"{name} takes anything"
        found += [f"{name}: {fault}" for fault in page.evaluate(f"{MEASURES}.errors()")]
        found += eyes.findings(who, name)
    assert found == []


def test_neither_a_conflict_nor_an_offered_draft_has_findings(app, live, anna_page, bert):
    with app.app_context():
        number = factories.talk("Lahntal").id
        db.session.commit()
    url, page = f"/beratungen/{number}/bearbeiten", anna_page
    page.goto(url)
    page.locator("#note").fill("Annas Fassung.")
    bert.submit(url, note="Berts Fassung.", follow=True)
    page.keyboard.press("Control+Enter")
    page.locator(".conf-row").first.wait_for()
    found = findings(page, "conflict")
    page.goto("/")
    live.settle()
    page.goto(url)
    page.locator("main .notice-actions").first.wait_for()
    assert found + findings(page, "draft") == []


def test_no_list_without_hits_and_no_refusal_has_findings(app, page_of, watch):
    watch.expected += ["a status of 403", "a status of 404"]
    empty = (
        "/",
        "/beratungen?q=zzz",
        "/kommunen?q=zzz",
        "/kontakte?q=zzz",
        "/wiedervorlagen",
        "/berichte/taetigkeit",
        "/kooperationen?q=zzz",
        "/kooperationen/liste?q=zzz",
        "/kooperationen/sitzungen",
        "/fristen",
        "/importe",
        "/suche",
        "/suche?q=zzz+quatsch:x",
        "/suche?q=lahntal+von:mara+2026",
    )
    refused = ("/gibt-es-nicht", "/konten")
    page, found = page_of("mara", viewport=TALL), []
    for url in (*empty, *refused):
        page.goto(url)
        found += findings(page, url)
    assert found == []


def test_neither_the_empty_nor_the_filled_palette_has_findings(app, page_of):
    with app.app_context():
        factories.person()
        factories.talk("Lahntal")
        db.session.commit()
    for options in ({"viewport": TALL}, {"viewport": PHONE}, {"viewport": TALL, "color_scheme": "dark"}):
        page = page_of("mara", **options)
        page.goto("/beratungen")
        page.keyboard.press("Control+k")
        page.locator("[role=option]").first.wait_for()
        found = findings(page, "palette")
        page.keyboard.type("lahn")
        page.locator("[role=option]", has_text="Petra Henkel").or_(
            page.locator("[role=option]", has_text="Lahntal").first
        ).first.wait_for()
        found += findings(page, "palette with hits")
        page.keyboard.press("Control+a")
        page.keyboard.type("qxqxqx")
        page.locator("[data-palette-empty]:not([hidden])").wait_for()
        assert found + findings(page, "palette without hits") == []


def test_no_group_without_anything_and_no_unclear_list_has_findings(app, page_of):
    with app.app_context():
        number, place = factories.cooperation("Cölbe", "Lahntal").id, factories.place("Lahntal").id
        event = factories.event().id
        mara = factories.member("mara")
        keep_waiting(written(("a", "Lich"), head=("Was", "Wer")), "liste.csv", "cooperations", mara)
        db.session.commit()
    page, found = page_of("mara", viewport=TALL), []
    tabs = [f"/kooperationen/{number}{tab}" for tab in ("", "/foerderung", "/verfahren", "/partnersuche")]
    audience = f"/veranstaltungen/{event}/einladungen/hinzufuegen"
    nobody = [f"{audience}{asked}" for asked in ("", "?person=99", "?rolle=zz")]
    for url in (*tabs, *nobody, "/importe/pruefung", f"/kommunen/{place}/partnersuche"):
        page.goto(url)
        found += findings(page, url)
    assert found == []


def test_a_list_on_its_way_has_no_findings(app, page_of):
    with app.app_context():
        job = db.session.get_one(ImportJob, groups.long_list())
        job.state, job.begun_at, number = JobState.RUNNING, now(), job.id
        db.session.commit()
    page = page_of("mara", viewport=TALL)
    page.goto(f"/importe/arbeit/{number}")
    assert page.locator("progress").is_visible()
    assert findings(page, "a list on its way") == []


def test_open_lists_and_rows_have_no_findings(anna_page):
    page = anna_page
    page.goto("/beratungen/neu")
    page.keyboard.type("cölbe,lahntal,")
    page.locator(".party").nth(1).wait_for()
    page.locator(".party summary").first.click()
    page.get_by_role("combobox", name="Kommunen").press_sequentially("wetter")
    page.locator(".combo-list:not([hidden]) li").first.wait_for()
    assert findings(page, "open list") == []


def test_no_question_about_people_has_findings(app, anna_page):
    with app.app_context():
        factories.person(at="Cölbe", title="Büroleitung")
        head = factories.person("Rupp", is_head=True).functions[0].id
        url = f"/kontakte/neu?kommune={factories.place('Marburg').id}"
        beside = f"/kontakte/neu?kommune={factories.place('Lahntal').id}"
        talk = factories.talk("Lahntal").id
        db.session.commit()
    page, found = anna_page, []
    page.goto(url)
    for name, text in (("first_name", "Petra"), ("last_name", "Henkel"), ("title", "Bürgermeister")):
        page.locator(f"#{name}").fill(text)
    page.locator("#is_head").check()
    page.keyboard.press("Control+Enter")
    page.locator(".notice-wait li").wait_for()
    found += findings(page, "likely known")
    page.goto(beside)
    page.locator("#last_name").fill("Neu")
    page.locator("#is_head").check()
    page.keyboard.press("Control+Enter")
    page.locator(f"input[name=hand_over][value='{head}']").wait_for()
    found += findings(page, "second head")
    page.goto(f"/beratungen/{talk}/bearbeiten")
    page.get_by_role("combobox", name="Personen: Lahntal").fill("Petra Henkel")
    page.locator(".combo-list:not([hidden]) .is-new").click()
    page.keyboard.press("Control+Enter")
    page.locator("fieldset.same").wait_for()
    assert found + findings(page, "question in a talk") == []


@pytest.mark.stress
@pytest.mark.parametrize("size", [TALL, PHONE], ids=["1440", "375"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_findings_in_any_look(app, house, page_of, scheme, size):
    eyes = Eyes(page_of, always_whole=True, viewport=size, color_scheme=scheme)
    assert eyes.look(app, house) == []


# What shows a page as it is not when it is simply opened.
STATES = (
    test_no_form_with_errors_has_findings, test_neither_a_conflict_nor_an_offered_draft_has_findings,
    test_no_list_without_hits_and_no_refusal_has_findings, test_open_lists_and_rows_have_no_findings,
    test_no_group_without_anything_and_no_unclear_list_has_findings, test_a_list_on_its_way_has_no_findings,
    test_no_question_about_people_has_findings,
)  # fmt: skip


@pytest.mark.stress
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_state_has_findings_in_the_dark(app, page_of, request, state):
    def dark(who="", **options):
        return page_of(who, color_scheme="dark", **options)

    own = {"page_of": lambda: dark, "anna_page": lambda: dark("anna")}
    wanted = signature(state).parameters
    state(**{name: own[name]() if name in own else request.getfixturevalue(name) for name in wanted})
