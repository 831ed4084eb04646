"""Writes of credentials: makes each with its certificate, or later."""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.certify.certificates.document.facts import CertificateFacts, read_facts
from cissapp.certify.certificates.document.pdf.words import certificate_words
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.services.issuing import SignedFile
from cissapp.certify.credentials import queries
from cissapp.certify.credentials.models import Credential, StatusList
from cissapp.certify.credentials.open_badges.checking import examine
from cissapp.certify.credentials.open_badges.document import (
    CredentialSource,
    ListPlace,
    write_credential,
)
from cissapp.certify.credentials.open_badges.learned_form import own_form
from cissapp.certify.credentials.open_badges.linked_data import canonical_form
from cissapp.certify.credentials.open_badges.proofs import Form, add_proof
from cissapp.certify.credentials.open_badges.tokens import sign_token
from cissapp.certify.credentials.rules.status_bits import ENTRIES, PLACES, ListPurpose
from cissapp.certify.credentials.services.issuer import CredentialIssuer, credential_issuer
from cissapp.certify.credentials.services.status_lists import open_list, sign_changed_lists
from cissapp.foundation.core import db
from cissapp.foundation.core.db import canonical, release_transaction, session
from cissapp.foundation.signing.keys import NoKeys, PublicKey
from cissapp.foundation.signing.settings import SelfCheckFailed

log = logging.getLogger("ciss")

AT_ONCE = 50


class SignedForms(Struct, frozen=True):
    """Both forms of a credential, signed, and what they were made of."""

    text: str
    jwt: str
    file_sha256: str
    place: ListPlace
    key_id: str
    made_at: datetime


_signed_ahead: ContextVar[Mapping[UUID, SignedForms]] = ContextVar("signed_ahead")


def make_credentials(
    certificates: Sequence[Certificate],
    *,
    issuer: CredentialIssuer,
    at: datetime,
    form: Form = own_form,
) -> list[Credential]:
    """Make both forms of the credentials of issued certificates, skipping those that have one.

    Keys from before there were credentials cannot sign them. The certificate does not wait for that:
    `make_missing` adds its credential later, as it does where the credential is of an earlier edition.
    """
    db.lock("register")
    have = queries.have_credential([one.id for one in certificates])
    keys = {one: _signing_key(one, issuer, at) for one in certificates if one.id not in have}
    signable = {one: key for one, key in keys.items() if key}
    if not signable:
        return []
    status_list = open_list(issuer=issuer, at=at)
    ahead = _usable_ahead(signable, status_list)
    rows = []
    for certificate, key in signable.items():
        forms = ahead.get(certificate.id) or _sign_now(
            certificate, status_list, issuer=issuer, key=key, at=at, form=form
        )
        rows.append(_row(certificate, forms, status_list))
        session.add(rows[-1])
    session.flush()
    return rows


def _signing_key(
    certificate: Certificate, issuer: CredentialIssuer, at: datetime
) -> PublicKey | None:
    key = issuer.ring.signer_for(certificate.school.country_code, at)
    if not key.multibase:
        log.warning("no key can sign the credential of certificate %s yet", certificate.number)
        return None
    return key


def _row(certificate: Certificate, forms: SignedForms, status_list: StatusList) -> Credential:
    return Credential(
        certificate_id=certificate.id,
        certificate=certificate,
        text=forms.text,
        jwt=forms.jwt,
        key_id=forms.key_id,
        status_list_id=status_list.id,
        status_index=forms.place.index,
        made_at=forms.made_at,
    )


def draw_free_place(taken: Callable[[int], bool]) -> int:
    """Choose a free place at random, so that its number reveals nothing about the credential."""
    while True:
        index = _draw_place()
        if not taken(index):
            return index


def _draw_place() -> int:
    return PLACES[ListPurpose.MESSAGE].start + secrets.randbelow(ENTRIES)


# --- signed before the rows are written ----------------------------------------------------------


def sign_ahead(made: Mapping[UUID, SignedFile], *, at: datetime) -> None:
    """Sign the credentials of files about to be published, while no write transaction is open.

    Their basis may still change: `make_credentials` checks it, and signs again what no longer fits.
    """
    issuer = credential_issuer()
    newest = queries.newest_list(ListPurpose.MESSAGE)
    signed = {}
    if newest and newest.base_url == issuer.base_url:
        for certificate_id, file in made.items():
            place = ListPlace(newest.name, _draw_place())
            with suppress(NoKeys):
                key = issuer.ring.signer_for(file.facts.country_code, at)
                source = _source(certificate_id, file.facts, file.sha256, place, issuer)
                signed[certificate_id] = _sign_both_forms(source, issuer=issuer, key=key, at=at)
    _signed_ahead.set(signed)
    release_transaction()


def _usable_ahead(
    signable: Mapping[Certificate, PublicKey], status_list: StatusList
) -> dict[UUID, SignedForms]:
    """Return what was signed ahead and still fits: same file, key and list, and a free place."""
    ahead = _signed_ahead.get({})
    fit = {
        one.id: ahead[one.id]
        for one, key in signable.items()
        if one.id in ahead
        and ahead[one.id].file_sha256 == one.file_sha256
        and ahead[one.id].key_id == key.id
        and ahead[one.id].place.list_name == status_list.name
    }
    places = Counter(forms.place.index for forms in fit.values())
    taken = queries.taken_places(status_list, places) if places else set()
    taken |= {index for index, number in places.items() if number > 1}
    return {one: forms for one, forms in fit.items() if forms.place.index not in taken}


# --- signing -------------------------------------------------------------------------------------


def _sign_now(
    certificate: Certificate,
    status_list: StatusList,
    *,
    issuer: CredentialIssuer,
    key: PublicKey,
    at: datetime,
    form: Form,
) -> SignedForms:
    if certificate.file_sha256 is None:
        raise SelfCheckFailed(f"{certificate.number}: there is no file yet")
    index = draw_free_place(lambda index: bool(queries.taken_places(status_list, [index])))
    place = ListPlace(status_list.name, index)
    facts = read_facts(certificate.facts)
    source = _source(certificate.id, facts, certificate.file_sha256, place, issuer)
    return _sign_both_forms(source, issuer=issuer, key=key, at=at, form=form)


def _source(
    certificate_id: UUID,
    facts: CertificateFacts,
    file_sha256: str,
    place: ListPlace,
    issuer: CredentialIssuer,
) -> CredentialSource:
    country = issuer.countries[facts.country_code]
    *own, english = certificate_words((facts.language,), issuer.standard, country, issuer.base_url)
    return CredentialSource(
        certificate_id, facts, file_sha256, english, issuer.base_url, place, own[0] if own else None
    )


def _sign_both_forms(
    source: CredentialSource,
    *,
    issuer: CredentialIssuer,
    key: PublicKey,
    at: datetime,
    form: Form = own_form,
) -> SignedForms:
    """Write and sign both forms, then examine them as any verifier would."""
    document = write_credential(source)
    did, ring = issuer.did, issuer.ring
    text = canonical(add_proof(document, did=did, ring=ring, key=key, at=at))
    token = sign_token(document, did=did, ring=ring, key=key, at=at)
    for signed in (text, token):
        found = examine(signed.encode(), ring, lists=None, at=at, issuer=did, form=form)
        if not found.genuine or found.document != document or found.key_id != key.id:
            raise SelfCheckFailed(f"{source.facts.number}: its credential is {found.worth}")
    return SignedForms(text, token, source.file_sha256, source.place, key.id, at)


# --- those that are missing ----------------------------------------------------------------------


def make_missing(*, issuer: CredentialIssuer, at: datetime, limit: int = AT_ONCE) -> int:
    """Make the credentials of certificates that have none of this edition yet; return their number."""
    sound = [
        one
        for one in queries.certificates_without_credential(limit)
        if not register_checks.certificate_fault(one)
    ]
    # `examine_issued` may be past these certificates already, so the library checks their credentials here.
    made = make_credentials(sound, issuer=issuer, at=at, form=canonical_form)
    if made:
        # Once for all of them: a list is read from all changes of the register.
        sign_changed_lists(issuer=issuer, at=at)
    return len(made)
