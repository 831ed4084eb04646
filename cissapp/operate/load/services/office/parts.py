"""What each part of a group's work is made from."""

from random import Random
from typing import Self
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import FileStore
from cissapp.operate.load.rules.names import drawn_by
from cissapp.operate.load.services.staff import GroupStaff
from cissapp.people.accounts.models import User


class GroupWork(Struct, frozen=True):
    """A group with its people, and how many schools it has been given."""

    pack: CountryPack
    group_id: UUID
    reviewers: list[User]
    coordinators: list[User]
    schools: int
    store: FileStore
    random: Random

    @classmethod
    def of(cls, staff: GroupStaff, schools: int, *, store: FileStore, seed: str) -> Self:
        """Return the work of a group; the same seed makes the same."""
        return cls(
            staff.pack,
            staff.group.id,
            [session.merge(one, load=False) for one in staff.reviewers],
            [session.merge(one, load=False) for one in staff.coordinators],
            schools,
            store,
            drawn_by(f"{seed}:{staff.pack.code}"),
        )

    @property
    def language(self) -> str:
        """The first language of the country."""
        return self.pack.file.languages[0]
