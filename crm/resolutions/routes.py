"""Not written yet."""

from flask import Blueprint

resolutions = Blueprint("resolutions", __name__, url_prefix="/kooperationen")
