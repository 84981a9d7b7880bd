"""The protections of chapter “security” switched off one by one: then what other tests assert must fail."""

import time

import pytest
from flask import Response, request
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select, text, update

from crm import errors, export, ics, security
from crm.access import GRANTS, Permission, Role, gate
from crm.accounts import entering
from crm.accounts.models import User
from crm.db import db
from crm.documents import services as documents
from crm.documents import sniffing
from crm.register import queries as register
from crm.register.models import WaitingFile
from crm.registrations import floods
from tests import (
    everything,
    pages,
    test_access,
    test_csrf,
    test_error_pages,
    test_export,
    test_ics,
    test_injection,
    test_requests,
    test_security,
    test_setup,
    test_smuggling,
)
from tests.accounts import test_sessions
from tests.consultations import test_confidential
from tests.consultations.test_confidential import secret  # noqa: F401 a fixture
from tests.documents import test_routes as test_documents
from tests.documents import test_sniffing
from tests.documents.test_routes import numbers as files  # noqa: F401 a fixture
from tests.geography import test_screen
from tests.mailings import test_texts
from tests.registrations import test_public


def without(app, monkeypatch, *functions):
    """Take functions out of what the program does before and after every request."""
    for kind in (app.before_request_funcs, app.after_request_funcs):
        monkeypatch.setitem(kind, None, [one for one in kind[None] if one not in functions])


def first(app, monkeypatch, function):
    """Let the program do something before all it does at a request."""
    monkeypatch.setitem(app.before_request_funcs, None, [function, *app.before_request_funcs[None]])


def few(monkeypatch, module, number=3):
    """Let a walk over all addresses end after some; it fails at one of the first."""

    def some(app, numbers, safe):
        return everything.addresses(app, numbers, safe)[:number]

    monkeypatch.setattr(module, "addresses", some)


def rename():
    """Write, as no view may before it has asked for rights."""
    db.session.execute(update(User).where(User.email == "anna@kikz.test").values(name="Anna Ander"))
    db.session.commit()


@pytest.mark.control
def test_without_the_gate_strangers_get_in(app, stranger, monkeypatch):
    without(app, monkeypatch, gate)
    with pytest.raises(AssertionError):
        test_access.test_strangers_are_sent_to_the_door(app, everything.fill(app), stranger)


@pytest.mark.control
def test_every_label_that_is_changed_is_noticed(one_app, monkeypatch):
    """Every single right of every address taken away or given: the table of rights sees each."""
    for endpoint, view in one_app.view_functions.items():
        with monkeypatch.context() as patch:
            patch.setattr(view, "permission", None if view.permission else Permission.SIGNED_IN)
            with pytest.raises(AssertionError, match=endpoint):
                test_access.test_labels_and_grants_say_what_the_table_says(one_app)


@pytest.mark.control
def test_writing_before_asking_for_rights_is_noticed(app, rita, monkeypatch):
    few(monkeypatch, test_access)
    numbers = everything.fill(app)
    first(app, monkeypatch, lambda: rename() if request.method == "POST" else None)
    with pytest.raises(AssertionError, match="users"):
        test_access.test_a_refused_writing_changes_nothing(app, numbers, (rita, Role.READER))


@pytest.mark.control
def test_with_the_right_to_it_a_reader_reads_confidential_words(app, secret, rita, emil, ada, monkeypatch):  # noqa: F811
    monkeypatch.setitem(GRANTS, Role.READER, GRANTS[Role.READER] | {Permission.READ_CONFIDENTIAL})
    with pytest.raises(AssertionError):
        test_confidential.test_nobody_outside_the_circle_reads_a_confidential_word(
            app, secret, rita, emil, ada
        )
    with pytest.raises(AssertionError):
        test_confidential.test_a_hidden_talk_answers_like_a_missing_one(secret, rita)


@pytest.mark.control
@pytest.mark.parametrize("function", [security.protect, security.check_origin])
def test_without_one_of_both_checks_foreign_forms_come_in(app, stranger, monkeypatch, function):
    without(app, monkeypatch, function)
    with pytest.raises(AssertionError):
        test_csrf.test_strangers_need_the_token_at_the_door_as_well(app, stranger)


@pytest.mark.control
def test_a_page_that_writes_is_noticed(app, monkeypatch):
    few(monkeypatch, test_csrf)
    numbers = everything.fill(app)
    first(app, monkeypatch, rename)
    with pytest.raises(AssertionError, match="users"):
        test_csrf.test_reading_never_writes(app, numbers)


@pytest.mark.control
def test_without_escaping_payloads_run(app, anna, bert, monkeypatch):
    app.jinja_env.cache.clear()
    monkeypatch.setattr(app.jinja_env, "autoescape", False)
    try:
        with pytest.raises(AssertionError):
            test_injection.test_no_payload_runs_on_the_pages_of_mistakes(app, anna, bert)
    finally:
        app.jinja_env.cache.clear()
    monkeypatch.setattr(test_injection, "markdown", Markup)
    with pytest.raises(AssertionError):
        test_injection.test_notes_keep_their_shape_and_nothing_else()


@pytest.mark.control
def test_without_the_headers_or_with_a_laxer_policy_it_is_noticed(app, monkeypatch):
    with monkeypatch.context() as patch:
        without(app, patch, security.set_headers)
        with pytest.raises(AssertionError, match="nosniff"):
            test_security.test_answers_to_mistakes_carry_it_too(app, patch)
    monkeypatch.setattr(security, "CSP", f"{security.CSP}; script-src-attr 'unsafe-inline'")
    with pytest.raises(AssertionError, match="unsafe"):
        test_security.test_answers_to_mistakes_carry_it_too(app, monkeypatch)


@pytest.mark.control
@pytest.mark.parametrize("flag", ["secure", "httponly", "samesite"])
def test_a_cookie_without_one_of_its_flags_is_noticed(stage, app, monkeypatch, flag):
    set_cookie = Response.set_cookie

    def laxly(answer, *what, **more):
        set_cookie(answer, *what, **more | {flag: None})

    monkeypatch.setattr(Response, "set_cookie", laxly)
    with pytest.raises(AssertionError):
        test_sessions.test_in_production_the_cookie_has_all_five_properties(stage, app)


@pytest.mark.control
def test_a_query_written_with_what_was_typed_is_noticed(app, mara, monkeypatch):
    def careless():
        return str(db.session.scalar(text(f"SELECT '{request.args.get('q', '')}'")))

    careless.permission = app.view_functions["organisations.search"].permission
    monkeypatch.setitem(app.view_functions, "organisations.search", careless)
    with pytest.raises(AssertionError):
        test_injection.test_sql_in_the_address_is_text(app, mara, "/kommunen/suche")


@pytest.mark.control
def test_a_form_that_takes_all_columns_is_noticed(app, anna, monkeypatch):
    def take_all():
        for name in set(request.form) & {"must_change_password", "password_hash", "role"}:
            db.session.execute(update(User).where(User.id == current_user.id).values(password_hash="x"))
            db.session.commit()
            assert name

    first(app, monkeypatch, take_all)
    with pytest.raises(AssertionError, match="users"):
        test_smuggling.test_forms_set_declared_columns_only(app, anna)


@pytest.mark.control
def test_without_the_list_of_hosts_any_is_taken(app, monkeypatch):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", None)
    with pytest.raises(AssertionError):
        test_security.test_fact_09_a_foreign_host_is_refused_in_german(app, "boese.test")


@pytest.mark.control
def test_without_looking_inside_files_of_all_kinds_are_taken(app, anna, files, monkeypatch):  # noqa: F811
    monkeypatch.setattr(documents, "kind_of", lambda _content: sniffing.PDF)
    with pytest.raises(AssertionError, match="303 == 422"):
        test_documents.test_anything_else_is_refused_with_a_sentence(app, anna, files, "svg called png")


@pytest.mark.control
def test_read_whole_a_list_that_swells_takes_the_memory(monkeypatch):
    monkeypatch.setattr(sniffing, "_read", lambda archive, name: archive.read(name))
    with pytest.raises(AssertionError, match="< 5000000"):
        test_sniffing.test_a_list_that_swells_takes_no_memory(8)


@pytest.mark.control
def test_without_the_apostrophe_formulas_stay_formulas(monkeypatch):
    monkeypatch.setattr(export, "safe_cell", str)
    for active in test_export.ACTIVE:
        with pytest.raises(AssertionError):
            test_export.test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(active)


@pytest.mark.control
def test_without_cleaning_typed_lines_become_lines_of_the_calendar(context, monkeypatch):
    for name in ("_line", "_plain"):
        monkeypatch.setattr(ics, name, lambda text: text)
    with pytest.raises((AssertionError, ValueError)):
        test_ics.test_nothing_typed_becomes_a_line_of_its_own(context, test_ics.NASTY[6])


@pytest.mark.control
def test_without_its_check_signing_in_leads_anywhere(app, stranger, monkeypatch):
    monkeypatch.setattr(entering, "safe_path", lambda target: target)
    with pytest.raises(AssertionError, match="boese"):
        test_smuggling.test_signing_in_leads_to_this_site(app, stranger, "//boese.test")


@pytest.mark.control
def test_a_page_that_tells_the_fault_is_noticed(app, monkeypatch, caplog):
    page = errors.page
    monkeypatch.setattr(errors, "page", lambda code, *more: page(code, "ValueError in /crm/x.py", *more[1:]))
    with pytest.raises(AssertionError):
        test_error_pages.test_fact_16_a_fault_in_any_area_is_a_german_page_with_a_reference(
            app, monkeypatch, caplog
        )


@pytest.mark.control
def test_a_good_setting_does_start(tmp_path, monkeypatch):
    good = {"SECRET_KEY": test_security.SECRET}
    for case, (_environ, words) in test_security.WEAK.items():
        monkeypatch.setitem(test_security.WEAK, case, (good, words))
        with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
            test_security.test_a_weak_setting_stops_the_start_with_a_german_sentence(tmp_path, case)


@pytest.mark.control
def test_without_its_protections_the_public_form_is_open_to_programs(app, stranger, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_FORM_SECONDS", 0)
    monkeypatch.setattr(floods, "note", lambda _source: None)
    with pytest.raises(AssertionError, match="429"):
        test_public.test_a_flood_from_one_address_is_told_to_wait(app, stranger)


@pytest.mark.control
def test_without_the_check_of_kinds_other_bodies_are_read(app, prepared, monkeypatch):
    filled, case = prepared(test_requests.one_of_everything), next(iter(test_requests.BODIES))
    few(monkeypatch, test_requests)
    without(app, monkeypatch, security.check_origin)
    with pytest.raises(AssertionError):
        test_requests.test_a_body_that_is_no_form_is_refused_in_german(filled, app, case)


@pytest.mark.control
def test_filled_in_by_the_language_itself_words_would_be_commands(monkeypatch):
    monkeypatch.setattr(test_texts, "fill", lambda words, values: words.format(**values))
    with pytest.raises((AssertionError, KeyError, AttributeError)):
        test_texts.test_what_is_no_word_in_braces_comes_out_as_it_is("{name.__class__}")


@pytest.mark.control
def test_a_pin_without_its_hash_is_noticed(tmp_path, monkeypatch):
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (test_setup.ROOT / name).read_text(encoding="utf-8").splitlines()
        (tmp_path / name).write_text("\n".join([*lines, "flask==3.1.3", ""]), encoding="utf-8")
    monkeypatch.setattr(test_setup, "ROOT", tmp_path)
    with pytest.raises((AssertionError, IndexError)):
        test_setup.test_pins_carry_hashes_and_no_address()


@pytest.mark.control
def test_a_page_with_more_statements_than_allowed_is_noticed(anna, monkeypatch):
    monkeypatch.setattr(pages, "MOST_STATEMENTS", 1)
    with pytest.raises(AssertionError):
        anna.get("/beratungen")


@pytest.mark.control
def test_a_file_that_waits_for_anybody_is_noticed(app, ada, monkeypatch):
    def anybody_s(_user_id, purpose):
        return db.session.scalars(select(WaitingFile).where(WaitingFile.purpose == purpose)).first()

    monkeypatch.setattr(register, "waiting", anybody_s)
    with pytest.raises(AssertionError, match="200"):
        test_screen.test_a_file_waits_for_its_own_user_only(app, ada)


@pytest.mark.control
def test_a_pattern_that_looks_back_takes_too_long(monkeypatch):
    def slowly(_note):
        end = time.process_time() + 3
        while time.process_time() < end:
            pass

    monkeypatch.setattr(test_injection, "markdown", slowly)
    with pytest.raises(AssertionError, match="< 3"):
        test_injection.test_a_long_note_is_shaped_in_time("Wort")
