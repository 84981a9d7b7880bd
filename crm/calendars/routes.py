"""The calendar on screen and its feeds."""

from flask import Blueprint

calendars = Blueprint("calendars", __name__, url_prefix="/kalender")
