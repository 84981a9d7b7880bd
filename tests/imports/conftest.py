"""German sentences without a database, for what only reads files."""

import pytest

from config import SuiteSettings
from crm import create_app


@pytest.fixture(scope="module")
def speaking_app():
    """The application over no database."""
    return create_app(SuiteSettings("sqlite://"))


@pytest.fixture
def words(speaking_app):
    """The language of a request."""
    with speaking_app.test_request_context("/", base_url="http://localhost"):
        yield
