"""Signing on without one of its protections: then what other tests assert must fail."""

import pytest

from crm.accounts import sealing, sessions
from crm.sign_on import provider, services
from tests.sign_on import test_attacks, test_people, test_vouching


def test_without_comparing_hosts_another_one_would_be_spoken_to(house, monkeypatch):
    monkeypatch.setattr(provider, "_sound", lambda _settings, found: found)
    with pytest.raises(AssertionError, match="302 == 503"):
        test_attacks.test_only_the_host_of_the_issuer_is_spoken_to(house)


def test_without_a_new_token_the_session_would_keep_its_old_one(app, house, monkeypatch):
    monkeypatch.setattr(sessions, "new_token", lambda: "x" * 43)
    with pytest.raises(AssertionError, match="a new session id"):
        test_people.test_it_works_as_after_a_password(app, house)


def test_without_its_line_in_the_protocol_it_would_be_noticed(app, house, monkeypatch):
    record = services.audit.record

    def silent(name, *about, **more):
        return None if name == "user.signed-on" else record(name, *about, **more)

    monkeypatch.setattr(services.audit, "record", silent)
    with pytest.raises(AssertionError, match="user.signed-on"):
        test_people.test_it_works_as_after_a_password(app, house)


def test_without_the_seal_what_was_typed_would_be_gone(house, monkeypatch):
    monkeypatch.setattr(sealing, "opened", lambda *_sealed: None)
    with pytest.raises(AssertionError, match="startswith"):
        test_vouching.test_what_was_typed_outlives_the_end_of_a_session(house)
