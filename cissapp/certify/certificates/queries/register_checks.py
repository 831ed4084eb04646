"""Hashes rows of the register, and detects changed rows, certificates and files."""

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime
from operator import attrgetter
from typing import cast
from uuid import UUID

from sqlalchemy import select

from cissapp.certify.certificates.document.facts import read_facts, sha256_of
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.queries.certificates import all_certificates, register_entries
from cissapp.certify.certificates.rules import TRAIL_EVENTS, RegisterEvent, require_may_follow
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import FileStore

# Rows of format 1 predate reservations: each of them names the file.
FORMATS = ("ciss-register-1", "ciss-register-2")
FORMAT = FORMATS[-1]
BEGINNING = "0" * 64
# What both the signed facts of a certificate and its row hold.
PRINTED = attrgetter("number", "code", "level", "valid_from_on", "valid_until_on", "key_id")
WITHOUT_FILE = frozenset({RegisterEvent.RESERVED, RegisterEvent.VOIDED})


def row_payload(
    certificate: Certificate,
    event: RegisterEvent,
    *,
    at: datetime,
    by_id: UUID | None,
    reason: str | None,
    written_as: str = FORMAT,
) -> str:
    """Return the text of a row to be hashed. It has only the hash of a reason, which is not public.

    A row written before there is a file never says anything about one.
    """
    no_file = written_as != FORMATS[0] and event in WITHOUT_FILE
    return canonical(
        {
            "format": written_as,
            "certificate": certificate.id,
            "number": certificate.number,
            "event": event.value,
            "at": at.astimezone(UTC),
            "by": by_id,
            "reason_sha256": None if reason is None else sha256_of(reason),
            "facts_sha256": certificate.facts_sha256,
            "file_sha256": None if no_file else certificate.file_sha256,
        }
    )


def chain_hash(previous: str, text: str) -> str:
    """Hash a row together with the hash of the row before it."""
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


# --- looking for a change ----------------------------------------------------------------------


def first_fault(store: FileStore | None = None) -> str | None:
    """Describe the first changed or lost row or certificate; with a store, check the files as well."""
    return _first_bad_entry() or _first_bad_certificate(store) or _first_lost_entry()


def _first_bad_entry() -> str | None:
    previous = BEGINNING
    for entry in register_entries():
        fault = entry_fault(entry, previous)
        if fault:
            return f"row {entry.id}: {fault}"
        previous = entry.hash
    return None


def entry_fault(entry: RegisterEntry, previous: str | None = None) -> str | None:
    """Describe what is wrong with a row, or with its link to the previous one; None if nothing is."""
    if previous is not None and entry.previous_hash != previous:
        return "does not follow from the row before it"
    if cast("Certificate | None", entry.certificate) is None:
        return "the certificate is missing"
    written_as = _format_of(entry.payload)
    if written_as is None:
        return "was changed"
    text = row_payload(
        entry.certificate,
        entry.event,
        at=entry.at,
        by_id=entry.by_id,
        reason=entry.reason,
        written_as=written_as,
    )
    if entry.payload != text or entry.hash != chain_hash(entry.previous_hash, text):
        return "was changed"
    return None


def _format_of(text: str) -> str | None:
    """Return the format in which a row is written, or None if it is unknown."""
    try:
        found = json.loads(text)["format"]
    except (ValueError, LookupError, TypeError):
        return None
    return found if found in FORMATS else None


def _first_bad_certificate(store: FileStore | None) -> str | None:
    for certificate in all_certificates():
        fault = certificate_fault(certificate) or (
            file_fault(certificate, store) if store and certificate.publication else None
        )
        if fault:
            return f"certificate {certificate.number}: {fault}"
    return None


def certificate_fault(certificate: Certificate) -> str | None:
    """Find what is wrong with a certificate; None, if it is as it was issued."""
    if sha256_of(certificate.facts) != certificate.facts_sha256:
        return "the facts were changed"
    try:
        facts = read_facts(certificate.facts)
    except ValueError:
        return "the facts cannot be read"
    if PRINTED(facts) != PRINTED(certificate):
        return "its columns do not match its facts"
    events: list[RegisterEvent] = []
    for entry in certificate.entries:
        try:
            require_may_follow(events, entry.event)
        except Refused:
            return f"{entry.event} may not follow"
        events.append(entry.event)
    return _publication_fault(certificate, events) if events else "is not in the register"


def _publication_fault(certificate: Certificate, events: list[RegisterEvent]) -> str | None:
    """Describe how a certificate's rows and its file disagree, or return None if they agree."""
    published = certificate.publication
    if RegisterEvent.ISSUED not in events:
        return "has a file but was not issued" if published else None
    if published is None:
        return "was issued but has no file"
    same = (published.school_id, published.cycle, published.key_id) == (
        certificate.school_id,
        certificate.cycle,
        certificate.key_id,
    )
    return None if same else "its file belongs to another certificate"


class DamagedCertificateFile(Exception):
    """A stored file is gone, or is not the one that was signed."""


def stored_file(certificate: Certificate, store: FileStore) -> bytes:
    """Read the signed file; raise `DamagedCertificateFile` unless it is the one that was issued."""
    if certificate.file_key is None:
        raise DamagedCertificateFile("there is no file yet")
    try:
        content = store.get(certificate.file_key)
    except FileNotFoundError as error:
        raise DamagedCertificateFile("the file is missing") from error
    if hashlib.sha256(content).hexdigest() != certificate.file_sha256:
        raise DamagedCertificateFile("the file was changed")
    return content


def file_fault(certificate: Certificate, store: FileStore) -> str | None:
    """Find what is wrong with the stored file; None, if it is the one that was signed."""
    try:
        stored_file(certificate, store)
    except DamagedCertificateFile as damage:
        return str(damage)
    return None


def _first_lost_entry() -> str | None:
    """Find a row that only the audit trail still knows: the chain alone cannot show its loss."""
    events = {event.value: name for name, event in TRAIL_EVENTS.items()}
    rows = session.execute(
        select(AuditEntry.subject_id, AuditEntry.event)
        .where(AuditEntry.subject_type == Certificate.__tablename__)
        .where(AuditEntry.event.in_(TRAIL_EVENTS.values()))
        .order_by(AuditEntry.id)
    )
    there = Counter(
        (str(certificate_id), event)
        for certificate_id, event in session.execute(
            select(RegisterEntry.certificate_id, RegisterEntry.event)
        )
    )
    for subject_id, event in rows:
        key = (subject_id, events[event.value])
        there[key] -= 1
        if there[key] < 0:
            return f"certificate {subject_id}: the row {events[event.value]} is missing"
    return None
