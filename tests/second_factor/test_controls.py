"""The second factor without one of its protections: then what other tests assert must fail."""

import pytest

from crm.accounts import passwords, sealing, sessions
from crm.mail import notices
from crm.second_factor import services
from tests.second_factor import test_setting_up, test_step


def test_with_recovery_codes_that_stay_good_a_second_browser_comes_in(app, monkeypatch):
    def take(user, digits):
        monkeypatch.setattr(services, "_take_recovery_code", lambda *_again: None)
        return used(user, digits)

    used = services._take_recovery_code
    monkeypatch.setattr(services, "_take_recovery_code", take)
    with pytest.raises(AssertionError, match="303 == 422"):
        test_step.test_a_recovery_code_opens_once_and_is_told_by_mail(app)


def test_without_hashing_codes_would_lie_in_the_open(app, standing, monkeypatch):
    monkeypatch.setattr(passwords, "hashed", lambda text: text)
    with pytest.raises(AssertionError):
        test_step.test_nothing_of_a_code_or_a_secret_is_stored_in_the_open(app, standing)


def test_without_the_end_of_sessions_a_reset_would_leave_somebody_inside(app, standing, ada, monkeypatch):
    monkeypatch.setattr(sessions, "end_all", lambda _user: None)
    with pytest.raises(AssertionError, match="is_inside"):
        test_setting_up.test_the_administration_resets_it_and_the_person_is_told(app, standing, ada)


def test_without_the_notice_a_reset_would_be_told_to_nobody(app, standing, ada, monkeypatch):
    monkeypatch.setattr(notices, "_tell", lambda *_what: None)
    with pytest.raises(AssertionError):
        test_setting_up.test_the_administration_resets_it_and_the_person_is_told(app, standing, ada)


def test_without_the_seal_a_form_would_not_come_through_both_steps(app, standing, monkeypatch):
    monkeypatch.setattr(sealing, "opened", lambda *_sealed: None)
    with pytest.raises(AssertionError):
        test_step.test_an_interrupted_form_comes_through_both_steps_even_late(app, standing)
