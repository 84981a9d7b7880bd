"""The standard grant, as one table of cases over plain values."""

from decimal import Decimal

import pytest

from crm.cooperations.kinds import LegalForm
from crm.funding.amounts import standard_amount
from tests.funding.facts import rules

pytestmark = pytest.mark.usefixtures("context")
GVV, BRIGADES, AGREEMENT = LegalForm.JOINT_ADMINISTRATION, LegalForm.FIRE_BRIGADES, LegalForm.AGREEMENT

CASES = {
    "Bad Karlshafen and Trendelburg": ((GVV, 2, None), 300_000, "2 Gemeinden zu je 150.000"),
    "two brigades of Haunetal": ((BRIGADES, 1, 2), 30_000, "2 Feuerwehren zu je 15.000"),
    "one brigade": ((BRIGADES, 1, 1), 15_000, "1 Feuerwehr zu 15.000"),
    "Landkreis Gießen and 16": ((AGREEMENT, 17, None), 100_000, "mehr als drei Partner"),
    "Main-Kinzig-Kreis and 5": ((None, 6, None), 100_000, "mehr als drei Partner"),
    "Marburg-Biedenkopf and 2": ((None, 3, None), 75_000, "drei Partner"),
    "Battenberg and Hatzfeld": ((AGREEMENT, 2, None), 50_000, "nur aus besonderem Grund"),
    "four": ((LegalForm.PRIVATE_LAW, 4, None), 100_000, "mehr als drei Partner"),
    "one partner": ((AGREEMENT, 1, None), None, "weniger als zwei Partnern"),
    "one municipality that administers alone": ((GVV, 1, None), None, "weniger als zwei Partnern"),
    "nobody": ((None, 0, None), None, "weniger als zwei Partnern"),
    "brigades without a number": ((BRIGADES, 1, None), None, "Tragen Sie ein"),
    "a merger": ((LegalForm.MERGER, 4, None), None, "Entschuldungshilfe"),
    "brigades beside a contract count nothing": ((AGREEMENT, 3, 5), 75_000, "drei Partner"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "sum", "why"), CASES.values(), ids=CASES)
def test_the_standard_grant(given, sum, why):
    found = standard_amount(rules(), *given)
    assert found.sum == (None if sum is None else Decimal(sum))
    assert why in found.why.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("year", "given", "sum"),
    [
        (2004, (None, 3), 75_000), (2004, (None, 8), 75_000), (2004, (None, 2), None), (2004, (GVV, 2), None),
        (2008, (None, 4), None), (2011, (None, 3), None), (2011, (BRIGADES, 1, 2), None),
        (2016, (None, 3), 75_000), (2016, (BRIGADES, 1, 2), 30_000), (2016, (GVV, 3), 450_000),
    ],
)  # fmt: skip
def test_older_rules_name_what_is_known_of_them_and_no_more(year, given, sum):
    found = standard_amount(rules(year), *given)
    assert found.sum == (None if sum is None else Decimal(sum))
    assert found.why


def test_without_rules_there_is_no_sum():
    assert standard_amount(None, AGREEMENT, 3).sum is None
