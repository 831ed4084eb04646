"""Mails that came back: read as the mail servers of the world write them."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.people.notices.rules import Bounce, parse_bounces
from tests.people.notices.returned import delivery_status, from_exim

MAIL = UUID("5f0f8f4cbd0a4c0f9a1f0d6a3f1b2c4d")
ANA = "ana@school.example"
SAID = "5.1.1 550 5.1.1 <ana@school.example>: Recipient address rejected: User unknown"


def test_a_mail_that_came_back_names_address_and_reason():
    assert parse_bounces(delivery_status(MAIL, ANA)) == [Bounce(MAIL, ANA, SAID)]


def test_only_the_headers_came_back():
    raw = delivery_status(MAIL, ANA, returned="text/rfc822-headers")

    assert parse_bounces(raw) == [Bounce(MAIL, ANA, SAID)]


def test_the_address_as_it_was_written_counts_not_where_it_was_passed_on_to():
    raw = delivery_status(MAIL, "ana.rusu@elsewhere.example", original=ANA)

    assert parse_bounces(raw) == [Bounce(MAIL, ANA, SAID)]


def test_a_notification_of_exim_without_original_recipient():
    assert parse_bounces(from_exim(MAIL, ANA)) == [Bounce(MAIL, ANA, "5.0.0 550 No Such User Here")]


@pytest.mark.parametrize(
    "values",
    [
        {"action": "delayed", "status": "4.4.1"},  # it is tried again
        {"action": "failed", "status": "4.2.2"},  # a full box is no wrong address
        {"action": "delivered", "status": "2.0.0"},
        {"action": "relayed", "status": "2.0.0"},
    ],
)
def test_what_did_not_fail_for_good_is_no_bounce(values):
    assert parse_bounces(delivery_status(MAIL, ANA, **values)) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: I am on holiday\r\n\r\nBack on Monday.\r\n",
        b"\xff\xfe\x00 no message at all",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nno parts",
        (
            b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status"
            b"\r\n\r\nAction: failed\r\n\r\n--x--\r\n"
        ),
    ],
)
def test_anything_else_is_no_bounce(raw):
    assert parse_bounces(raw) == []


def test_a_notification_that_does_not_name_our_mail_is_no_bounce():
    raw = delivery_status(MAIL, ANA).replace(MAIL.hex.encode(), b"somebody-elses-message")

    assert parse_bounces(raw) == []


@given(st.binary(max_size=400), st.integers(0, 1500), st.integers(0, 400))
def test_a_damaged_notification_never_breaks_the_reader(noise, start, length):
    whole = delivery_status(MAIL, ANA)

    for bounce in parse_bounces(whole[:start] + noise + whole[start + length :]):
        assert isinstance(bounce, Bounce)
