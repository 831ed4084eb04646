"""Rules of the second proof: codes, limits, what asks again, for which site passkeys are made."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.people.factors.rules import recovery_codes as codes
from cissapp.people.factors.rules.app_codes import (
    DRIFT,
    FAR,
    app_address,
    match_code,
    new_secret,
    plain_code,
    step_of,
)
from cissapp.people.factors.rules.limits import WRONG_ALLOWED, waits_until
from cissapp.people.factors.rules.parties import party_of
from cissapp.people.factors.rules.step_up import CONFIRMED_FOR, STEP_UP, asks_again
from tests.factories import NOW

SECRET = new_secret()


def test_the_vectors_of_rfc_6238_fit():
    # Appendix B, SHA-1, the last six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at = datetime.fromtimestamp(seconds, UTC)
        match = match_code(secret, code, at)
        assert match
        assert (match.step, match.off, match.counts) == (step_of(at), 0, True)


@given(st.integers(-FAR - 5, FAR + 5))
def test_a_code_counts_within_one_step_and_is_told_within_ten_minutes(off):
    code = pyotp.TOTP(SECRET).generate_otp(step_of(NOW) + off)

    match = match_code(SECRET, code, NOW)

    if abs(off) > FAR:
        assert match is None or match.off != off
    else:
        assert match
        assert abs(match.off) <= abs(off)
        assert match.counts is (abs(match.off) <= DRIFT)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_no_fault(typed):
    assert plain_code(typed).isascii()
    match_code(SECRET, typed, NOW)


@pytest.mark.parametrize(
    "typed", ["123 456", "123-456", " 123456\n", "\u0661\u0662\u0663\u0664\u0665\u0666"]
)
def test_digits_are_read_however_they_are_written(typed):
    assert plain_code(typed) == "123456"


def test_the_address_for_the_app_names_service_and_account():
    assert app_address(SECRET, "ana@school.example") == (
        f"otpauth://totp/CISS:ana%40school.example?secret={SECRET}&issuer=CISS"
    )


def test_ten_codes_begin_differently_and_are_read_in_any_case():
    made = codes.new_codes()

    assert len({codes.beginning(code) for code in made}) == codes.COUNT
    assert [codes.plain_recovery_code(codes.shown_code(code).upper()) for code in made] == made


@given(st.lists(st.integers(0, 86_400 * 2), max_size=70))
def test_who_guesses_waits_until_no_limit_is_reached(ages):
    wrong = [NOW - timedelta(seconds=age) for age in ages]

    until = waits_until(wrong, NOW)

    over = [
        sum(NOW - moment < within for moment in wrong) >= allowed
        for allowed, within in WRONG_ALLOWED
    ]
    assert (until is not None) is any(over)
    if until:
        assert until > NOW
        assert waits_until(wrong, until) is None


def test_a_request_of_the_table_asks_after_fifteen_minutes():
    def asks(endpoint, method, age, *, required=True):
        confirmed = None if age is None else NOW - age
        return asks_again(endpoint, method, confirmed_at=confirmed, at=NOW, required=required)

    late = CONFIRMED_FOR + timedelta(seconds=1)
    assert [asks("reviews.decide", "POST", age) for age in (CONFIRMED_FOR, late, None)] == [
        False,
        True,
        True,
    ]
    assert not asks("reviews.decide", "GET", late)
    assert asks("school_lists.schools_csv", "HEAD", late)
    assert not asks("reviews.decide", "POST", late, required=False)
    assert asks("factors.renew_codes", "POST", late, required=False)
    assert not asks(None, "POST", late)
    assert all(methods <= {"GET", "POST"} for methods in STEP_UP.values())


@pytest.mark.parametrize(
    ("address", "site", "takes"),
    [
        ("https://ciss.example", "ciss.example", True),
        ("https://ciss.example:8443", "ciss.example", True),
        ("http://localhost:8000", "localhost", True),
        ("http://ciss.example", "ciss.example", False),
        ("https://192.0.2.7", "192.0.2.7", False),
        ("https://[2001:db8::7]", "2001:db8::7", False),
    ],
)
def test_the_address_of_the_installation_is_the_site(address, site, takes):
    party = party_of(address)

    assert (party.id, party.origin, party.takes_passkeys) == (site, address, takes)
