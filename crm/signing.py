"""What the program signs for itself: one key for each purpose, HMAC-SHA-256."""

import hashlib

from flask import current_app
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

_STRONG = {"digest_method": hashlib.sha256}


def signer(purpose: str) -> URLSafeSerializer:
    """Give what signs and checks values for one purpose; a wrong signature raises BadSignature."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=purpose, signer_kwargs=_STRONG)


def timed_signer(purpose: str) -> URLSafeTimedSerializer:
    """Give the same with the moment of signing inside, for what lives a while only."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=purpose, signer_kwargs=_STRONG)
