"""Makes the people of the demonstration, and writes the sign-in table."""

import secrets
from datetime import datetime, timedelta

from msgspec import Struct, field
from sqlalchemy import select

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.operate.demo.schools import logos
from cissapp.operate.demo.schools.cast import (
    ABOUT,
    COUNTRIES,
    PASSWORDS,
    DemoCountry,
    DemoState,
    DemoTown,
)
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.rules import Duty, Proof, fold_address
from cissapp.people.accounts.services import passwords
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import NationalGroup, School


class DemoAccount(Struct, frozen=True):
    """A line of the sign-in table."""

    email: str
    password: str
    role: str
    scope: str
    about: str


class SchoolStory(Struct, frozen=True):
    """A school and the state it is to reach; `told_at` is the time of its last step."""

    country: DemoCountry
    place: DemoTown
    state: DemoState
    number: int
    told_at: datetime
    number_in_state: int

    @property
    def first_in_its_state(self) -> bool:
        """Return whether this is the first school of its country in this state: its people are listed."""
        return self.number_in_state == 1


class StoryContext(Struct):
    """What the stories need at hand, and the sign-in table that they write."""

    issuer: Issuer
    now: datetime
    people: list[DemoAccount] = field(default_factory=list)
    groups: dict[str, NationalGroup] = field(default_factory=dict)
    staff: dict[str, list[User]] = field(default_factory=dict)
    secretariat: list[User] = field(default_factory=list)
    # Who hears an appeal against the group of a country, if it is not the other group of the demonstration.
    panels: dict[str, list[User]] = field(default_factory=dict)
    hashes: dict[str, str] = field(
        default_factory=lambda: {
            kind: passwords.hash_password(word) for kind, word in PASSWORDS.items()
        }
    )


def begins(now: datetime) -> datetime:
    """Return when the demonstration's past begins, before its first event."""
    return now - timedelta(days=1000)


def set_up(stage: StoryContext) -> None:
    """Create the secretariat, the countries, the groups and their people."""
    begun = begins(stage.now)
    with unit_of_work():
        secretary = _person(
            stage,
            Role.SECRETARIAT,
            "secretariat@ciss.example",
            "Sofia Lind",
            scope="all",
            about="secretariat",
        )
        stage.secretariat.append(secretary)
        for country in COUNTRIES:
            pack = stage.issuer.content.countries[country.code]
            schools.add_country(country.code, regions=pack.top(), by=SYSTEM, at=begun)
            group = schools.create_group(
                country.group, country_codes=[country.code], by=SYSTEM, at=begun
            )
            stage.groups[country.code] = group
            _letterhead(stage, country, group, begun)
            _group_people(stage, country, group)
            _ministry_people(stage, country)


def _letterhead(
    stage: StoryContext, country: DemoCountry, group: NationalGroup, begun: datetime
) -> None:
    """Save the letterhead of a group that has one; where somebody signs, with a logo that is drawn here."""
    if country.letterhead is not None:
        signs = country.letterhead.signatory_name
        schools.save_letterhead(
            group,
            country.letterhead,
            logo=logos.draw_invented_logo() if signs else None,
            store=stage.issuer.store,
            by=SYSTEM,
            at=begun,
        )


def find(stage: StoryContext) -> None:
    """Find groups and their people again, in a demonstration that was begun before."""
    for country in COUNTRIES:
        rows = [_account(email) for email in _staff_addresses(country)]
        stage.staff[country.code] = rows
        stage.groups[country.code] = session.get_one(NationalGroup, rows[0].group_id)


def _account(email: str) -> User:
    return session.scalars(select(User).where(User.email == fold_address(email))).one()


def _staff_addresses(country: DemoCountry) -> list[str]:
    names = ("reviewer1", "reviewer2", "coordinator")
    return [f"{name}.{country.code.lower()}@group.example" for name in names]


def _group_people(stage: StoryContext, country: DemoCountry, group: NationalGroup) -> None:
    roles = (Role.REVIEWER, Role.REVIEWER, Role.COORDINATOR)
    stage.staff[country.code] = [
        _person(
            stage,
            role,
            email,
            person,
            group_id=group.id,
            scope=country.group,
            about=f"{role.value} in {country.code}",
        )
        for role, email, person in zip(roles, _staff_addresses(country), country.staff, strict=True)
    ]


def newcomer(stage: StoryContext, code: str) -> User:
    """Create a reviewer who has reviewed nothing yet."""
    group = stage.groups[code]
    return _person(
        stage,
        Role.REVIEWER,
        f"newcomer.{code.lower()}@group.example",
        "Ana Codru",
        group_id=group.id,
        calibrated_at=None,
        scope=group.name,
        about=f"reviewer in {code}, with the first two files",
    )


def _ministry_people(stage: StoryContext, country: DemoCountry) -> None:
    low = country.code.lower()
    region = country.officer_region or country.places[0].region
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
    stage: StoryContext,
    role: Role,
    email: str,
    name: str,
    *,
    scope: str,
    about: str,
    listed: bool = True,
    **values: object,
) -> User:
    """Create an account as if its invitation had been accepted long ago."""
    kind = "school" if role is Role.SCHOOL_MANAGER else "staff"
    values.setdefault("language", "en")
    if role in {Role.REVIEWER, Role.COORDINATOR}:
        values.setdefault("calibrated_at", stage.now - timedelta(days=100))
    user = User(
        email=fold_address(email),
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
        session.add(_earlier_session(stage, user))
        stage.people.append(DemoAccount(email, PASSWORDS[kind], role.value, scope, about))
    return user


def _earlier_session(stage: StoryContext, user: User) -> UserSession:
    """Return a session that ended last week, so that the first sign-in triggers no mail about a new device."""
    then = stage.now - timedelta(days=7)
    return UserSession(
        token_hash=hash_of(secrets.token_urlsafe(32)),
        user_id=user.id,
        opened_at=then,
        seen_at=then,
        confirmed_at=then,
        confirmed_with=Proof.PASSWORD,
        closed_at=then + timedelta(hours=2),
    )


def school_people(stage: StoryContext, tale: SchoolStory, school: School) -> tuple[User, User]:
    """Create the head and the designated person of a school."""
    low, name = tale.country.code.lower(), tale.state.value.replace("_", "-")
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
                about=f"{'head' if duty is Duty.HEAD else 'designated person'} of a school: {ABOUT[tale.state]}",
                listed=tale.first_in_its_state,
                duty=duty,
                school_id=school.id,
                country_code=tale.country.code,
            )
        )
    return made[0], made[1]


def add_deputy(stage: StoryContext, tale: SchoolStory, school: School) -> User:
    """Create the deputy head of a school, whom its papers name beside the designated person."""
    heads, low = tale.country.heads, tale.country.code.lower()
    return _person(
        stage,
        Role.SCHOOL_MANAGER,
        f"deputy.{tale.state.value.replace('_', '-')}.{tale.number}.{low}@school.example",
        heads[(tale.number + 1) % len(heads)],
        scope=school.name,
        about="deputy head of a school",
        listed=False,
        duty=Duty.DEPUTY,
        school_id=school.id,
        country_code=tale.country.code,
    )
