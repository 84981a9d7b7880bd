"""Not written yet."""

from flask import Blueprint

cooperations = Blueprint("cooperations", __name__, url_prefix="/kooperationen")
