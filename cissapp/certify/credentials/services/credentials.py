"""Writes of credentials: makes each with its certificate, or later."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial

from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.document.pdf.words import certificate_words
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.credentials import queries
from cissapp.certify.credentials.models import EDITION, Credential
from cissapp.certify.credentials.open_badges.checking import examine
from cissapp.certify.credentials.open_badges.document import (
    CredentialSource,
    ListPlace,
    write_credential,
)
from cissapp.certify.credentials.open_badges.proofs import add_proof
from cissapp.certify.credentials.open_badges.tokens import sign_token
from cissapp.certify.credentials.rules.status_bits import ENTRIES, PLACES, ListPurpose
from cissapp.certify.credentials.services.issuer import CredentialIssuer
from cissapp.certify.credentials.services.status_lists import open_list, sign_changed_lists
from cissapp.foundation.core import db
from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.signing.keys import PublicKey
from cissapp.foundation.signing.settings import SelfCheckFailed

log = logging.getLogger("ciss")

AT_ONCE = 50


def make_credential(
    certificate: Certificate, *, issuer: CredentialIssuer, at: datetime
) -> Credential | None:
    """Make the credential of an issued certificate, in both forms; None, if no key can sign it.

    Keys from before there were credentials lack the part that signs them. The certificate does not wait
    for that: `make_missing` comes back to it, as to one whose credential is of an earlier edition.
    """
    db.lock("register")
    newest = queries.of_certificate(certificate.id)
    if newest and newest.edition == EDITION:
        return None
    key = _signing_key(issuer, certificate.school.country_code, at)
    if key is None:
        log.warning("no key can sign the credential of certificate %s yet", certificate.number)
        return None
    status_list = open_list(issuer=issuer, at=at)
    place = ListPlace(
        status_list.name, draw_free_place(partial(queries.is_place_taken, status_list))
    )
    made = _sign_both_forms(certificate, place, issuer=issuer, key=key, at=at)
    row = Credential(
        certificate_id=certificate.id,
        certificate=certificate,
        text=made[0],
        jwt=made[1],
        key_id=key.id,
        status_list_id=status_list.id,
        status_index=place.index,
        made_at=at,
    )
    session.add(row)
    session.flush()
    return row


def _signing_key(issuer: CredentialIssuer, country_code: str, at: datetime) -> PublicKey | None:
    key = issuer.ring.signer_for(country_code, at)
    return key if key.multibase else None


def draw_free_place(taken: Callable[[int], bool]) -> int:
    """Draw a place that is not taken: where a credential stands in a list tells nothing about it."""
    while True:
        index = PLACES[ListPurpose.MESSAGE].start + secrets.randbelow(ENTRIES)
        if not taken(index):
            return index


def _sign_both_forms(
    certificate: Certificate,
    place: ListPlace,
    *,
    issuer: CredentialIssuer,
    key: PublicKey,
    at: datetime,
) -> tuple[str, str]:
    """Write and sign both forms, then look at them as a stranger would."""
    if certificate.file_sha256 is None:
        raise SelfCheckFailed(f"{certificate.number}: there is no file yet")
    facts = read_facts(certificate.facts)
    country = issuer.countries[facts.country_code]
    *own, english = certificate_words((facts.language,), issuer.standard, country, issuer.base_url)
    source = CredentialSource(
        certificate.id,
        facts,
        certificate.file_sha256,
        english,
        issuer.base_url,
        place,
        own[0] if own else None,
    )
    document = write_credential(source)
    did, ring = issuer.did, issuer.ring
    text = canonical(add_proof(document, did=did, ring=ring, key=key, at=at))
    token = sign_token(document, did=did, ring=ring, key=key, at=at)
    for form in (text, token):
        found = examine(form.encode(), ring, lists=None, at=at, issuer=did)
        if not found.genuine or found.document != document or found.key_id != key.id:
            raise SelfCheckFailed(f"{certificate.number}: its credential is {found.worth}")
    return text, token


def make_missing(*, issuer: CredentialIssuer, at: datetime, limit: int = AT_ONCE) -> int:
    """Make the credentials of certificates that have none of this edition yet; return their number."""
    made = 0
    for certificate in queries.certificates_without_credential(limit):
        if register_checks.certificate_fault(certificate):
            continue
        row = make_credential(certificate, issuer=issuer, at=at)
        if row is None:
            break
        sign_changed_lists(issuer=issuer, at=at, of=certificate)
        made += 1
    return made
