"""Examines each issued certificate again as any verifier would, by its file and its credential.

Of many published together, only the first is examined like this before its rows are written. The progress,
and which certificates were found bad, are kept in the file store:

    {"format": "ciss-examined-1", "last": id of a row of the register, "bad": [ids of certificates]}
"""

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.certify.certificates.document import pdf
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import (
    is_alive,
    last_entry,
    register_checks,
    with_newest_rows,
)
from cissapp.certify.credentials import queries
from cissapp.certify.credentials.models import Credential
from cissapp.certify.credentials.open_badges.checking import examine
from cissapp.certify.credentials.services.issuer import CredentialIssuer
from cissapp.foundation.core.db import canonical, release_transaction
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.signing import seal

log = logging.getLogger("ciss")

KEY = "kept/examined.json"
FORMAT = "ciss-examined-1"
AT_ONCE = 50


class BadCertificates(Exception):
    """Some certificates in force cannot be verified; the log says what is wrong with each."""


class _Examined(Struct, frozen=True):
    """How far the examination has come, and which certificates were found bad and may still be."""

    last: int = 0
    bad: frozenset[UUID] = frozenset()


def examine_issued(store: FileStore, *, issuer: CredentialIssuer, at: datetime) -> int:
    """Examine the next issued certificates; return how many, or 0 when none is left.

    In that case, raise `BadCertificates` while one found bad is in force and not repaired.
    """
    before = _read(store)
    issued = queries.issued_after(before.last, AT_ONCE)
    bad = _bad_of(issued.values() if issued else before.bad, store, issuer=issuer, at=at)
    if issued:
        _keep(store, _Examined(max(issued), before.bad | bad))
        return len(issued)
    if bad != before.bad:
        _keep(store, _Examined(before.last, bad))
    if bad:
        raise BadCertificates(
            f"{counted(len(bad), 'certificate')} failed the second check; the log names"
            f" {'it' if len(bad) == 1 else 'each'}"
        )
    return 0


def pass_over_issued(store: FileStore) -> None:
    """Count all certificates issued until now as examined, because the files of invented ones are copies."""
    newest = last_entry()
    if newest:
        _keep(store, _Examined(newest.id))


def _bad_of(
    ids: Iterable[UUID], store: FileStore, *, issuer: CredentialIssuer, at: datetime
) -> frozenset[UUID]:
    """Return which of these certificates are in force and bad; say in the log why."""
    bad = set()
    for certificate in with_newest_rows(list(ids)).values():
        fault = is_alive(certificate) and _fault(certificate, store, issuer=issuer, at=at)
        if fault:
            log.error("certificate %s: %s", certificate.number, fault)
            bad.add(certificate.id)
    release_transaction()
    return frozenset(bad)


def _fault(
    certificate: Certificate, store: FileStore, *, issuer: CredentialIssuer, at: datetime
) -> str | None:
    """Describe what is wrong with a certificate's file or credential, or return None."""
    fault = register_checks.certificate_fault(certificate)
    if fault:
        return fault
    try:
        content = register_checks.stored_file(certificate, store)
    except register_checks.DamagedCertificateFile as damage:
        return str(damage)
    found = seal.examine(content, issuer.ring)
    if not found.good or found.key is None or found.key.id != certificate.key_id:
        return "its signature is not valid"
    if pdf.facts_in(content) != certificate.facts:
        return "its file states different facts"
    credential = queries.of_certificate(certificate.id)
    return _credential_fault(credential, issuer=issuer, at=at) if credential else None


def _credential_fault(
    credential: Credential, *, issuer: CredentialIssuer, at: datetime
) -> str | None:
    said = [
        examine(form.encode(), issuer.ring, lists=None, at=at, signed_at=credential.made_at)
        for form in (credential.text, credential.jwt)
    ]
    same = said[0].document == said[1].document and {one.key_id for one in said} == {
        credential.key_id
    }
    return None if same and all(one.genuine for one in said) else "its credential is not valid"


def _read(store: FileStore) -> _Examined:
    try:
        found = json.loads(store.get(KEY))
        examined = _Examined(int(found["last"]), frozenset(map(UUID, found["bad"])))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        # Nothing is lost by looking at all of them again.
        return _Examined()
    newest = last_entry()
    # An older database was restored: its next rows reuse ids that were already examined.
    return examined if newest and newest.id >= examined.last else _Examined()


def _keep(store: FileStore, examined: _Examined) -> None:
    text = canonical({"format": FORMAT, "last": examined.last, "bad": sorted(examined.bad)})
    store.replace(KEY, text.encode())
