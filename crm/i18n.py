"""Language of the request, and how days, times and numbers look in it."""

from datetime import date, datetime, time
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_time,
    get_locale,
    gettext,
    ngettext,
)
from flask_login import current_user

from config import LANGUAGES
from crm.db import BERLIN, today
from crm.markdown import excerpt, markdown

babel = Babel()


def language() -> str:
    """Choose: the user's setting, a visible link on public pages, else German; the browser is not asked."""
    if not has_request_context():
        return "de"
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    wished = request.args.get("sprache", "")
    return wished if wished in LANGUAGES else "de"


def day(value: date | None) -> str:
    """24.11.2026 (or 24 Nov 2026 in English); of a moment the day it was in Berlin."""
    value = value.astimezone(BERLIN).date() if isinstance(value, datetime) else value
    return "" if value is None else format_date(value, "dd.MM.yyyy" if _german() else "d MMM yyyy")


def weekday_day(value: date | None) -> str:
    """Di, 24.11.2026."""
    return "" if value is None else f"{format_date(value, 'EEE').rstrip('.')}, {day(value)}"


def month(value: date) -> str:
    """November 2026."""
    return format_date(value, "LLLL yyyy")


def clock(value: time | None) -> str:
    """09:30 Uhr."""
    if value is None:
        return ""
    text = format_time(datetime.combine(today(), value), "HH:mm", rebase=False)
    return gettext("%(time)s h", time=text)


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
    words = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    if days in words:
        return words[days]
    if days < 0:
        return ngettext("%(num)s day ago", "%(num)s days ago", -days)
    return ngettext("in %(num)s day", "in %(num)s days", days)


def number(value: Any) -> str:
    """1.284 and 12,5, with a true minus sign."""
    return "" if value is None else format_decimal(value).replace("-", "−")


def percent(value: float | None, digits: int = 1) -> str:
    """52,3 % of a share between 0 and 1."""
    if value is None:
        return "–"
    shape = "#,##0." + "0" * digits + " %" if digits else "#,##0 %"
    return format_percent(value, shape)


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
    return str(get_locale() or "de").startswith("de")


def init_app(app: Flask) -> None:
    """Set up catalogues and the filters of the templates."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=language, default_timezone="Europe/Berlin")
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(
        date=day, weekday_date=weekday_day, month=month, clock=clock, datetime=moment, near=near,
        number=number, percent=percent, hours=hours, minutes=minutes, markdown=markdown, excerpt=excerpt,
    )  # fmt: skip


__all__ = ["format_datetime", "init_app", "language"]
