"""No forgery is accepted, nothing makes the check fall over or take long."""

import json
from collections import Counter

import pytest

from cissapp.certify.credentials.open_badges import baking, pictures, proofs
from cissapp.certify.credentials.open_badges.pictures import BadgePicture
from cissapp.certify.credentials.rules.findings import (
    CredentialPart,
    CredentialWorth,
    FindingReason,
)
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring
from tests.certify.credentials import forgeries
from tests.certify.credentials.specimen import DID, Specimen

REFUSED = {CredentialWorth.ALTERED, CredentialWorth.NOT_OURS, CredentialWorth.UNKNOWN}


def test_no_forgery_is_accepted(genuine: Specimen):
    made = forgeries.all_of(genuine)
    worths = {name: genuine.look(text, issuer=DID).worth for name, text in made.items()}

    accepted = [name for name, worth in worths.items() if worth not in REFUSED]

    assert accepted == []
    assert len(made) > 600
    assert Counter(worths.values())[CredentialWorth.ALTERED] > 400
    assert genuine.look(genuine.text, issuer=DID).worth is CredentialWorth.VALID


def test_the_forgeries_are_not_genuine_ones(genuine: Specimen):
    made = forgeries.all_of(genuine)
    genuine_ones = {genuine.text, genuine.token, canonical(genuine.signed)}

    assert not genuine_ones & set(made.values())


def test_what_was_added_is_named(genuine: Specimen):
    added = canonical({**genuine.signed, "guaranteedSafe": "yes"})

    found = genuine.look(added)

    assert (found.reason(CredentialPart.TERMS), found.worth) == (
        FindingReason.UNKNOWN_TERMS,
        CredentialWorth.ALTERED,
    )


def test_the_badge_of_another_installation_is_not_ours(genuine: Specimen, tmp_path):
    from cissapp.foundation.signing import keys
    from tests.certify.credentials.specimen import KEYS_SINCE, LISTS_SINCE

    for since in (KEYS_SINCE, LISTS_SINCE):
        keys.create_keys(tmp_path / "keys", organisation="Somebody", at=since)
    theirs = Specimen(keys.load(tmp_path / "keys"))

    found = [genuine.look(one) for one in (theirs.text, theirs.token)]

    assert [one.worth for one in found] == [CredentialWorth.ALTERED, CredentialWorth.ALTERED]


# --- hostile texts -----------------------------------------------------------------------------


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def nameless(genuine: Specimen, width: int, depth: int) -> str:
    """A document with parts that only trying every order tells apart."""

    def part(left: int) -> dict[str, object]:
        below = {"parentOrg": [part(left - 1) for _ in range(width)]} if left else {}
        return {"type": ["Profile"], **below} if below else {"type": ["Profile"], "name": "x"}

    subject = {**genuine.document["credentialSubject"], "parentOrg": part(depth)}
    return canonical({**genuine.signed, "credentialSubject": subject})


HOSTILE = {
    "deep": nested(200),
    "very deep": nested(100_000),
    "deep lists": "[" * 90_000 + "]" * 90_000,
    "large": json.dumps({"a": "x" * 1_900_000}),
    "too large": "x" * 20_000_000,
    "many": json.dumps({str(number): number for number in range(20_000)}),
    "long number": '{"a":' + "9" * 100_000 + "}",
    "no text": b"\xff\xfe\x00\x01",
    "marks": b"\xef\xbb\xbf",
    "dots": "." * 100_000,
    "three dots": "a.b.c",
    "xml bomb": (
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
        '<svg xmlns="http://www.w3.org/2000/svg">&c;</svg>'
    ),
    "outside entity": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><svg>&b;</svg>',
    "no encoding": b"<?xml version='1.0' encoding='x'?><svg/>",
    "deep xml": "<a>" * 100_000 + "</a>" * 100_000,
    "page": "<!doctype html><html><body>no</body></html>",
    "picture without": pictures.draw_svg(BadgePicture(1, 2026, 2028, demo=False)),
    "png cut off": b"\x89PNG\r\n\x1a\n" + b"\x00\x00\xff\xff" + b"iTXt",
    "png of zeros": b"\x89PNG\r\n\x1a\n" + bytes(1_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_gets_an_answer(genuine: Specimen, name: str):
    found = genuine.look(HOSTILE[name])

    assert (found.worth, found.reason(CredentialPart.FORM)) == (
        CredentialWorth.NOT_OURS,
        FindingReason.NO_CREDENTIAL,
    )


@pytest.mark.parametrize(("width", "depth"), [(12, 1), (9, 2), (4, 4), (2, 6)])
def test_nameless_parts_do_not_keep_us_busy(genuine: Specimen, width: int, depth: int):
    assert genuine.look(nameless(genuine, width, depth)).worth in REFUSED


def test_a_stranger_s_document_is_not_worked_out(genuine: Specimen, monkeypatch):
    monkeypatch.setattr(proofs, "canonical_form", lambda _one: 1 / 0)

    found = genuine.look(genuine.text, ring=Keyring())

    assert found.reason(CredentialPart.PROOF) is FindingReason.UNKNOWN_KEY


def test_a_picture_carries_one_credential(genuine: Specimen):
    badge = BadgePicture(2, 2026, 2028, demo=False)
    svg, png = pictures.draw_svg(badge), pictures.draw_png(badge)
    twice_svg = baking.bake_svg(svg, genuine.text).replace(
        "<title>", f'<o:credential xmlns:o="{baking.NAMESPACE}" verify="x"/><title>'
    )
    twice_png = baking.bake_png(baking.bake_png(png, genuine.text), genuine.text)
    packed = baking.bake_png(png, genuine.text).replace(
        baking.KEYWORD + b"\0\0", baking.KEYWORD + b"\0\1"
    )

    worths = [genuine.look(one).worth for one in (twice_svg, twice_png, packed)]

    assert worths == [CredentialWorth.NOT_OURS] * 3


def test_marks_that_end_a_block_in_svg_do_no_harm(genuine: Specimen):
    document = forgeries.changed(genuine.document, ("credentialSubject", "name"), "a]]>b & <c>")
    text = canonical(genuine.sign(document))

    found = genuine.look(
        baking.bake_svg(pictures.draw_svg(BadgePicture(1, 2026, 2027, demo=True)), text)
    )

    assert (found.worth, found.document) == (CredentialWorth.VALID, document)
