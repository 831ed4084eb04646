"""Tells the story of every demo school, from the register to where its fate leaves it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cissapp.accounts import passwords
from cissapp.accounts.models import User
from cissapp.accounts.rules import Duty, fold
from cissapp.audit.rules import Event
from cissapp.audit.services import record
from cissapp.core.actor import SYSTEM
from cissapp.core.db import session, unit_of_work
from cissapp.core.roles import Role
from cissapp.demo import group_work, school_work
from cissapp.demo.cast import ABOUT, COUNTRIES, PASSWORDS, DemoCountry, Fate, Place
from cissapp.demo.group_work import Panel
from cissapp.reviews.services import Issuing
from cissapp.schools import queries as schools_queries
from cissapp.schools import services as schools
from cissapp.schools.models import Group, School

DECIDED = frozenset({Fate.CERTIFIED, Fate.EXPIRING, Fate.EXPIRED, Fate.SUSPENDED, Fate.WITHDRAWN})
TRAINED = DECIDED | {
    Fate.READY,
    Fate.SUBMITTED,
    Fate.IN_REVIEW,
    Fate.CHANGES_REQUESTED,
    Fate.TO_DECIDE,
}
# Days since the decision, or since the last thing that happened.
SINCE = {
    Fate.REGISTERED: 30,
    Fate.BEGUN: 3,
    Fate.HALF_WAY: 2,
    Fate.READY: 2,
    Fate.SUBMITTED: 4,
    Fate.IN_REVIEW: 3,
    Fate.CHANGES_REQUESTED: 2,
    Fate.TO_DECIDE: 2,
    Fate.SUSPENDED: 250,
    Fate.WITHDRAWN: 270,
    Fate.EXPIRING: 685,
    Fate.EXPIRED: 770,
}


# Days between the hand-in and the last thing that happened; 40 for all others.
HANDED_IN_BEFORE = {Fate.SUBMITTED: 0, Fate.IN_REVIEW: 9}


@dataclass(frozen=True)
class Person:
    """A line of the sign-in table."""

    email: str
    password: str
    role: str
    scope: str
    about: str


@dataclass(frozen=True)
class Tale:
    """One school and its fate; `told_at` is the moment of its last step."""

    country: DemoCountry
    place: Place
    fate: Fate
    number: int
    told_at: datetime
    first_of_its_fate: bool


@dataclass
class Stage:
    """What the story needs at hand, and the sign-in table that it writes."""

    issuing: Issuing
    now: datetime
    people: list[Person] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    staff: dict[str, list[User]] = field(default_factory=dict)
    hashes: dict[str, str] = field(
        default_factory=lambda: {kind: passwords.hashed(word) for kind, word in PASSWORDS.items()}
    )


def begins(now: datetime) -> datetime:
    """Say when the demonstration's past begins: before the first thing in it."""
    return now - timedelta(days=1000)


def tales(now: datetime) -> list[Tale]:
    """List every school with its fate, in the order in which their last steps happened."""
    return sorted(_tales(now), key=lambda tale: tale.told_at)


def _tales(now: datetime) -> Iterator[Tale]:
    for country in COUNTRIES:
        number = 0
        for fate, count in country.fates.items():
            for one in range(count):
                since = SINCE.get(fate) or 20 + one * 24
                yield Tale(
                    country=country,
                    place=country.places[number % len(country.places)],
                    fate=fate,
                    number=number + 1,
                    told_at=now - timedelta(days=since, minutes=7 * number),
                    first_of_its_fate=one == 0,
                )
                number += 1


def set_up(stage: Stage) -> None:
    """Make the secretariat, the countries, the groups and their people."""
    begun = begins(stage.now)
    with unit_of_work():
        _person(
            stage,
            Role.SECRETARIAT,
            "secretariat@ciss.example",
            "Sofia Lind",
            scope="all",
            about="secretariat",
        )
        for country in COUNTRIES:
            pack = stage.issuing.content.countries[country.code]
            schools.add_country(country.code, regions=list(pack.regions), by=SYSTEM, at=begun)
            group = schools.create_group(
                country.group, country_codes=[country.code], by=SYSTEM, at=begun
            )
            stage.groups[country.code] = group
            _group_people(stage, country, group)
            _ministry_people(stage, country)


def _group_people(stage: Stage, country: DemoCountry, group: Group) -> None:
    low = country.code.lower()
    roles = (Role.REVIEWER, Role.REVIEWER, Role.COORDINATOR)
    names = ("reviewer1", "reviewer2", "coordinator")
    stage.staff[country.code] = [
        _person(
            stage,
            role,
            f"{name}.{low}@group.example",
            person,
            group_id=group.id,
            scope=country.group,
            about=f"{role.value} in {country.code}",
        )
        for role, name, person in zip(roles, names, country.staff, strict=True)
    ]


def _ministry_people(stage: Stage, country: DemoCountry) -> None:
    low = country.code.lower()
    region = country.places[0].region
    _person(
        stage,
        Role.MINISTRY,
        f"ministry.{low}@ministry.example",
        country.ministry,
        country_code=country.code,
        scope=country.code,
        about=f"ministry of {country.code}",
    )
    _person(
        stage,
        Role.REGION_OFFICER,
        f"region.{low}@ministry.example",
        f"Region officer {region} (demo)",
        country_code=country.code,
        region_code=region,
        scope=region,
        about=f"region officer of {region}",
    )


def _person(
    stage: Stage,
    role: Role,
    email: str,
    name: str,
    *,
    scope: str,
    about: str,
    listed: bool = True,
    **values: object,
) -> User:
    """Make an account as if its invitation had been accepted long ago."""
    kind = "school" if role is Role.SCHOOL_MANAGER else "staff"
    values.setdefault("language", "en")
    user = User(
        email=fold(email),
        name=name,
        password_hash=stage.hashes[kind],
        role=role,
        joined_at=stage.now - timedelta(days=900),
        **values,
    )
    session.add(user)
    session.flush()
    record(Event.PERSON_CREATED, user, by=SYSTEM, at=user.joined_at, school_id=user.school_id)
    if listed:
        stage.people.append(Person(email, PASSWORDS[kind], role.value, scope, about))
    return user


def tell(stage: Stage, tale: Tale) -> None:
    """Bring one school to where its fate leaves it, in one transaction."""
    with unit_of_work():
        school = _registered(stage, tale)
        if tale.fate is Fate.REGISTERED and not tale.first_of_its_fate:
            return
        head, designated = _school_people(stage, tale, school)
        _learn(stage, tale, head, designated)
        if tale.fate in TRAINED:
            _apply(stage, tale, school, head)


def _registered(stage: Stage, tale: Tale) -> School:
    country = tale.country
    return schools.register(
        country_code=country.code,
        region_code=tale.place.region,
        group=session.merge(stage.groups[country.code], load=False),
        code=code_of(tale),
        name=country.school.format(number=tale.number),
        locality=tale.place.name,
        language=country.language,
        pupils=180 + 37 * (tale.number % 19),
        by=stage.staff[country.code][2],
        at=tale.told_at - timedelta(days=120),
    )


def _school_people(stage: Stage, tale: Tale, school: School) -> tuple[User, User]:
    low, name = tale.country.code.lower(), tale.fate.value.replace("_", "-")
    heads = tale.country.heads
    made = []
    for duty, part, offset in ((Duty.HEAD, "head", 0), (Duty.DESIGNATED_PERSON, "designated", 2)):
        made.append(
            _person(
                stage,
                Role.SCHOOL_MANAGER,
                f"{part}.{name}.{tale.number}.{low}@school.example",
                heads[(tale.number + offset) % len(heads)],
                scope=school.name,
                about=f"{'head' if duty is Duty.HEAD else 'designated person'} of a school: {ABOUT[tale.fate]}",
                listed=tale.first_of_its_fate,
                duty=duty,
                school_id=school.id,
                country_code=tale.country.code,
            )
        )
    return made[0], made[1]


def _learn(stage: Stage, tale: Tale, head: User, designated: User) -> None:
    modules = list(stage.issuing.content.modules)
    start = tale.told_at - timedelta(days=90)
    if tale.fate is Fate.BEGUN:
        school_work.begin(head, modules[0], 2, at=tale.told_at)
    elif tale.fate is Fate.HALF_WAY:
        school_work.learn(
            head,
            modules[:3],
            reading=True,
            content=stage.issuing.content,
            at=tale.told_at - timedelta(days=6),
        )
        school_work.begin(head, modules[3], 2, at=tale.told_at)
        school_work.learn(
            designated,
            modules[:1],
            reading=True,
            content=stage.issuing.content,
            at=tale.told_at - timedelta(days=2),
        )
    elif tale.fate in TRAINED:
        school_work.learn(
            head, modules, reading=tale.first_of_its_fate, content=stage.issuing.content, at=start
        )
        school_work.learn(
            designated,
            modules,
            reading=tale.first_of_its_fate,
            content=stage.issuing.content,
            at=start,
        )


def _apply(stage: Stage, tale: Tale, school: School, head: User) -> None:
    at = tale.told_at
    school_work.prepare(
        school,
        head,
        content=stage.issuing.content,
        store=stage.issuing.store,
        checked=tale.first_of_its_fate,
        at=at - timedelta(days=60),
    )
    if tale.fate is Fate.READY:
        return
    school_work.hand_in(
        school,
        head,
        content=stage.issuing.content,
        at=at - timedelta(days=HANDED_IN_BEFORE.get(tale.fate, 40)),
    )
    if tale.fate is not Fate.SUBMITTED:
        group_work.review(_panel(stage, tale), school, tale.fate, issuing=stage.issuing, at=at)


def _panel(stage: Stage, tale: Tale) -> Panel:
    """Let the two reviewers of the group take turns."""
    first, second, _coordinator = [
        session.merge(one, load=False) for one in stage.staff[tale.country.code]
    ]
    return Panel(first, second) if tale.number % 2 else Panel(second, first)


def end(stage: Stage, tale: Tale) -> None:
    """Suspend or withdraw, where that is the fate; after all certificates were issued."""
    if tale.fate in {Fate.SUSPENDED, Fate.WITHDRAWN}:
        with unit_of_work():
            school = schools_queries.school_by_code(tale.country.code, code_of(tale))
            if school:
                group_work.end(school, tale.fate, at=stage.now)


def code_of(tale: Tale) -> str:
    """Give the register number of a demo school."""
    return f"DEMO-{tale.country.code}-{tale.number:03}"
