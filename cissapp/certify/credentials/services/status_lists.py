"""Writes of status lists: opens them, and signs them again when something in them changes."""

import logging
from datetime import datetime, timedelta

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.credentials import queries
from cissapp.certify.credentials.models import StatusList, StatusSnapshot
from cissapp.certify.credentials.open_badges.status_lists import LASTS, sign_list
from cissapp.certify.credentials.rules.status_bits import FULL, ListPurpose
from cissapp.certify.credentials.services.issuer import CredentialIssuer
from cissapp.foundation.core.db import session
from cissapp.foundation.signing.keys import Keyring, NoKeys, PublicKey

log = logging.getLogger("ciss")

# An unchanged list is signed again each day, so that some days may be missed.
RENEWED = timedelta(hours=20)


def list_key(ring: Keyring) -> PublicKey:
    """Return the key that signs lists; raise `NoKeys`."""
    key = ring.newest()
    if not key.multibase:
        raise NoKeys(f"Key {key.id} is too old for credentials.")
    return key


def write_list(
    status_list: StatusList, bits: bytes, *, issuer: CredentialIssuer, at: datetime
) -> str:
    """Write and sign a list, under the address that it was opened with; raise `NoKeys`."""
    return sign_list(
        status_list.name,
        status_list.purpose,
        bits,
        base_url=status_list.base_url,
        ring=issuer.ring,
        key=list_key(issuer.ring),
        at=at,
    )


def sign_current(
    status_list: StatusList, *, issuer: CredentialIssuer, at: datetime
) -> StatusSnapshot:
    """Store a list as the register has it now, signed; raise `NoKeys`."""
    bits = queries.bits_of_list(status_list)
    row = StatusSnapshot(
        list_id=status_list.id,
        text=write_list(status_list, bits, issuer=issuer, at=at),
        bits_sha256=queries.hash_of_bits(bits),
        key_id=list_key(issuer.ring).id,
        signed_at=at,
        valid_until_at=at + LASTS,
    )
    session.add(row)
    session.flush()
    return row


def sign_changed_lists(
    *, issuer: CredentialIssuer, at: datetime, of: Certificate | None = None
) -> int:
    """Sign lists that changed or are due for renewal; with `of`, only those of one certificate.

    Without a key nothing is signed and nothing is held up: anyone who asks for the list then learns that it
    is unavailable, which means "could not be checked" and never "valid".
    """
    signed = 0
    for one in queries.lists_of(of.id) if of else queries.lists():
        if _is_current(one, at):
            continue
        try:
            sign_current(one, issuer=issuer, at=at)
        except NoKeys as why:
            log.warning("status list %s could not be signed: %s", one.name, why)
            break
        signed += 1
    return signed


def _is_current(status_list: StatusList, at: datetime) -> bool:
    newest = queries.newest_snapshot(status_list)
    if newest is None or newest.signed_at + RENEWED <= at:
        return False
    return newest.bits_sha256 == queries.hash_of_bits(queries.bits_of_list(status_list))


def follow_certificate(certificate: Certificate, *, issuer: CredentialIssuer, at: datetime) -> None:
    """Update the lists after something happened to a certificate."""
    sign_changed_lists(issuer=issuer, at=at, of=certificate)


def list_to_serve(status_list: StatusList, *, issuer: CredentialIssuer, at: datetime) -> str:
    """Return the signed list to serve now; raise `NoKeys` if it cannot be signed.

    The stored snapshot is served while it matches the register and is not too old; otherwise the list is
    signed for this one response.
    """
    newest = queries.newest_snapshot(status_list)
    bits = queries.bits_of_list(status_list)
    if newest and newest.valid_until_at > at and newest.bits_sha256 == queries.hash_of_bits(bits):
        return newest.text
    return write_list(status_list, bits, issuer=issuer, at=at)


def open_list(*, issuer: CredentialIssuer, at: datetime) -> StatusList:
    """Return the list with room in it, under this address; open the next one where there is none."""
    newest = queries.newest_list(ListPurpose.MESSAGE)
    if newest and newest.base_url == issuer.base_url and queries.count_taken_places(newest) < FULL:
        return newest
    number = newest.number + 1 if newest else 1
    opened = StatusList(
        purpose=ListPurpose.MESSAGE, number=number, base_url=issuer.base_url, made_at=at
    )
    session.add(opened)
    session.flush()
    sign_current(opened, issuer=issuer, at=at)
    return opened
