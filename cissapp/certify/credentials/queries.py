"""Reads of credentials and of the lists of their status."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from cissapp.certify.certificates.models import IS_CHANGE, Certificate, RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent, is_code, normalise_code
from cissapp.certify.credentials.models import EDITION, Credential, StatusList, StatusSnapshot
from cissapp.certify.credentials.rules.status_bits import (
    ListPurpose,
    StatusMessage,
    bits_of,
    bits_of_messages,
)
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing

E = RegisterEvent

# Events that set a bit if they are the latest. In lists of the first edition a certificate that was replaced
# is revoked: no bit there says that there is a newer one.
SETS = {
    ListPurpose.REVOCATION: (E.WITHDRAWN, E.REPLACED),
    ListPurpose.SUSPENSION: (E.SUSPENDED,),
    ListPurpose.MESSAGE: (E.SUSPENDED, E.WITHDRAWN, E.REPLACED),
}
MESSAGES = {
    E.SUSPENDED: StatusMessage.SUSPENDED,
    E.WITHDRAWN: StatusMessage.WITHDRAWN,
    E.REPLACED: StatusMessage.REPLACED,
}
CHANGES = (E.SUSPENDED, E.REINSTATED, E.WITHDRAWN, E.REPLACED)


def by_code(code: str) -> Credential:
    """Find the newest credential of the certificate with this code, however spelt; raise `Missing`."""
    plain = normalise_code(code)
    if not is_code(plain):
        raise Missing
    query = select(Credential).join(Certificate).where(Certificate.code == plain)
    found = session.scalar(query.order_by(Credential.edition.desc()).limit(1))
    if found is None:
        raise Missing
    return found


def of_certificate(certificate_id: UUID) -> Credential | None:
    """Find the newest credential of a certificate."""
    return next(iter(all_of_certificate(certificate_id)), None)


def all_of_certificate(certificate_id: UUID) -> list[Credential]:
    """List all credentials of a certificate, newest edition first."""
    query = select(Credential).where(Credential.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(Credential.edition.desc())))


def issued_after(row_id: int, limit: int) -> dict[int, UUID]:
    """Return the next certificates issued after a register row, by the id of the row that issued them."""
    query = select(RegisterEntry.id, RegisterEntry.certificate_id).where(
        RegisterEntry.id > row_id, RegisterEntry.event == E.ISSUED
    )
    found = session.execute(query.order_by(RegisterEntry.id).limit(limit))
    return {row: certificate_id for row, certificate_id in found}  # noqa: C416 -- rows are typed so


def have_credential(certificate_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these certificates have a credential of the current edition."""
    query = select(Credential.certificate_id).where(
        Credential.certificate_id.in_(certificate_ids), Credential.edition == EDITION
    )
    return set(session.scalars(query))


def certificates_without_credential(limit: int) -> list[Certificate]:
    """List issued certificates without a credential of the current edition, oldest first."""
    issued = select(RegisterEntry.certificate_id).where(RegisterEntry.event == E.ISSUED)
    has = select(Credential.certificate_id).where(Credential.edition == EDITION)
    query = (
        select(Certificate)
        .where(Certificate.id.in_(issued), Certificate.id.not_in(has))
        .order_by(Certificate.issued_at, Certificate.id)
        .limit(limit)
    )
    return list(session.scalars(query))


# --- lists -------------------------------------------------------------------------------------


def lists() -> list[StatusList]:
    """List the status lists."""
    return list(session.scalars(select(StatusList).order_by(StatusList.purpose, StatusList.number)))


def list_named(name: str) -> StatusList:
    """Find a status list; raise `Missing`."""
    purpose, _, number = name.rpartition("-")
    if purpose not in set(ListPurpose) or not number.isascii() or not number.isdecimal():
        raise Missing
    query = select(StatusList).where(
        StatusList.purpose == ListPurpose(purpose), StatusList.number == int(number[:9])
    )
    found = session.scalar(query)
    if found is None or found.name != name:
        raise Missing
    return found


def newest_list(purpose: ListPurpose) -> StatusList | None:
    """Find the list that was opened last for a purpose."""
    query = select(StatusList).where(StatusList.purpose == purpose)
    return session.scalar(query.order_by(StatusList.number.desc()).limit(1))


def lists_of(certificate_id: UUID) -> list[StatusList]:
    """List the status lists in which a certificate's credentials have their places."""
    asked = {
        list_id
        for one in all_of_certificate(certificate_id)
        for list_id in (one.status_list_id, one.revocation_list_id, one.suspension_list_id)
        if list_id
    }
    query = select(StatusList).where(StatusList.id.in_(asked))
    return list(session.scalars(query.order_by(StatusList.purpose, StatusList.number)))


def count_taken_places(status_list: StatusList) -> int:
    """Count the places of a list that are taken."""
    place = _places(status_list)[0]
    return session.scalar(select(func.count()).where(place == status_list.id)) or 0


def taken_places(status_list: StatusList, indexes: Collection[int]) -> set[int]:
    """Return which of these places are taken."""
    in_list, place = _places(status_list)
    query = select(place).where(in_list == status_list.id, place.in_(indexes))
    return {index for index in session.scalars(query) if index is not None}


COLUMNS = {
    ListPurpose.REVOCATION: (Credential.revocation_list_id, Credential.revocation_index),
    ListPurpose.SUSPENSION: (Credential.suspension_list_id, Credential.suspension_index),
    ListPurpose.MESSAGE: (Credential.status_list_id, Credential.status_index),
}


def _places(
    status_list: StatusList,
) -> tuple[InstrumentedAttribute[UUID | None], InstrumentedAttribute[int | None]]:
    """Return the columns for the list and for the place in it."""
    return COLUMNS[status_list.purpose]


def bits_of_list(status_list: StatusList) -> bytes:
    """Compute the bits of a list from the register, with one query over everything that ever changed."""
    in_list, place = _places(status_list)
    last = (
        select(func.max(RegisterEntry.id))
        .where(text(f"register_entry.{IS_CHANGE}"))
        .group_by(RegisterEntry.certificate_id)
    )
    query = (
        select(place, RegisterEntry.event)
        .join(RegisterEntry, RegisterEntry.certificate_id == Credential.certificate_id)
        .where(
            in_list == status_list.id,
            RegisterEntry.id.in_(last),
            RegisterEntry.event.in_(SETS[status_list.purpose]),
        )
    )
    found = {place: event for place, event in session.execute(query) if place is not None}
    if status_list.purpose is ListPurpose.MESSAGE:
        return bits_of_messages({place: MESSAGES[event] for place, event in found.items()})
    return bits_of(found)


def hash_of_bits(content: bytes) -> str:
    """Hash the bits of a list, to tell two states of it apart."""
    return hashlib.sha256(content).hexdigest()


def newest_snapshot(status_list: StatusList) -> StatusSnapshot | None:
    """Find the newest signed snapshot of a list."""
    query = select(StatusSnapshot).where(StatusSnapshot.list_id == status_list.id)
    return session.scalar(query.order_by(StatusSnapshot.id.desc()).limit(1))
