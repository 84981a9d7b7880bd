"""Registrations on screen, for the office."""

from flask import Blueprint

from crm.registrations import models as _models  # noqa: F401

registrations = Blueprint("registrations", __name__, url_prefix="/veranstaltungen")
