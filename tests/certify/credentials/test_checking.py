"""What a look at a credential finds."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from pyld import jsonld

from cissapp.certify.credentials.open_badges import baking, one_form, pictures
from cissapp.certify.credentials.open_badges.pictures import BadgePicture
from cissapp.certify.credentials.open_badges.status_lists import LASTS
from cissapp.certify.credentials.rules.findings import (
    Carrier,
    CredentialPart,
    CredentialWorth,
    FindingReason,
    PartOutcome,
)
from cissapp.certify.credentials.rules.status_bits import ListPurpose, StatusMessage, bits_of
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

BADGE = BadgePicture(2, 2026, 2028, demo=False)


def carried(genuine: Specimen) -> dict[Carrier, bytes]:
    return {
        Carrier.JSON: genuine.text.encode(),
        Carrier.JWT: genuine.token.encode(),
        Carrier.SVG: baking.bake_svg(pictures.draw_svg(BADGE), genuine.text).encode(),
        Carrier.PNG: baking.bake_png(pictures.draw_png(BADGE), genuine.text),
    }


@pytest.mark.parametrize("carrier", Carrier)
def test_a_genuine_credential_is_valid_in_every_form(genuine: Specimen, carrier: Carrier):
    found = genuine.look(carried(genuine)[carrier], issuer=DID)

    assert {part: found.reason(part) for part in CredentialPart} == {
        CredentialPart.FORM: FindingReason.READ,
        CredentialPart.TERMS: FindingReason.KNOWN_TERMS,
        CredentialPart.PROOF: FindingReason.SIGNED,
        CredentialPart.ISSUER: FindingReason.OURS,
        CredentialPart.KEY: FindingReason.IN_KEY_TIME,
        CredentialPart.DATES: FindingReason.IN_TIME,
        CredentialPart.STATUS: FindingReason.NOT_LISTED,
    }
    assert (found.worth, found.carrier) == (CredentialWorth.VALID, carrier)
    assert found.document == genuine.document
    assert (found.key_id, found.made_at, found.as_of) == ("2023-A", AT, AT)


def test_pictures_may_also_carry_the_token(genuine: Specimen):
    svg = pictures.draw_svg(BADGE).replace(
        "<title>",
        f'<o:credential xmlns:o="{baking.NAMESPACE}" verify="{genuine.token}"/><title>',
    )
    png = baking.bake_png(pictures.draw_png(BADGE), genuine.token)

    assert [genuine.look(one).worth for one in (svg, png)] == [
        CredentialWorth.VALID,
        CredentialWorth.VALID,
    ]


def test_the_proof_may_be_an_object_or_a_list_of_one(genuine: Specimen):
    proof = genuine.signed["proof"]
    as_object = {**genuine.signed, "proof": proof[0]}
    twice = {**genuine.signed, "proof": proof * 2}
    none = {**genuine.signed, "proof": []}

    worths = [genuine.look(canonical(one)).worth for one in (as_object, twice, none)]

    assert worths == [CredentialWorth.VALID, CredentialWorth.ALTERED, CredentialWorth.NOT_OURS]


# --- dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "worth"),
    [
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC), CredentialWorth.UNKNOWN),
        (datetime(2026, 11, 25, 9, tzinfo=UTC), CredentialWorth.VALID),
        (datetime(2028, 11, 25, 23, 59, 59, tzinfo=UTC), CredentialWorth.VALID),
        (datetime(2028, 11, 26, 0, 0, 0, tzinfo=UTC), CredentialWorth.EXPIRED),
    ],
)
@pytest.mark.parametrize("form", ["text", "token"])
def test_the_last_day_still_counts(
    genuine: Specimen, form: str, at: datetime, worth: CredentialWorth
):
    found = genuine.look(getattr(genuine, form), at=at, lists=genuine.lists(at=at))

    assert found.worth is worth


# --- status ------------------------------------------------------------------------------------


def test_suspended_withdrawn_and_replaced_are_told_apart(genuine: Specimen):
    found = {one: genuine.look(genuine.text, lists=genuine.lists(one)) for one in StatusMessage}

    assert {
        one: (found.worth, found.reason(CredentialPart.STATUS)) for one, found in found.items()
    } == {
        StatusMessage.VALID: (CredentialWorth.VALID, FindingReason.NOT_LISTED),
        StatusMessage.SUSPENDED: (CredentialWorth.SUSPENDED, FindingReason.SUSPENDED),
        StatusMessage.WITHDRAWN: (CredentialWorth.WITHDRAWN, FindingReason.WITHDRAWN),
        StatusMessage.REPLACED: (CredentialWorth.REPLACED, FindingReason.REPLACED),
    }


def test_a_credential_of_the_first_edition_is_read_as_before(genuine: Specimen):
    text = canonical(genuine.sign(of_first_edition(genuine.document)))
    states = ({}, {"revoked": True}, {"suspended": True}, {"revoked": True, "suspended": True})

    worths = [genuine.look(text, lists=genuine.old_lists(**one)).worth for one in states]

    assert worths == [
        CredentialWorth.VALID,
        CredentialWorth.WITHDRAWN,
        CredentialWorth.SUSPENDED,
        CredentialWorth.WITHDRAWN,
    ]


def test_without_a_list_nothing_is_valid(genuine: Specimen):
    old, half = canonical(genuine.sign(of_first_edition(genuine.document))), genuine.old_lists()
    half.popitem()

    found = [genuine.look(genuine.text, lists=one) for one in (None, {})]
    found.append(genuine.look(old, lists=half))

    assert {(one.worth, one.reason(CredentialPart.STATUS)) for one in found} == {
        (CredentialWorth.UNKNOWN, FindingReason.UNREACHABLE)
    }
    assert all(one.genuine for one in found)


def test_an_old_list_leaves_it_open_but_what_is_final_stays(genuine: Specimen):
    late = AT + LASTS + timedelta(seconds=1)

    found = [genuine.look(genuine.text, at=late, lists=genuine.lists(one)) for one in StatusMessage]

    assert [(one.worth, one.reason(CredentialPart.STATUS)) for one in found] == [
        (CredentialWorth.UNKNOWN, FindingReason.STALE),
        (CredentialWorth.UNKNOWN, FindingReason.STALE),
        (CredentialWorth.WITHDRAWN, FindingReason.WITHDRAWN),
        (CredentialWorth.REPLACED, FindingReason.REPLACED),
    ]


def wrong_lists(genuine: Specimen) -> dict[str, dict[str, str]]:
    """Lists that are not the ones that were signed for this credential."""
    good = genuine.list_of(StatusMessage.VALID)
    cleared, unsigned = (
        json.loads(genuine.list_of(StatusMessage.WITHDRAWN, INDEX)),
        json.loads(good),
    )
    cleared["credentialSubject"]["encodedList"] = unsigned["credentialSubject"]["encodedList"]
    longer = json.loads(good)
    longer["validUntil"] = "2036-01-01T00:00:00Z"
    del unsigned["proof"]
    lists = {
        "another state under an old signature": json.dumps(cleared),
        "a longer life": json.dumps(longer),
        "no signature": json.dumps(unsigned),
        "a list of the first edition": genuine.old_list_of(ListPurpose.REVOCATION),
        "another purpose": genuine.signed_bits("message-1", ListPurpose.REVOCATION, bits_of([])),
        "too short a list": genuine.signed_bits("message-1", ListPurpose.MESSAGE, bits_of([])),
        "another number": genuine.list_of(StatusMessage.VALID, name="message-2"),
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
        name: (one.worth, one.reason(CredentialPart.STATUS)) for name, one in found.items()
    } == dict.fromkeys(found, (CredentialWorth.UNKNOWN, FindingReason.TAMPERED))


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

    assert {name: (one.reason(CredentialPart.KEY), one.worth) for name, one in found.items()} == {
        "stolen before": (FindingReason.AFTER_THEFT, CredentialWorth.NOT_OURS),
        "stolen later, nobody knows when it was made": (
            FindingReason.PERHAPS_AFTER_THEFT,
            CredentialWorth.UNKNOWN,
        ),
        "stolen later, the register knows": (FindingReason.IN_KEY_TIME, CredentialWorth.VALID),
        "dated back by the thief": (FindingReason.AFTER_THEFT, CredentialWorth.NOT_OURS),
        "retired": (FindingReason.IN_KEY_TIME, CredentialWorth.VALID),
    }


def test_a_stolen_key_vouches_for_no_list(genuine: Specimen):
    stolen = replace(genuine.list_key, compromised_at=LATER)

    found = genuine.look(genuine.text, ring=Keyring((genuine.key, stolen)))

    assert (found.reason(CredentialPart.STATUS), found.worth) == (
        FindingReason.TAMPERED,
        CredentialWorth.UNKNOWN,
    )


def test_a_key_signs_only_in_its_time(genuine: Specimen):
    too_early = genuine.sign(genuine.document, at=genuine.key.from_at - timedelta(seconds=1))
    too_late = genuine.sign(genuine.document, at=genuine.key.until_at)

    found = [genuine.look(canonical(one)) for one in (too_early, too_late)]

    assert [(one.reason(CredentialPart.KEY), one.worth) for one in found] == [
        (FindingReason.OUTSIDE_KEY_TIME, CredentialWorth.NOT_OURS)
    ] * 2


def test_an_unknown_key_leaves_it_open_unless_the_issuer_is_another(genuine: Specimen):
    empty = Keyring()
    ours = genuine.look(genuine.text, ring=empty, issuer=DID)
    theirs = genuine.look(genuine.text, ring=empty, issuer="did:web:other.example")
    nobody_knows = genuine.look(genuine.text, ring=empty)

    assert [one.worth for one in (ours, theirs, nobody_knows)] == [
        CredentialWorth.UNKNOWN,
        CredentialWorth.NOT_OURS,
        CredentialWorth.UNKNOWN,
    ]
    assert ours.reason(CredentialPart.PROOF) is FindingReason.UNKNOWN_KEY


# --- all ---------------------------------------------------------------------------------------


def test_only_seven_times_yes_is_valid(genuine: Specimen):
    found = genuine.look(genuine.text)
    for part in CredentialPart:
        for outcome in (PartOutcome.NO, PartOutcome.UNKNOWN):
            judged = replace(found.parts[part], outcome=outcome)
            assert (
                replace(found, parts={**found.parts, part: judged}).worth
                is not CredentialWorth.VALID
            )
        without = {name: one for name, one in found.parts.items() if name is not part}
        assert replace(found, parts=without).worth is not CredentialWorth.VALID


def test_the_place_in_the_list_is_the_one_that_was_signed(genuine: Specimen):
    neighbours = genuine.list_of(StatusMessage.REPLACED, INDEX - 1, INDEX + 1)

    found = genuine.look(genuine.text, lists={LIST: neighbours}, at=LATER)

    assert found.worth is CredentialWorth.VALID


def test_the_contexts_are_taken_apart_once_and_not_for_each_part_of_a_document(
    genuine: Specimen, monkeypatch: pytest.MonkeyPatch
):
    document = json.loads(genuine.text)
    del document["proof"]
    before = one_form.written(document)
    taken: Counter[tuple[int, str]] = Counter()
    real = jsonld.JsonLdProcessor._create_term_definition

    def define(self, active, local, term, *given, **named):
        taken[id(local), term] += 1
        return real(self, active, local, term, *given, **named)

    monkeypatch.setattr(jsonld.JsonLdProcessor, "_create_term_definition", define)
    monkeypatch.setattr(one_form, "load_context", lambda *_given: pytest.fail("it was loaded anew"))

    assert one_form.written(document) == before
    assert (taken.total() < 200, max(taken.values()) <= 2) == (True, True)  # were 414, and 6
