"""The stage: both databases, a fresh copy for every test, and the cast."""

import gc

import pytest

from config import SuiteSettings
from crm import create_app
from tests import outgoing as _guard  # noqa: F401 no test connects to another machine
from tests.pages import CarefulClient
from tests.promises import mark_controls, promise, pytest_configure, pytest_terminal_summary
from tests.stages import PG_URL, Stages, leave, prepare
from tests.turns import take_turns

__all__ = ["promise", "pytest_configure", "pytest_terminal_summary"]

# Looking for cycles among all that the program holds, as often as usual, takes a tenth of the run.
gc.set_threshold(50_000, 20, 100)

WITHOUT_PG = "no PostgreSQL: set TEST_PG_URL or run the suite by `make test`"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Say what belongs to `make stress`, before it is decided what runs."""
    mark_controls(items)
    take_turns(items)


def pytest_generate_tests(metafunc):
    """Run everything that touches the database on both; browser tests on SQLite only."""
    if "engine_name" in metafunc.fixturenames:
        names = ["sqlite"] if metafunc.definition.get_closest_marker("browser") else ["sqlite", "postgresql"]
        metafunc.parametrize("engine_name", names, scope="session", indirect=True)


@pytest.fixture(scope="session")
def engine_name(request):
    """Name of the database under test; PostgreSQL is skipped with its reason where there is none."""
    if request.param == "postgresql" and not PG_URL:
        pytest.skip(WITHOUT_PG)
    return request.param


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """Both of them, as they are needed."""
    made = Stages(tmp_path_factory)
    yield made
    made.close()


@pytest.fixture(scope="session")
def stage(engine_name, furnished):
    """The stage of the database under test."""
    return furnished.stage(engine_name)


@pytest.fixture(scope="session")
def one_app(engine_name, furnished):
    """The application, built once per database."""
    return furnished.app(engine_name)


@pytest.fixture
def app(request, stage, one_app):
    """The application over a fresh copy of the database."""
    if "prepared" not in request.fixturenames:
        stage.reset()
    yield one_app
    leave(one_app)
    for mail in one_app.config["MAIL_FOLDER"].glob("*.eml"):
        mail.unlink()


@pytest.fixture
def prepared(stage, app):
    """Fill the database by a function whose work is kept for the next test: see `prepare`."""
    return lambda maker: prepare(stage, app, maker)


@pytest.fixture
def context(app):
    """An application context, for tests of services and queries."""
    with app.test_request_context("/", base_url="http://localhost"):
        yield


@pytest.fixture(scope="session")
def speaking_app():
    """The application over no database."""
    return create_app(SuiteSettings("sqlite://"))


@pytest.fixture
def german(speaking_app):
    """The language of a request, for tests that ask no database: they run once."""
    with speaking_app.test_request_context("/", base_url="http://localhost"):
        yield


def _member(name):
    @pytest.fixture(name=name)
    def member(app):
        client = CarefulClient(app)
        client.come_in(f"{name}@kikz.test")
        return client

    return member


rita, anna, emil, mara, ada = (_member(name) for name in ("rita", "anna", "emil", "mara", "ada"))


@pytest.fixture
def bert(app):
    """A second adviser, for races with Anna."""
    client = CarefulClient(app)
    client.come_in("bert@kikz.test")
    return client


@pytest.fixture
def stranger(app):
    """Somebody who has not signed in."""
    return CarefulClient(app)
