"""What a look at a credential finds."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cissapp.certify.credentials import carriers, pictures
from cissapp.certify.credentials.lists import LASTS
from cissapp.certify.credentials.phrases import PARTS, REASONS
from cissapp.certify.credentials.pictures import Badge
from cissapp.certify.credentials.rules.bits import Message, Purpose, bits_of
from cissapp.certify.credentials.rules.found import Carrier, Outcome, Part, Reason, Worth
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring
from tests.certify.credentials.specimen import (
    AT,
    DID,
    INDEX,
    LATER,
    LIST,
    Specimen,
    of_first_edition,
)

BADGE = Badge(2, 2026, 2028, demo=False)


def carried(genuine: Specimen) -> dict[Carrier, bytes]:
    return {
        Carrier.JSON: genuine.text.encode(),
        Carrier.JWT: genuine.token.encode(),
        Carrier.SVG: carriers.into_svg(pictures.as_svg(BADGE), genuine.text).encode(),
        Carrier.PNG: carriers.into_png(pictures.as_png(BADGE), genuine.text),
    }


@pytest.mark.parametrize("carrier", Carrier)
def test_a_genuine_credential_is_valid_in_every_form(genuine: Specimen, carrier: Carrier):
    found = genuine.look(carried(genuine)[carrier], issuer=DID)

    assert {part: found.reason(part) for part in Part} == {
        Part.FORM: Reason.READ,
        Part.TERMS: Reason.KNOWN_TERMS,
        Part.PROOF: Reason.SIGNED,
        Part.ISSUER: Reason.OURS,
        Part.KEY: Reason.IN_KEY_TIME,
        Part.DATES: Reason.IN_TIME,
        Part.STATUS: Reason.NOT_LISTED,
    }
    assert (found.worth, found.carrier) == (Worth.VALID, carrier)
    assert found.document == genuine.document
    assert (found.key_id, found.made_at, found.as_of) == ("2023-A", AT, AT)


def test_pictures_may_also_carry_the_token(genuine: Specimen):
    svg = pictures.as_svg(BADGE).replace(
        "<title>",
        f'<o:credential xmlns:o="{carriers.NAMESPACE}" verify="{genuine.token}"/><title>',
    )
    png = carriers.into_png(pictures.as_png(BADGE), genuine.token)

    assert [genuine.look(one).worth for one in (svg, png)] == [Worth.VALID, Worth.VALID]


def test_the_proof_may_be_an_object_or_a_list_of_one(genuine: Specimen):
    proof = genuine.signed["proof"]
    as_object = {**genuine.signed, "proof": proof[0]}
    twice = {**genuine.signed, "proof": proof * 2}
    none = {**genuine.signed, "proof": []}

    worths = [genuine.look(canonical(one)).worth for one in (as_object, twice, none)]

    assert worths == [Worth.VALID, Worth.ALTERED, Worth.NOT_OURS]


# --- dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "worth"),
    [
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC), Worth.UNKNOWN),
        (datetime(2026, 11, 25, 9, tzinfo=UTC), Worth.VALID),
        (datetime(2028, 11, 25, 23, 59, 59, tzinfo=UTC), Worth.VALID),
        (datetime(2028, 11, 26, 0, 0, 0, tzinfo=UTC), Worth.EXPIRED),
    ],
)
@pytest.mark.parametrize("form", ["text", "token"])
def test_the_last_day_still_counts(genuine: Specimen, form: str, at: datetime, worth: Worth):
    found = genuine.look(getattr(genuine, form), at=at, lists=genuine.lists(at=at))

    assert found.worth is worth


# --- status ------------------------------------------------------------------------------------


def test_suspended_withdrawn_and_replaced_are_told_apart(genuine: Specimen):
    found = {one: genuine.look(genuine.text, lists=genuine.lists(one)) for one in Message}

    assert {one: (found.worth, found.reason(Part.STATUS)) for one, found in found.items()} == {
        Message.VALID: (Worth.VALID, Reason.NOT_LISTED),
        Message.SUSPENDED: (Worth.SUSPENDED, Reason.SUSPENDED),
        Message.WITHDRAWN: (Worth.WITHDRAWN, Reason.WITHDRAWN),
        Message.REPLACED: (Worth.REPLACED, Reason.REPLACED),
    }


def test_a_credential_of_the_first_edition_is_read_as_before(genuine: Specimen):
    text = canonical(genuine.sign(of_first_edition(genuine.document)))
    states = ({}, {"revoked": True}, {"suspended": True}, {"revoked": True, "suspended": True})

    worths = [genuine.look(text, lists=genuine.old_lists(**one)).worth for one in states]

    assert worths == [Worth.VALID, Worth.WITHDRAWN, Worth.SUSPENDED, Worth.WITHDRAWN]


def test_without_a_list_nothing_is_valid(genuine: Specimen):
    old, half = canonical(genuine.sign(of_first_edition(genuine.document))), genuine.old_lists()
    half.popitem()

    found = [genuine.look(genuine.text, lists=one) for one in (None, {})]
    found.append(genuine.look(old, lists=half))

    assert {(one.worth, one.reason(Part.STATUS)) for one in found} == {
        (Worth.UNKNOWN, Reason.UNREACHABLE)
    }
    assert all(one.genuine for one in found)


def test_an_old_list_leaves_it_open_but_what_is_final_stays(genuine: Specimen):
    late = AT + LASTS + timedelta(seconds=1)

    found = [genuine.look(genuine.text, at=late, lists=genuine.lists(one)) for one in Message]

    assert [(one.worth, one.reason(Part.STATUS)) for one in found] == [
        (Worth.UNKNOWN, Reason.STALE),
        (Worth.UNKNOWN, Reason.STALE),
        (Worth.WITHDRAWN, Reason.WITHDRAWN),
        (Worth.REPLACED, Reason.REPLACED),
    ]


def wrong_lists(genuine: Specimen) -> dict[str, dict[str, str]]:
    """Lists that are not the ones that were signed for this credential."""
    good = genuine.list_of(Message.VALID)
    cleared, unsigned = json.loads(genuine.list_of(Message.WITHDRAWN, INDEX)), json.loads(good)
    cleared["credentialSubject"]["encodedList"] = unsigned["credentialSubject"]["encodedList"]
    longer = json.loads(good)
    longer["validUntil"] = "2036-01-01T00:00:00Z"
    del unsigned["proof"]
    lists = {
        "another state under an old signature": json.dumps(cleared),
        "a longer life": json.dumps(longer),
        "no signature": json.dumps(unsigned),
        "a list of the first edition": genuine.old_list_of(Purpose.REVOCATION),
        "another purpose": genuine.signed_bits("message-1", Purpose.REVOCATION, bits_of([])),
        "too short a list": genuine.signed_bits("message-1", Purpose.MESSAGE, bits_of([])),
        "another number": genuine.list_of(Message.VALID, name="message-2"),
        "no JSON": "<html>",
        "cut off": good[:-10],
        "the credential itself": genuine.text,
    }
    return {name: {LIST: one} for name, one in lists.items()}


def test_a_list_that_we_did_not_sign_leaves_it_open(genuine: Specimen):
    found = {
        name: genuine.look(genuine.text, lists=lists)
        for name, lists in wrong_lists(genuine).items()
    }

    assert {
        name: (one.worth, one.reason(Part.STATUS)) for name, one in found.items()
    } == dict.fromkeys(found, (Worth.UNKNOWN, Reason.TAMPERED))


# --- keys --------------------------------------------------------------------------------------


def ring_with(genuine: Specimen, **changes: object) -> Keyring:
    return Keyring((replace(genuine.key, **changes), genuine.list_key))


@pytest.mark.parametrize("form", ["text", "token"])
def test_a_stolen_key_counts_only_before_the_theft(genuine: Specimen, form: str):
    text = getattr(genuine, form)
    before, after = AT + timedelta(days=1), AT - timedelta(seconds=1)
    looks = {
        "stolen before": {"ring": ring_with(genuine, compromised_at=after)},
        "stolen later, nobody knows when it was made": {
            "ring": ring_with(genuine, compromised_at=before)
        },
        "stolen later, the register knows": {
            "ring": ring_with(genuine, compromised_at=before),
            "signed_at": AT,
        },
        "dated back by the thief": {
            "ring": ring_with(genuine, compromised_at=before),
            "signed_at": before,
        },
        "retired": {"ring": ring_with(genuine, retired_at=after)},
    }

    found = {name: genuine.look(text, **values) for name, values in looks.items()}

    assert {name: (one.reason(Part.KEY), one.worth) for name, one in found.items()} == {
        "stolen before": (Reason.AFTER_THEFT, Worth.NOT_OURS),
        "stolen later, nobody knows when it was made": (Reason.PERHAPS_AFTER_THEFT, Worth.UNKNOWN),
        "stolen later, the register knows": (Reason.IN_KEY_TIME, Worth.VALID),
        "dated back by the thief": (Reason.AFTER_THEFT, Worth.NOT_OURS),
        "retired": (Reason.IN_KEY_TIME, Worth.VALID),
    }


def test_a_stolen_key_vouches_for_no_list(genuine: Specimen):
    stolen = replace(genuine.list_key, compromised_at=LATER)

    found = genuine.look(genuine.text, ring=Keyring((genuine.key, stolen)))

    assert (found.reason(Part.STATUS), found.worth) == (Reason.TAMPERED, Worth.UNKNOWN)


def test_a_key_signs_only_in_its_time(genuine: Specimen):
    too_early = genuine.sign(genuine.document, at=genuine.key.from_at - timedelta(seconds=1))
    too_late = genuine.sign(genuine.document, at=genuine.key.until_at)

    found = [genuine.look(canonical(one)) for one in (too_early, too_late)]

    assert [(one.reason(Part.KEY), one.worth) for one in found] == [
        (Reason.OUTSIDE_KEY_TIME, Worth.NOT_OURS)
    ] * 2


def test_an_unknown_key_leaves_it_open_unless_the_issuer_is_another(genuine: Specimen):
    empty = Keyring()
    ours = genuine.look(genuine.text, ring=empty, issuer=DID)
    theirs = genuine.look(genuine.text, ring=empty, issuer="did:web:other.example")
    nobody_knows = genuine.look(genuine.text, ring=empty)

    assert [one.worth for one in (ours, theirs, nobody_knows)] == [
        Worth.UNKNOWN,
        Worth.NOT_OURS,
        Worth.UNKNOWN,
    ]
    assert ours.reason(Part.PROOF) is Reason.UNKNOWN_KEY


# --- all ---------------------------------------------------------------------------------------


def test_every_reason_has_a_sentence():
    assert set(REASONS) == set(Reason)
    assert set(PARTS) == set(Part)


def test_only_seven_times_yes_is_valid(genuine: Specimen):
    found = genuine.look(genuine.text)
    for part in Part:
        for outcome in (Outcome.NO, Outcome.UNKNOWN):
            judged = replace(found.parts[part], outcome=outcome)
            assert replace(found, parts={**found.parts, part: judged}).worth is not Worth.VALID
        without = {name: one for name, one in found.parts.items() if name is not part}
        assert replace(found, parts=without).worth is not Worth.VALID


def test_the_place_in_the_list_is_the_one_that_was_signed(genuine: Specimen):
    neighbours = genuine.list_of(Message.REPLACED, INDEX - 1, INDEX + 1)

    found = genuine.look(genuine.text, lists={LIST: neighbours}, at=LATER)

    assert found.worth is Worth.VALID
