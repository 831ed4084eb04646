"""Checks the school's credential: JSON, token, or a badge that carries one."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import is_code, normalise_code
from cissapp.certify.credentials import queries as stored
from cissapp.certify.credentials.open_badges import checking as credentials
from cissapp.certify.credentials.open_badges.proofs import read_moment
from cissapp.certify.credentials.rules.findings import (
    CredentialFindings,
    CredentialPart,
    FindingReason,
)
from cissapp.certify.credentials.rules.findings import PartOutcome as Came
from cissapp.foundation.core.errors import N_
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import (
    FILE,
    KEY,
    SIGNATURE,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
)

ISSUER = N_("Issuer")

# For each part that fails: the answer, what was checked, and the sentence.
REFUSALS: dict[CredentialPart, tuple[CheckAnswer, str, str]] = {
    CredentialPart.ISSUER: (
        CheckAnswer.NOT_OURS,
        ISSUER,
        N_("an issuer other than this service: %(issuer)s"),
    ),
    CredentialPart.TERMS: (
        CheckAnswer.ALTERED,
        FILE,
        N_("contains words that none of our credentials contains."),
    ),
    CredentialPart.PROOF: (
        CheckAnswer.ALTERED,
        SIGNATURE,
        N_("does not match: it was changed, or nobody signed it."),
    ),
    CredentialPart.KEY: (
        CheckAnswer.NOT_OURS,
        KEY,
        N_("the key %(key)s was not valid when this was signed"),
    ),
}


def examine_credential(
    content: bytes, ring: Keyring, *, at: datetime, issuer: str | None = None
) -> CredentialFindings | None:
    """Examine what may be a credential; return None if it is not one."""
    found = credentials.examine(content, ring, lists=None, at=at, issuer=issuer)
    return None if found.outcome(CredentialPart.FORM) is Came.NO else found


def refusal(found: CredentialFindings) -> CheckResult | None:
    """Return the result for a credential that we did not sign; None if we did.

    Whether a compromised key counts is not checked here, since that needs the time of issue.
    """
    if found.reason(CredentialPart.PROOF) is FindingReason.UNKNOWN_KEY:
        sentence = N_("was made with a key that is not one of ours.")
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(SIGNATURE, CheckOutcome.NO, sentence),)
        )
    for part, (answer, what, sentence) in REFUSALS.items():
        if found.outcome(part) is Came.NO:
            values = {"key": found.key_id, **found.parts[part].values}
            return CheckResult(
                answer, None, (CertificateCheck(what, CheckOutcome.NO, sentence, values),)
            )
    return None


def code_of(document: Mapping[str, Any]) -> str | None:
    """Parse the code from the URL that a credential has as its id; None if there is none."""
    name = str(document.get("id", ""))[:500]
    code = normalise_code(name.rpartition("/credentials/")[2])
    return code if is_code(code) else None


def signed_checks(found: CredentialFindings, ring: Keyring) -> tuple[CertificateCheck, ...]:
    """List the checks of a credential that is as we signed it."""
    key = ring.by_id(found.key_id or "")
    values = {"name": key.organisation if key else "", "key": found.key_id}
    school = str(found.document["credentialSubject"]["name"])
    return (
        CertificateCheck(
            FILE,
            CheckOutcome.YES,
            N_("is a credential of %(school)s, unchanged since it was signed"),
            {"school": school},
        ),
        CertificateCheck(SIGNATURE, CheckOutcome.YES, N_("by %(name)s, key %(key)s"), values),
    )


def days_of(document: Mapping[str, Any]) -> tuple[date, date]:
    """Return the first and the last date of a credential that we signed."""
    return read_moment(document["validFrom"]).date(), read_moment(document["validUntil"]).date()


def certificate_of(found: CredentialFindings) -> Certificate | None:
    """Find the certificate of a credential, if the register knows exactly this credential.

    A signature by our key is not enough: someone with a stolen key could sign a different level.
    """
    code = code_of(found.document)
    certificate = certificates.by_code(code) if code else None
    kept = stored.all_of_certificate(certificate.id) if certificate else []
    return certificate if any(_same(one.text, found.document) for one in kept) else None


def _same(text: str, document: Mapping[str, Any]) -> bool:
    raw = json.loads(text)
    raw.pop("proof", None)
    return bool(raw == document)
