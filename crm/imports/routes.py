"""Not written yet."""

from flask import Blueprint

from crm.imports import models as _models  # noqa: F401 its tables

imports = Blueprint("imports", __name__, url_prefix="/importe")
