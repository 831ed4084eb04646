"""What is worth what: genuine, altered, of others, of a stolen key; never a certificate, never an error."""

import json
import random
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from cissapp.certify.credentials.open_badges import tokens as credential_tokens
from cissapp.certify.credentials.rules.strict_json import UnreadableCredential
from cissapp.foundation.signing.keys import Keyring
from cissapp.learn.statements.document.checking import check_file
from cissapp.learn.statements.rules import StatementWorth
from tests.certify.certificates.specimen import facts, ring, signed
from tests.learn.statements.specimen import PEOPLE, drawn, signed_json, signed_pdf, statement


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Keyring:
    return ring(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory) -> Keyring:
    return ring(tmp_path_factory.mktemp("others"), "Somebody else")


@pytest.mark.parametrize("language", PEOPLE)
@pytest.mark.parametrize("form", [signed_pdf, signed_json])
def test_what_our_key_signed_is_genuine(ours, language: str, form):
    known = statement(language)

    found = check_file(form(known, ours), ours)

    assert (found.worth, found.statement) == (StatementWorth.GENUINE, known)


def test_what_others_signed_is_not_ours(ours, theirs):
    """Both have a key of this name: then the token does not fit ours."""
    of_pdf, of_json = (
        check_file(form(statement(), theirs), ours) for form in (signed_pdf, signed_json)
    )
    unknown = check_file(signed_json(statement(), theirs), replace(ours, keys=()))

    assert [one.worth for one in (of_pdf, of_json, unknown)] == [
        StatementWorth.NOT_OURS,
        StatementWorth.ALTERED,
        StatementWorth.NOT_OURS,
    ]
    assert [one.statement for one in (of_pdf, of_json, unknown)] == [None, None, None]


@pytest.mark.parametrize("form", [signed_pdf, signed_json])
def test_of_a_stolen_key_nobody_can_tell(ours, form):
    stolen = ours.newest().marked(compromised_at=datetime(2027, 1, 1, tzinfo=UTC))

    found = check_file(form(statement(), ours), replace(ours, keys=(stolen,)))

    assert (found.worth, found.statement) == (StatementWorth.UNKNOWN, None)


@pytest.mark.parametrize("form", [signed_pdf, signed_json])
def test_a_retired_key_goes_on_counting(ours, form):
    retired = ours.newest().marked(retired_at=datetime(2027, 1, 1, tzinfo=UTC))

    assert (
        check_file(form(statement(), ours), replace(ours, keys=(retired,))).worth
        is StatementWorth.GENUINE
    )


@pytest.mark.parametrize("form", [signed_pdf, signed_json])
def test_a_statement_that_names_another_key_is_altered(ours, form):
    assert check_file(form(statement(key_id="2021-B"), ours), ours).worth is StatementWorth.ALTERED


@pytest.mark.parametrize("form", [signed_pdf, signed_json])
def test_no_changed_byte_is_taken_as_genuine(ours, form):
    content, rng = form(statement(), ours), random.Random(7)
    wrong = []
    for place in rng.sample(range(len(content)), 25):
        changed = bytearray(content)
        changed[place] ^= 1 << rng.randrange(7)
        found = check_file(bytes(changed), ours)
        # Blanks of the JSON are not signed; what it states is.
        if found.worth is StatementWorth.GENUINE and found.statement != statement():
            wrong.append(place)

    assert wrong == []


def test_another_value_beside_the_token_is_altered(ours):
    document = json.loads(signed_json(statement(), ours))
    for changes in ({"name": "Somebody else"}, {"demo": 0}, {"more": 1}):
        beside = {**document, "statement": {**document["statement"], **changes}}
        assert check_file(json.dumps(beside).encode(), ours).worth is StatementWorth.ALTERED


def test_nothing_else_is_a_statement(ours):
    token = json.loads(signed_json(statement(), ours))["jws"]
    head, payload, signature = token.split(".")
    none = urlsafe_b64encode(b'{"alg":"none","kid":"2020-A","typ":"ciss-statement+jwt"}').decode()
    others = [
        b"",
        b"{}",
        b"%PDF-1.4 nothing",
        drawn(statement()),
        signed(facts(), ours),
        token.encode(),
        b"\xff\xfe",
        b"[" * 90_000,
        b" " * 3_000_000,
        json.dumps({"statement": statement().content(), "jws": "a.b.c"}).encode(),
        json.dumps({"statement": statement().content(), "jws": f"{head}.{payload}."}).encode(),
        json.dumps(
            {"statement": statement().content(), "jws": f"{none.rstrip('=')}.{payload}."}
        ).encode(),
        json.dumps(
            {"statement": statement().content(), "jws": f"{head}.{payload}.{signature}="}
        ).encode(),
        json.dumps({"statement": statement().content(), "jws": token, "more": 1}).encode(),
    ]

    found = [check_file(one, ours).worth for one in others]

    assert {StatementWorth.GENUINE} & set(found) == set()
    assert found.count(StatementWorth.NO_STATEMENT) >= len(others) - 1


def test_the_token_is_no_credential(ours):
    token = json.loads(signed_json(statement(), ours))["jws"]

    with pytest.raises(UnreadableCredential):
        credential_tokens.read_token(token)
