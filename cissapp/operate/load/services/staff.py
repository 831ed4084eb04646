"""Makes countries, national groups and the people of groups and ministries."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.operate.load.rules.names import person_name
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import fold_address
from cissapp.people.schools import queries as schools_queries
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.rules import PROGRESS_NAMES, Progress

# Schools per reviewer of a country, and the least number of reviewers: a case has several people.
SCHOOLS_A_REVIEWER = 200
LEAST_REVIEWERS = 5
REVIEWERS_A_COORDINATOR = 40


class GroupStaff(Struct, frozen=True):
    """A national group of a country and its people."""

    pack: CountryPack
    group: NationalGroup
    reviewers: list[User]
    coordinators: list[User]


class StaffMaker(Struct, frozen=True):
    """Makes people with one passphrase, as if their invitations had been accepted long ago."""

    password_hash: str
    random: Random
    at: datetime

    def make(
        self, packs: Mapping[str, CountryPack], schools_of: Mapping[str, int]
    ) -> dict[str, GroupStaff]:
        """Make the countries, groups and people that are missing; return the groups by country."""
        self._person("secretariat", Role.SECRETARIAT, "Sofia Lind")
        return {code: self._country(pack, schools_of[code]) for code, pack in packs.items()}

    def _country(self, pack: CountryPack, number_of_schools: int) -> GroupStaff:
        if schools_queries.country(pack.code) is None:
            schools.add_country(pack.code, regions=pack.top(), by=SYSTEM, at=self.at)
        self._ministry(pack)
        groups = schools_queries.groups_of_country(pack.code)
        group = groups[0] if groups else self._group(pack)
        reviewers = max(LEAST_REVIEWERS, number_of_schools // SCHOOLS_A_REVIEWER)
        return GroupStaff(
            pack,
            group,
            self._members(pack, group, Role.REVIEWER, reviewers),
            # Only one, because the story of a pattern looks for the coordinator of its group.
            self._members(pack, group, Role.COORDINATOR, 1),
        )

    def add_coordinators(self, staff: GroupStaff) -> GroupStaff:
        """Add the coordinators that a large group has besides the first."""
        number = 1 + len(staff.reviewers) // REVIEWERS_A_COORDINATOR
        coordinators = self._members(staff.pack, staff.group, Role.COORDINATOR, number)
        return replace(staff, coordinators=coordinators)

    def _group(self, pack: CountryPack) -> NationalGroup:
        name = f"ECPAT {pack.name('en')} (invented)"
        return schools.create_group(name, country_codes=[pack.code], by=SYSTEM, at=self.at)

    def _ministry(self, pack: CountryPack) -> None:
        low = pack.code.lower()
        self._person(f"ministry.{low}", Role.MINISTRY, self._name(pack), country_code=pack.code)
        for region_code in pack.top():
            self._person(
                f"region.{region_code.lower()}",
                Role.REGION_OFFICER,
                self._name(pack),
                country_code=pack.code,
                region_code=region_code,
            )

    def _members(
        self, pack: CountryPack, group: NationalGroup, role: Role, number: int
    ) -> list[User]:
        return [
            self._person(
                f"{role.value}{place}.{pack.code.lower()}",
                role,
                self._name(pack),
                group_id=group.id,
                calibrated_at=self.at + timedelta(days=20),
            )
            for place in range(1, number + 1)
        ]

    def _name(self, pack: CountryPack) -> str:
        return person_name(pack.file.languages[0], self.random)

    def _person(self, address: str, role: Role, name: str, **scope: object) -> User:
        """Find the account with an address, or make it."""
        email = fold_address(f"{address}@load.example")
        found: User | None = session.scalar(select(User).where(User.email == email))
        if found is not None:
            return found
        user = User(
            email=email,
            name=name,
            password_hash=self.password_hash,
            role=role,
            language="en",
            joined_at=self.at,
            **scope,
        )
        session.add(user)
        session.flush()
        record(Event.PERSON_CREATED, user, by=SYSTEM, at=self.at)
        return user


def secretariat() -> User:
    """Return the person of the secretariat."""
    email = fold_address("secretariat@load.example")
    found: User = session.scalars(select(User).where(User.email == email)).one()
    return found


def panel_of(code: str, staff: Mapping[str, GroupStaff]) -> list[User]:
    """List who may hear appeals against the group of a country: another group's reviewers, or its own."""
    others = [one for other, one in staff.items() if other != code]
    return others[0].reviewers if others else staff[code].reviewers


def accounts_of_schools(code: str) -> Iterator[tuple[str, str]]:
    """List heads of a country's schools to sign in with, one for each stage of progress."""
    for progress in Progress:
        head = session.execute(
            select(User.email, School.code)
            .join(School, School.id == User.school_id)
            .where(
                School.country_code == code,
                School.progress == progress,
                User.email.like("head0.%"),
            )
            .limit(1)
        ).first()
        if head:
            yield head[0], f"head of {head[1]}: {PROGRESS_NAMES[progress]}"


def accounts_to_show(packs: Mapping[str, CountryPack]) -> Iterator[tuple[str, str]]:
    """List a few addresses to sign in with, and who they are."""
    yield "secretariat@load.example", "secretariat"
    for code, pack in packs.items():
        low = code.lower()
        yield f"ministry.{low}@load.example", f"ministry of {code}"
        region = pack.top()[0]
        yield f"region.{region.lower()}@load.example", f"region officer of {region}"
        yield f"coordinator1.{low}@load.example", f"coordinator in {code}"
        yield f"reviewer1.{low}@load.example", f"reviewer in {code}"
