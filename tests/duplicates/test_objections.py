"""Undoing a merge never takes back what somebody said of mailings after it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.contacts import services as contacts
from crm.contacts.models import MailBasis
from crm.db import db, today
from crm.duplicates import undoing
from crm.mailings.services import object_to_mailings
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


def merged(objected_on):
    """A person in office and a double of theirs who objected, merged; give who stayed and the merge."""
    kept, lost = factories.person("Zwilling", "Zoe"), factories.person("Zwilling", "Zoë")
    lost.mail_basis, lost.mail_basis_on = MailBasis.OBJECTED, objected_on
    db.session.flush()
    merge = factories.merge(kept, lost)
    assert kept.mail_basis is MailBasis.OBJECTED
    return kept, merge


def undo(merge):
    """Take a merge back; give what stays."""
    db.session.expire_all()
    anna = factories.member("anna")
    stay = [str(one) for one in undoing.way_back(merge, anna).stay]
    undoing.undo(merge, anna)
    db.session.expire_all()
    return stay


@pytest.mark.parametrize("days", [0, 30])
def test_an_objection_after_the_merge_outlasts_undoing_it(days):
    kept, merge = merged(today() - timedelta(days=days))
    object_to_mailings(kept)
    assert "Serienbriefe" in undo(merge)
    assert (kept.mail_basis, kept.mail_basis_on) == (MailBasis.OBJECTED, today())


def test_an_objection_noted_by_a_colleague_outlasts_it_too():
    kept, merge = merged(today() - timedelta(days=30))
    values = {"mail_basis": MailBasis.OBJECTED, "mail_basis_on": today() - timedelta(days=1)}
    contacts.change_person(kept, values, factories.member("bert"))
    undo(merge)
    assert (kept.mail_basis, kept.mail_basis_on) == (MailBasis.OBJECTED, today() - timedelta(days=1))


def test_a_consent_taken_back_and_given_again_is_not_made_stricter_nor_laxer():
    kept, merge = merged(today())
    kept.mail_basis, kept.mail_basis_on = MailBasis.CONSENT, today()
    db.session.flush()
    undo(merge)
    assert kept.mail_basis is MailBasis.CONSENT


def test_without_another_word_the_former_basis_holds_again():
    kept, merge = merged(today())
    assert undo(merge) == []
    assert (kept.mail_basis, kept.mail_basis_on) == (MailBasis.OFFICE, None)


def test_an_objection_said_again_is_noted_again_but_not_by_a_second_click():
    kept, _merge = merged(today())
    noted = select(func.count(AuditEvent.id)).where(AuditEvent.name == "person.objected")
    for _click in range(2):
        object_to_mailings(kept)
        assert db.session.scalar(noted) == 1


def test_an_objection_by_a_link_from_before_the_merge_holds_for_who_stayed():
    kept, lost = factories.person("Zwilling", "Zoe"), factories.person("Zwilling", "Zoë")
    merge = factories.merge(kept, lost)
    object_to_mailings(lost)
    assert kept.mail_basis is MailBasis.OBJECTED
    undo(merge)
    assert (kept.mail_basis, lost.mail_basis) == (MailBasis.OBJECTED, MailBasis.OBJECTED)
