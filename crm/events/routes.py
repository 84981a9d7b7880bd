"""Events on screen: list, page, planning."""

from flask import Blueprint

from crm.events import models as _models  # noqa: F401

events = Blueprint("events", __name__, url_prefix="/veranstaltungen")
