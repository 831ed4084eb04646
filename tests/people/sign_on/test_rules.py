"""What a token must say, whose account it may open, and which addresses are asked."""

from datetime import UTC, datetime
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.roles import Role
from cissapp.people.sign_on.rules import (
    Endpoints,
    Refusal,
    SignOnRefused,
    address_problems,
    check_claims,
    discovery_address,
    endpoints_of,
    is_in_scope,
)

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
ISSUER = "https://accounts.example"
GOOD = {"iss": ISSUER, "aud": "ciss", "sub": "1", "nonce": "n", "iat": NOW, "exp": NOW + 300}


def check(claims, **asked):
    values = {"issuer": ISSUER, "client_id": "ciss", "nonce": "n", "at": AT, **asked}
    return check_claims(claims, **values)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"aud": ["ciss"]},
        {"aud": ["ciss", "other"], "azp": "ciss"},
        {"azp": "ciss"},
        {"iat": NOW - 600, "exp": NOW - 100},  # a clock that is off by two minutes
        {"iat": NOW + 120},
        {"email": "somebody@else.example", "role": "secretariat"},
    ],
)
def test_a_token_for_us_and_for_now_names_its_subject(changed):
    assert check({**GOOD, **changed}) == "1"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": f"{ISSUER}/"}, Refusal.ISSUER),
        ({"iss": None}, Refusal.ISSUER),
        ({"aud": "other"}, Refusal.AUDIENCE),
        ({"aud": ["ciss", "other"]}, Refusal.AUDIENCE),
        ({"aud": ["ciss", "other"], "azp": "other"}, Refusal.AUDIENCE),
        ({"azp": "other"}, Refusal.AUDIENCE),
        ({"aud": None}, Refusal.AUDIENCE),
        ({"aud": {"ciss": 1}}, Refusal.AUDIENCE),
        ({"nonce": "other"}, Refusal.NONCE),
        ({"nonce": None}, Refusal.NONCE),
        ({"exp": NOW - 121}, Refusal.TIME),
        ({"exp": None}, Refusal.TIME),
        ({"exp": "never"}, Refusal.TIME),
        ({"exp": True}, Refusal.TIME),
        ({"iat": NOW + 121}, Refusal.TIME),
        ({"iat": NOW - 721}, Refusal.TIME),
        ({"exp": NOW + 86_401}, Refusal.TIME),
        ({"sub": ""}, Refusal.SUBJECT),
        ({"sub": 1}, Refusal.SUBJECT),
        ({"sub": "x" * 256}, Refusal.SUBJECT),
    ],
)
def test_any_other_token_is_refused(changed, reason):
    with pytest.raises(SignOnRefused) as refused:
        check({**GOOD, **changed})

    assert refused.value.reason is reason


def test_without_a_nonce_of_ours_nothing_fits():
    with pytest.raises(SignOnRefused):
        check({**GOOD, "nonce": ""}, nonce="")


JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.lists(st.text(max_size=3))
)


@given(st.dictionaries(st.sampled_from([*GOOD, "azp"]), JUNK, min_size=1))
def test_no_junk_is_more_than_refused(junk):
    try:
        subject = check({**GOOD, **junk})
    except SignOnRefused:
        return
    assert isinstance(subject, str)
    assert 0 < len(subject) <= 255
    assert {**GOOD, **junk}["iss"] == ISSUER


@given(st.recursive(JUNK, lambda inner: st.dictionaries(st.text(max_size=9), inner), max_leaves=5))
def test_no_configuration_is_more_than_refused(found):
    with pytest.raises(SignOnRefused):
        endpoints_of(found, ISSUER, loopback=False)


CONFIGURATION = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


@pytest.mark.parametrize(
    ("iat", "detail"),
    [
        (NOW + 300, "issued -300 s ago"),
        (NOW - 1200, "issued +1200 s ago"),
        (float("inf"), "not dated"),
        ("now", "not dated"),
    ],
)
def test_a_token_of_another_time_says_by_how_much(iat, detail):
    with pytest.raises(SignOnRefused) as refused:
        check({**GOOD, "iat": iat, "exp": NOW + 3600})

    assert (refused.value.reason, refused.value.detail) == (Refusal.TIME, detail)


@pytest.mark.parametrize(
    ("methods", "in_body", "either_way"),
    [
        (None, False, False),
        ([], False, False),
        (["client_secret_basic"], False, False),
        (["client_secret_post"], True, False),
        (["client_secret_post", "client_secret_basic"], False, True),
    ],
)
def test_the_secret_goes_where_the_provider_wants_it(methods, in_body, either_way):
    found = {**CONFIGURATION, "token_endpoint_auth_methods_supported": methods}

    assert endpoints_of(found, ISSUER, loopback=False) == Endpoints(
        f"{ISSUER}/authorize", f"{ISSUER}/token", f"{ISSUER}/keys", in_body, either_way
    )


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", [None, "http://accounts.example/x", "javascript:alert(1)", 5])
def test_every_address_of_a_provider_is_https(name, address):
    with pytest.raises(SignOnRefused):
        endpoints_of({**CONFIGURATION, name: address}, ISSUER, loopback=False)


@pytest.mark.parametrize(
    "address",
    [
        "http://accounts.example",
        "https://",
        "https://user:secret@accounts.example",
        "https://accounts.example#part",
        "https://accounts.example/with blanks",
        "https://рахунки.example",
        "file:///etc/passwd",
        "https://accounts.example:99999",
        f"https://accounts.example/{'x' * 500}",
        "http://localhost.evil.example",
    ],
)
def test_an_address_that_is_no_plain_https_is_refused(address):
    assert [one.code for one in address_problems(address, loopback=True)] == ["issuer"]


def test_this_machine_is_asked_for_trials_only():
    assert address_problems("http://127.0.0.1:9400", loopback=True) == []
    assert address_problems("http://127.0.0.1:9400", loopback=False) != []
    assert address_problems("https://accounts.example/tenant", loopback=False) == []
    assert discovery_address("https://a.example/tenant/") == (
        "https://a.example/tenant/.well-known/openid-configuration"
    )


def test_an_organisation_reaches_its_own_people_and_no_others():
    ours, theirs = uuid4(), uuid4()
    reached = {
        (provider, role, country, group)
        for provider, role, country, group in product(
            [("MD", None), (None, ours)], Role, ["MD", "UA", None], [ours, theirs, None]
        )
        if is_in_scope(provider, role=role, country_code=country, group_id=group)
    }

    assert reached == {
        *((("MD", None), role, "MD", group) for role in (Role.MINISTRY, Role.REGION_OFFICER) for group in (ours, theirs, None)),
        *(((None, ours), role, country, ours) for role in (Role.REVIEWER, Role.COORDINATOR) for country in ("MD", "UA", None)),
    }  # fmt: skip
