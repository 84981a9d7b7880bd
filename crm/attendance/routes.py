"""Attendance on screen: check-in, lists, head counts."""

from flask import Blueprint

from crm.attendance import models as _models  # noqa: F401

attendance = Blueprint("attendance", __name__, url_prefix="/veranstaltungen")
