"""Makes countries, national groups and the people of groups and ministries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

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
from cissapp.people.schools.models import NationalGroup

# One reviewer for so many schools of a country, and at least so many: a case has several people.
SCHOOLS_A_REVIEWER = 200
LEAST_REVIEWERS = 5
REVIEWERS_A_COORDINATOR = 40


@dataclass(frozen=True)
class GroupStaff:
    """A national group of a country and its people."""

    pack: CountryPack
    group: NationalGroup
    reviewers: list[User]
    coordinators: list[User]


def make_staff(
    packs: Mapping[str, CountryPack],
    schools_of: Mapping[str, int],
    *,
    password_hash: str,
    random: Random,
    at: datetime,
) -> dict[str, GroupStaff]:
    """Make what is missing of countries, groups and people; return the groups by country."""
    _person("secretariat", Role.SECRETARIAT, "Sofia Lind", password_hash, at)
    made = {}
    for code, pack in packs.items():
        if schools_queries.country(code) is None:
            schools.add_country(code, regions=list(pack.regions), by=SYSTEM, at=at)
        groups = schools_queries.groups_of_country(code)
        group = groups[0] if groups else _new_group(pack, at)
        _ministry(pack, password_hash, random, at)
        made[code] = _group_people(pack, group, schools_of[code], password_hash, random, at)
    return made


def _new_group(pack: CountryPack, at: datetime) -> NationalGroup:
    name = f"ECPAT {pack.name('en')} (invented)"
    return schools.create_group(name, country_codes=[pack.code], by=SYSTEM, at=at)


def _ministry(pack: CountryPack, password_hash: str, random: Random, at: datetime) -> None:
    low, language = pack.code.lower(), pack.file.languages[0]
    name = person_name(language, random)
    _person(f"ministry.{low}", Role.MINISTRY, name, password_hash, at, country_code=pack.code)
    for region_code in pack.top():
        _person(
            f"region.{region_code.lower()}",
            Role.REGION_OFFICER,
            person_name(language, random),
            password_hash,
            at,
            country_code=pack.code,
            region_code=region_code,
        )


def _group_people(
    pack: CountryPack,
    group: NationalGroup,
    number_of_schools: int,
    password_hash: str,
    random: Random,
    at: datetime,
) -> GroupStaff:
    reviewers = max(LEAST_REVIEWERS, number_of_schools // SCHOOLS_A_REVIEWER)
    numbers = {
        Role.REVIEWER: reviewers,
        Role.COORDINATOR: 1 + reviewers // REVIEWERS_A_COORDINATOR,
    }
    people = {
        role: [
            _person(
                f"{role.value}{number}.{pack.code.lower()}",
                role,
                person_name(pack.file.languages[0], random),
                password_hash,
                at,
                group_id=group.id,
                calibrated_at=at + timedelta(days=20),
            )
            for number in range(1, count + 1)
        ]
        for role, count in numbers.items()
    }
    return GroupStaff(pack, group, people[Role.REVIEWER], people[Role.COORDINATOR])


def _person(
    address: str, role: Role, name: str, password_hash: str, at: datetime, **scope: object
) -> User:
    """Find the account with an address, or make it as if its invitation had been accepted long ago."""
    email = fold_address(f"{address}@load.example")
    found = session.scalar(select(User).where(User.email == email))
    if found is not None:
        return found
    user = User(
        email=email,
        name=name,
        password_hash=password_hash,
        role=role,
        language="en",
        joined_at=at,
        **scope,
    )
    session.add(user)
    session.flush()
    record(Event.PERSON_CREATED, user, by=SYSTEM, at=at)
    return user


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
