"""Codes are random, long enough, readable however they are typed, and sealed for one user."""

from math import log2

import pyotp
import pytest
import segno

from crm.second_factor import codes


def test_secrets_have_160_bits_and_never_repeat():
    made = {codes.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(one) * 5 for one in made} == {160}


def test_ten_recovery_codes_begin_differently_and_are_hard_to_guess():
    made = [code for _ in range(20) for code in codes.new_recovery_codes()]
    assert len(set(made)) == 200
    assert all(len({one[:4] for one in made[at : at + 10]}) == 10 for at in range(0, 200, 10))
    assert log2(10 ** (codes.RECOVERY_DIGITS - codes.GROUP)) > 39


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("123456", "123456"), (" 123 456 ", "123456"), ("123\u00a0456", "123456"), ("123-456", "123456"),
        ("1234.5678-9012\u20133456", "1234567890123456"), ("12a456", ""), ("", ""), ("+123456", ""),
        ("1" * 41, ""), ("\u0661\u0662\u0663\u0664\u0665\u0666", ""),
    ],
)  # fmt: skip
def test_how_a_code_is_read(typed, digits):
    assert codes.read(typed) == digits


def test_the_picture_says_the_address(app):
    address = codes.address("A" * 32, "anna@kikz.test")
    assert pyotp.parse_uri(address).secret == "A" * 32
    picture = codes.picture(address)
    rows = [[False] * picture["edge"] for _ in range(picture["edge"])]
    for part in picture["path"].split("M")[1:]:
        x, y = (int(one) for one in part.split("h")[0].split())
        rows[y][x] = True
    meant = segno.make(address, error="m", micro=False).matrix_iter(border=4)
    assert rows == [[bool(dark) for dark in row] for row in meant]


def test_what_is_sealed_for_one_opens_for_no_other(app):
    with app.app_context():
        sealed = codes.seal(1, "GEHEIM")
        assert "GEHEIM" not in sealed
        assert codes.opened(1, sealed) == "GEHEIM"
        assert codes.opened(2, sealed) is None
        assert codes.opened(1, sealed[:-4]) is None
