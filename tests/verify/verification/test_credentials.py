"""The school's credential on the site: as it was signed, as the register has it, and what it is worth."""

import base64
import json

import pytest

from cissapp.certify.certificates import services
from cissapp.certify.certificates.rules import new_code
from cissapp.certify.credentials import queries as stored
from cissapp.certify.credentials.open_badges.document import write_credential as document_of
from cissapp.certify.credentials.open_badges.proofs import add_proof
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import canonical
from cissapp.verify.verification.checking import online
from cissapp.verify.verification.rules import CheckAnswer
from tests.certify.certificates.specimen import ring
from tests.certify.credentials.specimen import source
from tests.factories import NOW
from tests.verify.verification import papers

DID = "did:web:ciss.example"
REASON = "The designated person left and nobody follows."


def check(content: bytes | str, keyring):
    sent = content if isinstance(content, bytes) else content.encode()
    return online.check_file(sent, keyring, at=NOW, expiring_days=90, issuer=DID)


@pytest.fixture
def credential(context, make):
    found = stored.of_certificate(make.certified().id)
    assert found
    return found


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("form", ["text", "jwt"])
def test_a_credential_is_worth_what_the_register_says(credential, make, form: str):
    sent, ours = getattr(credential, form), make.keyring()

    before = check(sent, ours)
    services.withdraw(credential.certificate, reason=REASON, by=SYSTEM, at=NOW)
    after = check(sent, ours)

    assert (before.answer, after.answer) == (CheckAnswer.VALID, CheckAnswer.WITHDRAWN)
    assert before.facts
    assert before.facts.number == credential.certificate.number
    assert {check.outcome.value for check in before.checks} == {"yes"}


def changed(text: str, **changes: object) -> str:
    return canonical({**json.loads(text), **changes})


@pytest.mark.one_database("sqlite")
def test_no_forged_credential_is_accepted(credential, make):
    text, token, ours = credential.text, credential.jwt, make.keyring()
    raw = json.loads(text)
    subject = raw["credentialSubject"]
    head, claims, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    made = {
        "another name": changed(text, credentialSubject={**subject, "name": "Another School"}),
        "a later end": changed(text, validUntil="2036-11-25T23:59:59Z"),
        "no status": changed(text, credentialStatus=[]),
        "another proof": changed(text, proof=[{**raw["proof"][0], "proofValue": "z" + "1" * 80}]),
        "no proof": canonical({name: one for name, one in raw.items() if name != "proof"}),
        "two proofs": changed(text, proof=raw["proof"] * 2),
        "an unknown word": changed(text, honours="many"),
        "a name twice": text[:-1] + f',"id":{json.dumps(raw["id"])}}}',
        "nobody's signature": f"{none}.{claims}.",
        "another signature": f"{head}.{claims}.{signature[::-1]}",
        "half of it": text[: len(text) // 2],
    }

    found = {name: check(content, ours).answer for name, content in made.items()}

    assert {
        name: answer
        for name, answer in found.items()
        if answer not in {CheckAnswer.ALTERED, CheckAnswer.NOT_OURS}
    } == {}
    assert found["another name"] is CheckAnswer.ALTERED


@pytest.mark.one_database("sqlite")
def test_a_credential_of_another_service_is_not_ours(credential, make, tmp_path):
    theirs, did = ring(tmp_path), "did:web:other.example"
    document = document_of(source("uk", code=new_code()))
    document["issuer"]["id"] = did
    foreign = add_proof(document, did=did, ring=theirs, key=theirs.newest(), at=NOW)

    found = check(canonical(foreign), make.keyring())

    assert (found.answer, found.facts, [one.what for one in found.checks]) == (
        CheckAnswer.NOT_OURS,
        None,
        ["Issuer"],
    )


def test_a_credential_that_the_register_does_not_know_is_none(credential, make):
    """Whoever has the key can sign; what they sign is not in the register."""
    ours, raw = make.keyring(), json.loads(credential.text)
    raw.pop("proof")
    raw["credentialSubject"]["name"] = "Another School"
    forged = add_proof(raw, did=DID, ring=ours, key=ours.newest(), at=NOW)

    assert check(canonical(forged), ours).answer is CheckAnswer.ALTERED


@pytest.mark.one_database("sqlite")
def test_a_stolen_key_spoils_what_came_after(credential, make):
    ours = make.keyring()

    found = [
        check(credential.text, papers.stolen(ours, NOW.replace(hour=hour))).answer
        for hour in (1, 23)
    ]

    assert found == [CheckAnswer.NOT_OURS, CheckAnswer.VALID]
