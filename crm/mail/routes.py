"""The outbox on screen."""

from flask import Blueprint

from crm.mail import models as _models  # noqa: F401

mail = Blueprint("mail", __name__, url_prefix="/postausgang")
