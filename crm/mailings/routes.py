"""Mailings on screen: text, preview, sending."""

from flask import Blueprint

from crm.mailings import models as _models  # noqa: F401

mailings = Blueprint("mailings", __name__, url_prefix="/veranstaltungen")
