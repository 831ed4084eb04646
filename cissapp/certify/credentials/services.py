"""Writes of credentials: make one with its certificate, sign the lists of their status."""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from cissapp.certify.certificates import register
from cissapp.certify.certificates.facts import read
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.pdf.words import words_in
from cissapp.certify.credentials import queries
from cissapp.certify.credentials.checking import examine
from cissapp.certify.credentials.document import Place, Source, credential
from cissapp.certify.credentials.lists import LASTS, signed_list
from cissapp.certify.credentials.models import EDITION, Credential, StatusList, StatusSnapshot
from cissapp.certify.credentials.proofs import add_proof
from cissapp.certify.credentials.rules.bits import ENTRIES, FULL, PLACES, Purpose
from cissapp.certify.credentials.rules.places import did_of
from cissapp.certify.credentials.tokens import signed_token
from cissapp.foundation.content.values import CountryPack, Standard
from cissapp.foundation.core import db
from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.signing.keys import Keyring, NoKeys, PublicKey
from cissapp.foundation.signing.settings import SelfCheckFailed

log = logging.getLogger("ciss")

AT_ONCE = 200
# A list that nobody changed is signed anew each day, so that some days may be missed.
RENEWED = timedelta(hours=20)


@dataclass(frozen=True)
class Making:
    """What an installation makes credentials with."""

    base_url: str
    ring: Keyring
    standard: Standard
    countries: Mapping[str, CountryPack]

    @property
    def did(self) -> str:
        """The name of the issuer."""
        return did_of(self.base_url)


# --- credentials -------------------------------------------------------------------------------


def make(certificate: Certificate, *, making: Making, at: datetime) -> Credential | None:
    """Make the credential of an issued certificate, in both forms; None, if no key can sign it.

    Keys from before there were credentials lack the part that signs them. The certificate does not wait
    for that: `make_missing` comes back to it, as to one whose credential is of an earlier edition.
    """
    db.lock("register")
    newest = queries.of_certificate(certificate.id)
    if newest and newest.edition == EDITION:
        return None
    key = _key(making, certificate.school.country_code, at)
    if key is None:
        log.warning("no key can sign the credential of certificate %s yet", certificate.number)
        return None
    status_list = _open_list(making=making, at=at)
    place = Place(status_list.name, free_place(partial(queries.is_taken, status_list)))
    made = _signed(certificate, place, making=making, key=key, at=at)
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


def _key(making: Making, country_code: str, at: datetime) -> PublicKey | None:
    key = making.ring.signer_for(country_code, at)
    return key if key.multibase else None


def free_place(taken: Callable[[int], bool]) -> int:
    """Draw a place that is not taken: where a credential stands in a list tells nothing about it."""
    while True:
        index = PLACES[Purpose.MESSAGE].start + secrets.randbelow(ENTRIES)
        if not taken(index):
            return index


def _open_list(*, making: Making, at: datetime) -> StatusList:
    """Return the list with room in it, under this address; open the next one where there is none."""
    newest = queries.newest_list(Purpose.MESSAGE)
    if newest and newest.base_url == making.base_url and queries.taken(newest) < FULL:
        return newest
    number = newest.number + 1 if newest else 1
    opened = StatusList(
        purpose=Purpose.MESSAGE, number=number, base_url=making.base_url, made_at=at
    )
    session.add(opened)
    session.flush()
    sign(opened, making=making, at=at)
    return opened


def _signed(
    certificate: Certificate,
    place: Place,
    *,
    making: Making,
    key: PublicKey,
    at: datetime,
) -> tuple[str, str]:
    """Write and sign both forms, then look at them as a stranger would."""
    if certificate.file_sha256 is None:
        raise SelfCheckFailed(f"{certificate.number}: there is no file yet")
    facts = read(certificate.facts)
    country = making.countries[facts.country_code]
    words = words_in(("en",), making.standard, country, making.base_url)[0]
    source = Source(certificate.id, facts, certificate.file_sha256, words, making.base_url, place)
    document = credential(source)
    did, ring = making.did, making.ring
    text = canonical(add_proof(document, did=did, ring=ring, key=key, at=at))
    token = signed_token(document, did=did, ring=ring, key=key, at=at)
    for form in (text, token):
        found = examine(form.encode(), ring, lists=None, at=at, issuer=did)
        if not found.genuine or found.document != document or found.key_id != key.id:
            raise SelfCheckFailed(f"{certificate.number}: its credential is {found.worth}")
    return text, token


def make_missing(*, making: Making, at: datetime, limit: int = AT_ONCE) -> int:
    """Make the credentials of certificates that have none of this edition yet; return their number."""
    made = 0
    for certificate in queries.without(limit):
        if register.certificate_fault(certificate):
            continue
        row = make(certificate, making=making, at=at)
        if row is None:
            break
        sign_changed(making=making, at=at, of=certificate)
        made += 1
    return made


# --- lists -------------------------------------------------------------------------------------


def list_key(ring: Keyring) -> PublicKey:
    """Give the key that signs lists; raise `NoKeys`."""
    key = ring.newest()
    if not key.multibase:
        raise NoKeys(f"The key {key.id} is too old for credentials.")
    return key


def written(status_list: StatusList, bits: bytes, *, making: Making, at: datetime) -> str:
    """Write and sign a list, under the address that it was opened with; raise `NoKeys`."""
    return signed_list(
        status_list.name,
        status_list.purpose,
        bits,
        base_url=status_list.base_url,
        ring=making.ring,
        key=list_key(making.ring),
        at=at,
    )


def sign(status_list: StatusList, *, making: Making, at: datetime) -> StatusSnapshot:
    """Keep a list as the register says that it is now, signed; raise `NoKeys`."""
    bits = queries.bits(status_list)
    row = StatusSnapshot(
        list_id=status_list.id,
        text=written(status_list, bits, making=making, at=at),
        bits_sha256=queries.hash_of_bits(bits),
        key_id=list_key(making.ring).id,
        signed_at=at,
        valid_until_at=at + LASTS,
    )
    session.add(row)
    session.flush()
    return row


def sign_changed(*, making: Making, at: datetime, of: Certificate | None = None) -> int:
    """Sign anew what has changed, or is a day old; only the lists of a certificate, if one is named.

    Without a key nothing is signed and nothing is held up: whoever asks for the list then learns that it
    cannot be had, which is "could not be checked" and never "valid".
    """
    signed = 0
    for one in queries.lists_of(of.id) if of else queries.lists():
        if _is_current(one, at):
            continue
        try:
            sign(one, making=making, at=at)
        except NoKeys as why:
            log.warning("the status list %s could not be signed: %s", one.name, why)
            break
        signed += 1
    return signed


def _is_current(status_list: StatusList, at: datetime) -> bool:
    newest = queries.newest_snapshot(status_list)
    if newest is None or newest.signed_at + RENEWED <= at:
        return False
    return newest.bits_sha256 == queries.hash_of_bits(queries.bits(status_list))


def follow(certificate: Certificate, *, making: Making, at: datetime) -> None:
    """Bring the lists up to what has just happened to a certificate."""
    sign_changed(making=making, at=at, of=certificate)


def given_out(status_list: StatusList, *, making: Making, at: datetime) -> str:
    """Give a list as it is to be given out now; raise `NoKeys`, if that cannot be had.

    What was kept is given out, as long as it is what the register says and not too old; else the list
    is signed for this one answer.
    """
    newest = queries.newest_snapshot(status_list)
    bits = queries.bits(status_list)
    if newest and newest.valid_until_at > at and newest.bits_sha256 == queries.hash_of_bits(bits):
        return newest.text
    return written(status_list, bits, making=making, at=at)
