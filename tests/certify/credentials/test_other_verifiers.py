"""What programs of other people say about our credentials. They are test tools only."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cissapp.certify.credentials.open_badges import pictures
from cissapp.certify.credentials.open_badges.baking import bake_png, bake_svg
from cissapp.certify.credentials.open_badges.document import write_credential
from cissapp.certify.credentials.open_badges.linked_data import BADGES, V2, load_context
from cissapp.certify.credentials.open_badges.pictures import BadgePicture
from cissapp.certify.credentials.rules.did import did_document
from cissapp.certify.credentials.rules.status_bits import StatusMessage
from cissapp.foundation.core.db import canonical
from tests.certify.credentials.forgeries import changed
from tests.certify.credentials.specimen import DID, LATER, Specimen, of_first_edition, source

JAVASCRIPT = Path(__file__).parent / "javascript"
SCHEMA = Path(__file__).parent / "schemas" / "open-badges-3.0.json"
BADGE = BadgePicture(2, 2026, 2028, demo=False)


# --- the schema of Open Badges 3.0 ---------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_credential_fits_the_schema_of_open_badges(genuine: Specimen, language: str):
    from jsonschema import Draft201909Validator  # slow to load, and every process reads this file

    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)
    signed = genuine.sign(write_credential(source(language)))

    assert [one.message for one in validator.iter_errors(signed)] == []
    # It can tell: with two entries of status, as they were once written, it does not fit.
    assert [one.json_path for one in validator.iter_errors(of_first_edition(signed))] == [
        "$.credentialStatus"
    ]


# --- Python: openbadgeslib ---------------------------------------------------------------------


@pytest.fixture
def pem(genuine: Specimen) -> str:
    public = genuine.key.ed25519
    assert public
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_openbadgeslib_reads_the_credential_and_refuses_its_twin(genuine: Specimen, pem: str):
    from openbadgeslib.ob3 import OB3VerificationError
    from openbadgeslib.ob3.ldp import OB3LdpVerifier

    verifier = OB3LdpVerifier(pem)
    twin = changed(genuine.signed, ("credentialSubject", "name"), "Other")

    assert verifier.verify(genuine.text).issuer.id == DID
    for forged in (twin, {**genuine.signed, "guaranteedSafe": "yes"}):
        with pytest.raises(OB3VerificationError):
            verifier.verify(canonical(forged))


def test_openbadgeslib_reads_the_token_and_refuses_its_twin(genuine: Specimen, pem: str):
    from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

    verifier = OB3Verifier(pem)
    head, payload, _signature = genuine.token.split(".")
    other = genuine.as_token(changed(genuine.document, ("name",), "Other")).split(".")[2]

    assert verifier.verify(genuine.token).issuer.id == DID
    with pytest.raises(OB3VerificationError):
        verifier.verify(f"{head}.{payload}.{other}")


def test_openbadgeslib_finds_the_credential_in_the_pictures(genuine: Specimen):
    from openbadgeslib import baking

    svg = bake_svg(pictures.draw_svg(BADGE), genuine.text).encode()
    png = bake_png(pictures.draw_png(BADGE), genuine.text)

    taken_out = (
        baking.extract_svg(svg, element=baking.SVG_ELEMENT_OB3, text_fallback=True),
        baking.extract_png(png, keyword=baking.ITXT_KEYWORD_OB3),
    )

    assert taken_out == (genuine.text, genuine.text)


# --- JavaScript: Digital Bazaar ----------------------------------------------------------------


def _cannot_run() -> str | None:
    if shutil.which("node") is None:
        return "node is not on this machine"
    if not (JAVASCRIPT / "node_modules").is_dir():
        return "run `npm ci` in tests/certify/credentials/javascript"
    return None


def _asked(
    genuine: Specimen, cases: list[dict[str, object]], *, script: str = "check.mjs"
) -> list[dict[str, object]]:
    keys = did_document(DID, genuine.ring.keys)
    methods = {
        one["id"]: {"@context": keys["@context"][1], **one} for one in keys["verificationMethod"]
    }
    contexts = {address: load_context(address)["document"] for address in (V2, BADGES)}
    schema = json.loads(SCHEMA.read_text("utf-8"))
    job = {
        "now": LATER.isoformat(),
        "documents": {DID: keys, **methods, **contexts, schema["$id"]: schema},
        "cases": cases,
    }
    done = subprocess.run(
        [shutil.which("node") or "node", script],
        cwd=JAVASCRIPT,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def states(genuine: Specimen) -> dict[StatusMessage, dict[str, object]]:
    """The signed list for each message about the genuine credential, by its address."""
    return {
        one: {address: json.loads(text) for address, text in genuine.lists(one).items()}
        for one in StatusMessage
    }


@pytest.mark.skipif(_cannot_run() is not None, reason=_cannot_run() or "")
def test_verifier_core_finds_everything_in_order_and_sees_what_is_not_valid(genuine: Specimen):
    lists = states(genuine)
    tampered = changed(genuine.signed, ("credentialSubject", "name"), "Other")
    cases = [{"credential": genuine.signed, "lists": one} for one in lists.values()]
    cases.append({"credential": tampered, "lists": lists[StatusMessage.VALID]})

    answers = _asked(genuine, cases, script="core.mjs")

    steps = {"valid_signature": True, "expiration": True, "registered_issuer": False}
    assert answers == [
        {"steps": {**steps, "message_status": True}, "schema": [True], "errors": []},
        *[{"steps": {**steps, "message_status": False}, "schema": [True], "errors": []}] * 3,
        {"steps": {}, "schema": [], "errors": ["invalid_signature"]},
    ]


@pytest.mark.skipif(_cannot_run() is not None, reason=_cannot_run() or "")
def test_digital_bazaar_s_libraries_tell_genuine_revoked_and_tampered_apart(genuine: Specimen):
    lists = states(genuine)
    good = lists[StatusMessage.VALID]
    tampered = changed(genuine.signed, ("credentialSubject", "name"), "Other")
    added = {**genuine.signed, "guaranteedSafe": "yes"}
    named = {
        **{message.name: (genuine.signed, one) for message, one in lists.items()},
        "tampered": (tampered, good),
        "a word added": (added, good),
    }

    answers = _asked(genuine, [{"credential": one, "lists": two} for one, two in named.values()])

    assert dict(zip(named, answers, strict=True)) == {
        "VALID": {"verified": True, "statuses": {"message": False}},
        # This library reads one bit, and so cannot say which of the three it is.
        **{
            one: {"verified": True, "statuses": {"message": True}}
            for one in ("SUSPENDED", "WITHDRAWN", "REPLACED")
        },
        "tampered": {"verified": False, "statuses": None},
        "a word added": {"verified": False, "statuses": None},
    }
