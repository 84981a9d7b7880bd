"""Feedback on screen: the public form and what came in."""

from flask import Blueprint

from crm.feedback import models as _models  # noqa: F401

feedback = Blueprint("feedback", __name__, url_prefix="/veranstaltungen")
