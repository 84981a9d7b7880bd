"""Not written yet."""

from flask import Blueprint

from crm.documents import models as _models  # noqa: F401 its tables

documents = Blueprint("documents", __name__, url_prefix="/dokumente")
