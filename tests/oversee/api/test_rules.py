"""Cursors, signatures, waits and addresses, without a database."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.network.outbound import is_public, may_connect
from cissapp.oversee.api.rules.cursors import WrongCursor, read_cursor, write_cursor
from cissapp.oversee.api.rules.webhooks import (
    WAITS,
    next_try,
    secret_of,
    signed_headers,
    url_problems,
    written_secret,
)

AT = datetime(2026, 11, 28, tzinfo=UTC)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_cursor_leads_to_where_it_was_written_and_only_in_its_own_list(after: str):
    cursor = write_cursor("register", after)

    assert read_cursor("register", cursor) == after
    with pytest.raises(WrongCursor):
        read_cursor("regions of MD", cursor)


@given(st.text(max_size=60))
def test_what_no_list_gave_is_no_cursor(text: str):
    with pytest.raises(WrongCursor):
        read_cursor("register", text)


def test_a_signature_is_the_one_of_standard_webhooks():
    secret = secret_of("a", "b", "key")
    said = signed_headers([secret], "msg_1", AT, '{"a":1}')
    key = base64.b64decode(written_secret(secret).removeprefix("whsec_"))
    signed = f"msg_1.{int(AT.timestamp())}.".encode() + b'{"a":1}'

    assert said["webhook-signature"] == "v1," + base64.b64encode(
        hmac.new(key, signed, hashlib.sha256).digest()
    ).decode("ascii")
    assert (said["webhook-id"], said["webhook-timestamp"]) == ("msg_1", "1795824000")
    assert secret != secret_of("a", "c", "key") != secret_of("a", "b", "other")


def test_the_waits_grow_and_end_after_three_days():
    moments = [next_try(tries, AT) for tries in range(1, len(WAITS) + 2)]

    assert moments[-1] is None
    assert all(one is not None and one > AT for one in moments[:-1])
    assert list(WAITS) == sorted(WAITS)
    assert timedelta(days=3) < sum(WAITS, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://user@example.org/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://printer.local/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https:///x",
        "https://exam ple.org/",
        "ftp://example.org/",
        "",
    ],
)
def test_an_address_that_leads_inwards_is_refused(url: str):
    assert [one.code for one in url_problems(url, loopback=False)] == ["url"]


def test_an_address_on_the_internet_is_taken_and_loopback_where_it_is_allowed():
    assert url_problems("https://example.org:8443/hook?a=b", loopback=False) == []
    assert url_problems("http://127.0.0.1:8000/hook", loopback=True) == []
    assert url_problems("http://example.org/hook", loopback=True) != []


@given(st.ip_addresses(v=4))
def test_no_way_of_writing_a_private_address_makes_it_public(address):
    mapped = IPv6Address(f"::ffff:{address}")
    behind_nat64 = IPv6Address(int(ip_address("64:ff9b::")) + int(address))

    assert is_public(mapped) == is_public(address)
    assert not is_public(behind_nat64)
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(address)


def test_a_name_that_leads_to_one_private_address_is_not_connected_to():
    two = ["2606:4700::1111", "93.184.215.14"]
    assert may_connect([*two, two[0]], loopback=False) == two
    assert may_connect(["93.184.215.14", "10.0.0.1"], loopback=False) == []
    assert may_connect(["127.0.0.1"], loopback=False) == []
    assert may_connect(["127.0.0.1"], loopback=True) == ["127.0.0.1"]
    assert may_connect(["10.0.0.1"], loopback=True) == []
    assert may_connect([], loopback=True) == []


def test_a_cursor_of_another_shape_is_wrong():
    for said in (
        {"a": 1},
        ["register"],
        ["register", 1],
        ["register", "a", "b"],
        ["register", "\0"],
    ):
        text = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
        with pytest.raises(WrongCursor):
            read_cursor("register", text)
