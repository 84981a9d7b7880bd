"""Texts of templates: in the language at hand, with everything that is put in escaped."""

from datetime import date

import pytest
from flask import render_template_string
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from crm.i18n import unbroken

WORSE = "<img src=x onerror=alert(1)> & \"'"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt; &amp; &#34;&#39;"
ONE = '{{ _("Change %(name)s", name=value) }}'
COUNTED = '{{ ngettext("line %(lines)s", "lines %(lines)s", 2, lines=value) }}'


@pytest.fixture
def said(app):
    """Render a line of a template in a language."""

    def render(line, language="de", **values):
        with app.test_request_context("/"), force_locale(language):
            return render_template_string(line, **values)

    return render


@pytest.mark.parametrize("line", [ONE, COUNTED])
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_put_into_a_text_is_escaped(app, said, line, language):
    text = said(line, language, value=WORSE)
    assert ESCAPED in text
    assert "<img" not in text


def test_markup_stays_markup_and_is_not_escaped_twice(app, said):
    assert said(ONE, value=Markup("<b>Cölbe</b>")) == "<b>Cölbe</b> ändern"
    assert said(
        "{% set inner %}{{ value }}{% endset %}" + ONE.replace("=value", "=inner"), value="A & B"
    ) == ("A &amp; B ändern")


def test_a_percent_sign_in_a_value_is_no_placeholder(app, said):
    assert said(ONE, value="100 % %(name)s") == "100 % %(name)s ändern"


def test_lazy_texts_and_numbers_follow_the_language(app, said):
    for language, word, days in (("de", "Studie", "3 Tage"), ("en", "Study", "3 days")):
        assert said("{{ value }}", language, value=_l("Study")) == word
        assert said('{{ ngettext("%(num)s day", "%(num)s days", 3) }}', language) == days
    assert said('{{ ngettext("%(num)s day", "%(num)s days", 1) }}') == "1 Tag"


def test_a_language_holds_only_as_long_as_it_is_forced(app):
    line = "{{ _('Study') }} {{ value | date }} {{ 1234.5 | number }}"
    day = date(2026, 11, 24)
    with app.test_request_context("/"):
        before = render_template_string(line, value=day)
        with force_locale("en"):
            assert render_template_string(line, value=day) == "Study 24 Nov 2026 1,234.5"
        assert render_template_string(line, value=day) == before == "Studie 24.11.2026 1.234,5"


def test_languages_of_two_requests_do_not_mix(anna, app):
    with app.test_client() as stranger:
        assert "Sign in" in stranger.get("/anmelden?sprache=en").get_data(as_text=True)
        assert "Anmelden" in stranger.get("/anmelden").get_data(as_text=True)
        assert "Sign in" in stranger.get("/anmelden?sprache=en").get_data(as_text=True)


def test_both_days_of_a_span_stay_on_one_line():
    said = unbroken("<b> 01.01.–27.11.2025 – Ende")
    assert said == Markup('&lt;b&gt; <span class="nowrap">01.01.–27.11.2025</span> – Ende')
    assert f"{escape(said)}" == f"{said}", "it is not escaped once more"
