"""Checks that the audit trail is intact, and that the rows a certificate rests on match it."""

from collections.abc import Iterator
from itertools import chain

from cissapp.certify.transparency.checking import saved_extent
from cissapp.foundation.audit import queries as audit
from cissapp.foundation.audit.services import first_fault
from cissapp.foundation.core.storage import FileStore
from cissapp.people.schools import queries as schools
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.documents import queries as documents
from cissapp.review.reviews.queries import integrity as reviews


def faults(store: FileStore) -> Iterator[str]:
    """Yield the faults found in the audit trail itself, then each row that does not match it."""
    return chain(filter(None, _of_trail(store)), faults_of_rows())


def _of_trail(store: FileStore) -> Iterator[str | None]:
    yield first_fault()
    try:
        found = saved_extent.read_saved_extent(store)
    except ValueError as error:
        yield str(error)
    else:
        yield audit.describe_loss(found.trail) if found else None


def faults_of_rows() -> Iterator[str]:
    """Yield each row that does not match the audit trail."""
    yield from schools.altered_schools()
    yield from documents.altered()
    yield from applications.altered()
    yield from reviews.altered_records()
