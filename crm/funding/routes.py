"""Not written yet."""

from flask import Blueprint

from crm.funding import models as _models  # noqa: F401 its tables

funding = Blueprint("funding", __name__, url_prefix="/foerderung")
