"""Adds to each group what its people work with."""

from collections.abc import Iterator
from datetime import datetime

from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.storage import FileStore
from cissapp.operate.load.services.office import (
    absences,
    filters,
    messages,
    programs,
    requests,
    uploads,
)
from cissapp.operate.load.services.office.parts import GroupWork
from cissapp.operate.load.services.staff import GroupStaff

PARTS = (requests.add, absences.add, filters.add, uploads.add, programs.add, messages.add)


def add_all(
    staff: GroupStaff, schools: int, *, store: FileStore, seed: str, at: datetime
) -> Iterator[int]:
    """Add each part in a transaction of its own; yield how many things were added."""
    work = GroupWork.of(staff, schools, store=store, seed=seed)
    for add in PARTS:
        with unit_of_work():
            yield add(work, at=at)
