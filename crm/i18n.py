"""Language of the request, and how days, times and numbers look in it."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import numbers
from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request
from flask_babel import (
    Babel,
    Domain,
    force_locale,
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    get_domain,
    get_locale,
    gettext,
    ngettext,
)
from flask_login import current_user
from markupsafe import Markup, escape

from config import LANGUAGES
from crm.addresses import dialled
from crm.db import BERLIN, today
from crm.holidays import holiday
from crm.markdown import excerpt, markdown
from crm.naming import in_markdown


class _Catalogues(Domain):
    """The catalogues by language: a page asks for one some hundred times."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Give the catalogue of the language at hand."""
        at_hand = _at_hand()
        if not at_hand:
            return super().get_translations()
        if at_hand not in self.known:
            self.known[at_hand] = super().get_translations()
        return self.known[at_hand]

    def gettext(self, string: str, /, **variables: Any) -> str:
        """Translate; what a page says a hundred times is looked up once."""
        said = _plain(string, _at_hand())
        return said % variables if variables else said


babel = Babel()


def language() -> str:
    """Choose: the user's setting, a visible link on public pages, else German; the browser is not asked."""
    if not has_request_context():
        return "de"
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    wished = request.args.get("sprache", "")
    return wished if wished in LANGUAGES else "de"


def in_all_languages(text: Any) -> set[str]:
    """Give a lazy text in every language of the program: what was stored may be in any of them."""
    found = set()
    for code in LANGUAGES:
        with force_locale(code):
            found.add(str(text))
    return found


def _at_hand() -> str:
    """Give the language of the request (or the one forced for a while); empty where there is no application.

    flask_babel's own answer goes through a proxy six times; a page asks some hundred times (1 ms of 20).
    """
    try:
        return str(g._get_current_object()._flask_babel.babel_locale.language)
    except (AttributeError, RuntimeError):
        # Nobody has asked in this request, or there is none.
        locale = get_locale()
        return str(locale.language) if locale else ""


def day(value: date | None) -> str:
    """24.11.2026 (or 24 Nov 2026 in English); of a moment the day it was in Berlin."""
    value = value.astimezone(BERLIN).date() if isinstance(value, datetime) else value
    if value is None:
        return ""
    # Written out, for a list shows hundreds of them.
    german = f"{value.day:02}.{value.month:02}.{value.year:04}"
    return german if _german() else format_date(value, "d MMM yyyy")


def weekday_day(value: date | None) -> str:
    """Di, 24.11.2026."""
    return "" if value is None else f"{_weekday(value.weekday(), _at_hand())}, {day(value)}"


@lru_cache(maxsize=64)
def _weekday(number: int, _language: str) -> str:
    # The first of January 2024 was a Monday.
    return str(format_date(date(2024, 1, 1 + number), "EEE").rstrip("."))


def month(value: date) -> str:
    """November 2026."""
    return format_date(value, "LLLL yyyy")


def clock(value: time | None) -> str:
    """09:30 Uhr."""
    if value is None:
        return ""
    return gettext("%(time)s h", time=f"{value:%H:%M}")


def moment(value: datetime | None) -> str:
    """24.11.2026, 09:30 Uhr, in Berlin's time."""
    if value is None:
        return ""
    local = value.astimezone(BERLIN)
    return f"{day(local.date())}, {clock(local.time())}"


def near(value: date | None) -> str:
    """Say a day as people do: today, yesterday, since 11 days, in 3 days."""
    if value is None:
        return ""
    days = (value - today()).days
    if -1 <= days <= 1:
        return str((gettext("today"), gettext("tomorrow"), gettext("yesterday"))[days])
    if days < 0:
        return ngettext("%(num)s day ago", "%(num)s days ago", -days)
    return ngettext("in %(num)s day", "in %(num)s days", days)


def number(value: Any) -> str:
    """1.284 and 12,5, with a true minus sign."""
    return "" if value is None else _number(value, _at_hand() or "de")


@lru_cache(maxsize=4096)
def _number(value: Any, locale: str) -> str:
    return numbers.format_decimal(value, locale=locale).replace("-", "−")


def euros(value: Decimal | None) -> str:
    """100.000 €, with cents only where there are some."""
    if value is None:
        return "–"
    return format_decimal(value, "#,##0" if value == int(value) else "#,##0.00") + "\u00a0€"


def file_size(size: int) -> str:
    """820 KB and 1,4 MB, as file managers count."""
    if size < 1_000_000:
        return gettext("%(number)s KB", number=number(max(round(size / 1000), 1)))
    return gettext("%(number)s MB", number=format_decimal(size / 1_000_000, "#,##0.#"))


def percent(value: float | None, digits: int = 1) -> str:
    """52,3 % of a share between 0 and 1."""
    if value is None:
        return "–"
    shape = "#,##0." + "0" * digits if digits else "#,##0"
    return format_percent(value, f"{shape}\u00a0%")


def unbroken(text: str) -> Markup:
    """Keep the first and the last day of a span on one line of the screen."""
    # As plain text: a safe one would escape what is put into it.
    safe = str(escape(text))
    return Markup(re.sub(r"\S+–\S+", r'<span class="nowrap">\g<0></span>', safe))  # noqa: S704


def kilometres(value: float) -> str:
    """8,4 km; what would be zero is said to be less than the smallest."""
    if value < 0.05:
        return gettext("less than %(least)s km", least=format_decimal(0.1))
    return gettext("%(number)s km", number=format_decimal(value, "#,##0.0"))


def hours(minutes: int | None) -> str:
    """1,5 Std. of a number of minutes."""
    return "–" if minutes is None else gettext("%(hours)s hrs", hours=format_decimal(round(minutes / 60, 1)))


def minutes(value: int | None) -> str:
    """15 Min. or 1 Std. 15 Min.: exact, for a single talk."""
    if value is None:
        return "–"
    whole, rest = divmod(value, 60)
    parts = [gettext("%(n)s hrs", n=whole)] if whole else []
    parts += [gettext("%(n)s min", n=rest)] if rest or not whole else []
    return " ".join(parts)


def _german() -> bool:
    return _at_hand() in ("de", "")


def _said(text: str, /, **values: Any) -> Markup:
    """Translate in a template; what is put in is escaped."""
    said = _marked(text, _at_hand())
    return _filled(said, values) if values or "%" in said else said


def _said_of(one: str, many: str, num: int, /, **values: Any) -> Markup:
    """Translate in a template what is worded by a number; what is put in is escaped."""
    return _filled(_marked_of(one, many, num, _at_hand()), {"num": num, **values})


def _filled(said: Markup, values: dict[str, Any]) -> Markup:
    """Put values into one of our own texts, each escaped: Markup's own `%` takes more than twice as long."""
    safe = {name: value if type(value) is int else escape(value) for name, value in values.items()}
    return Markup(str.__mod__(said, safe))  # noqa: S704 all of them are escaped


@lru_cache(maxsize=4096)
def _plain(text: str, _language: str) -> str:
    return str(get_domain().get_translations().ugettext(text))


@lru_cache(maxsize=4096)
def _marked(text: str, _language: str) -> Markup:
    return Markup(gettext(text))  # noqa: S704 our own texts


@lru_cache(maxsize=4096)
def _marked_of(one: str, many: str, num: int, _language: str) -> Markup:
    # What is put in is a part that stays, as it was written.
    found = get_domain().get_translations().ungettext(one, many, num)
    return Markup(found)  # noqa: S704 our own texts


def init_app(app: Flask) -> None:
    """Set up catalogues and the filters of the templates."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=language, default_timezone="Europe/Berlin")
    babel.domain_instance = _Catalogues()
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(_=_said, ngettext=_said_of)
    app.jinja_env.filters.update(
        date=day, weekday_date=weekday_day, month=month, clock=clock, datetime=moment, near=near,
        number=number, euros=euros, percent=percent, hours=hours, minutes=minutes, kilometres=kilometres,
        markdown=markdown, excerpt=excerpt, named=in_markdown, file_size=file_size, unbroken=unbroken,
        holiday=holiday, dialled=dialled,
    )  # fmt: skip


__all__ = ["format_datetime", "init_app", "language"]
