"""Take the label off every view in turn: each time, what watches over it must notice."""

from contextlib import contextmanager

from crm.access import Permission
from tests.everything import addresses, fill
from tests.test_access import MEMBERS, TABLE, leads_to_the_door, may, refuses

# These ask once more themselves, because one address serves actions of several rights.
CHECKED_TWICE = {"bulk.ask"}


@contextmanager
def labelled(app, endpoint, permission):
    """Put another label on a view for a while."""
    view = app.view_functions[endpoint]
    kept, view.permission = view.permission, permission
    try:
        yield
    finally:
        view.permission = kept


def unseen(app, numbers, endpoints, permission, check, client_for):
    """Name the addresses at which `check` does not fail although the label was weakened."""
    found = []
    for safe in (True, False):
        for one in addresses(app, numbers, safe):
            if one.endpoint not in endpoints:
                continue
            with labelled(app, one.endpoint, permission):
                try:
                    check(client_for(one.endpoint), one)
                except Exception:  # noqa: S112 -- whatever goes wrong is a test that fails
                    continue
            found.append(f"{one.method} {one.url}")
    return found


def test_every_label_that_is_taken_off_is_missed_at_the_door(app, stranger):
    closed = {endpoint for endpoint in TABLE if not may(endpoint, None)}
    numbers = fill(app)
    assert unseen(app, numbers, closed, None, leads_to_the_door, lambda _endpoint: stranger) == []
    # The control: with their labels they all lead to the door.
    for one in addresses(app, numbers, safe=True):
        if one.endpoint in closed:
            leads_to_the_door(stranger, one)


def test_every_label_that_is_weakened_is_missed_by_those_who_may_not(app, request):
    clients = {role: request.getfixturevalue(name) for name, role in MEMBERS.items()}

    def outsider(endpoint):
        return next(client for role, client in clients.items() if not may(endpoint, role))

    special = {name for name in TABLE if not all(may(name, role) for role in clients)} - CHECKED_TWICE
    assert unseen(app, fill(app), special, Permission.SIGNED_IN, refuses, outsider) == []
