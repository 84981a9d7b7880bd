"""Not written yet."""

from flask import Blueprint

from crm.proceedings import models as _models  # noqa: F401 its tables

proceedings = Blueprint("proceedings", __name__, url_prefix="/kooperationen")
