"""Reads of credentials and of the lists of their status."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from cissapp.certificates.models import Certificate, RegisterEntry
from cissapp.certificates.rules import RegisterEvent, is_code, normalise_code
from cissapp.core.db import session
from cissapp.core.errors import Missing
from cissapp.credentials.models import Credential, StatusList, StatusSnapshot
from cissapp.credentials.rules.bits import Purpose, bits_of

E = RegisterEvent

# What sets a bit, if it is the last that happened. A certificate that was replaced is revoked as well:
# there is a newer one, and no list has a bit that says so.
SETS = {
    Purpose.REVOCATION: (E.WITHDRAWN, E.REPLACED),
    Purpose.SUSPENSION: (E.SUSPENDED,),
}
CHANGES = (E.SUSPENDED, E.REINSTATED, E.WITHDRAWN, E.REPLACED)


def by_code(code: str) -> Credential:
    """Find the credential of the certificate with this code, in any way of writing it; raise `Missing`."""
    plain = normalise_code(code)
    if not is_code(plain):
        raise Missing
    query = select(Credential).join(Certificate).where(Certificate.code == plain)
    found = session.scalar(query)
    if found is None:
        raise Missing
    return found


def of_certificate(certificate_id: UUID) -> Credential | None:
    """Find the credential of a certificate."""
    return session.scalar(select(Credential).where(Credential.certificate_id == certificate_id))


def without(limit: int) -> list[Certificate]:
    """List issued certificates that have no credential, oldest first."""
    issued = select(RegisterEntry.certificate_id).where(RegisterEntry.event == E.ISSUED)
    query = (
        select(Certificate)
        .outerjoin(Credential, Credential.certificate_id == Certificate.id)
        .where(Credential.id.is_(None), Certificate.id.in_(issued))
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
    if purpose not in set(Purpose) or not number.isascii() or not number.isdecimal():
        raise Missing
    query = select(StatusList).where(
        StatusList.purpose == Purpose(purpose), StatusList.number == int(number[:9])
    )
    found = session.scalar(query)
    if found is None or found.name != name:
        raise Missing
    return found


def newest_list(purpose: Purpose) -> StatusList | None:
    """Give the list that was opened last for a purpose."""
    query = select(StatusList).where(StatusList.purpose == purpose)
    return session.scalar(query.order_by(StatusList.number.desc()).limit(1))


def lists_of(credential: Credential) -> tuple[StatusList, StatusList]:
    """Give the two lists of a credential."""
    return (
        session.get_one(StatusList, credential.revocation_list_id),
        session.get_one(StatusList, credential.suspension_list_id),
    )


def taken(status_list: StatusList) -> int:
    """Count the places of a list that are taken."""
    place = _places(status_list)[0]
    return session.scalar(select(func.count()).where(place == status_list.id)) or 0


def is_taken(status_list: StatusList, index: int) -> bool:
    """Say whether a place is taken."""
    in_list, place = _places(status_list)
    query = select(Credential.id).where(in_list == status_list.id, place == index)
    return session.scalar(query) is not None


def _places(
    status_list: StatusList,
) -> tuple[InstrumentedAttribute[UUID], InstrumentedAttribute[int]]:
    """Give the columns that say in which list, and where in it."""
    if status_list.purpose is Purpose.REVOCATION:
        return Credential.revocation_list_id, Credential.revocation_index
    return Credential.suspension_list_id, Credential.suspension_index


def bits(status_list: StatusList) -> bytes:
    """Work out the bits of a list from the register: one query, over what was ever changed."""
    in_list, place = _places(status_list)
    last = (
        select(func.max(RegisterEntry.id))
        .where(RegisterEntry.event.in_(CHANGES))
        .group_by(RegisterEntry.certificate_id)
    )
    query = (
        select(place)
        .join(RegisterEntry, RegisterEntry.certificate_id == Credential.certificate_id)
        .where(
            in_list == status_list.id,
            RegisterEntry.id.in_(last),
            RegisterEntry.event.in_(SETS[status_list.purpose]),
        )
    )
    return bits_of(session.scalars(query))


def hash_of_bits(content: bytes) -> str:
    """Give the hash by which two states of a list are told apart."""
    return hashlib.sha256(content).hexdigest()


def newest_snapshot(status_list: StatusList) -> StatusSnapshot | None:
    """Give the list as it was signed last."""
    query = select(StatusSnapshot).where(StatusSnapshot.list_id == status_list.id)
    return session.scalar(query.order_by(StatusSnapshot.id.desc()).limit(1))


class StoredLists:
    """The signed lists of this installation, by their address; for `checking.examine`."""

    def get(self, address: str, /) -> str | None:
        """Give the newest signed list at an address; None, if there is none."""
        base_url, _, name = address.rpartition("/status/")
        try:
            found = list_named(name)
        except Missing:
            return None
        snapshot = newest_snapshot(found) if found.base_url == base_url else None
        if snapshot is None or snapshot.bits_sha256 != hash_of_bits(bits(found)):
            return None
        return snapshot.text


def signed_lists() -> Iterator[tuple[StatusList, StatusSnapshot]]:
    """Go through the lists as they were signed last, for an export."""
    for one in lists():
        snapshot = newest_snapshot(one)
        if snapshot:
            yield one, snapshot
