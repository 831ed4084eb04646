"""Three schools through 36 months by the clock: every state and every mail, compared as whole lists."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from cissapp.certify.certificates import queries, services
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.upkeep import services as upkeep
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.operate.operations import services as operations
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.people import deactivate
from cissapp.people.notices.models import Mail
from cissapp.people.schools.models import School
from tests import factories as make
from tests.certify.upkeep.people import START, trained

BEGIN = START.date()
REASON = "A promise of the certificate is not kept at the moment."
# Of the day's work, what belongs to certificates that are out; the rest is tried in its own rooms.
LIFE = {
    "waiting certificates that came into force",
    "certificates whose status changed",
    "changes to the people behind a certificate recorded",
    "heads asked for the yearly confirmation",
    "schools reminded that their certificate expires",
    "deadline reminders queued",
}
MORNING, NIGHT = time(9, 30, tzinfo=UTC), time(20, 0, tzinfo=UTC)


def moment(day: date, at: time = MORNING) -> datetime:
    return datetime.combine(day, at)


class Story:
    """The schools of the test, what happens to them by hand, and what was seen of them."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.group = make.group()
        make.keyring()
        self.names: dict[str, str] = {}
        self.coordinator = self.known(
            "coordinator", make.user(Role.COORDINATOR, group_id=self.group.id)
        )
        self.schools = {name: self.school(name) for name in ("first", "expires", "withdrawn")}
        self.certificates: dict[str, UUID] = {
            name: make.certified(row, at=moment(BEGIN)).id for name, row in self.schools.items()
        }
        self.seen: list[tuple[str, str, str]] = []
        self.last: dict[str, str] = {}
        self.rows: dict[str, Certificate] = {}

    def known(self, name: str, person: User) -> User:
        self.names[person.email] = name
        return person

    def school(self, name: str) -> School:
        row = make.school(group_id=self.group.id)
        for duty in (Duty.HEAD, Duty.DESIGNATED_PERSON):
            self.trained(f"{name} {duty.value.partition('_')[0]}", row, duty, BEGIN)
        return row

    def trained(self, name: str, school: School, duty: Duty, day: date) -> None:
        """Let somebody join who has passed all modules."""
        self.known(name, trained(school, duty, moment(day)))

    def person(self, name: str) -> User:
        email = next(email for email, known in self.names.items() if known == name)
        return session.scalars(select(User).where(User.email == email)).one()

    # what people do

    def confirms(self, day: date) -> None:
        statement = upkeep.YearStatement(day, day + timedelta(days=365), 40, 38, 20)
        row = queries.certificate(self.certificates["first"])
        upkeep.confirm_year(
            row, statement, content=content(), by=self.person("first head"), at=moment(day)
        )

    def leaves(self, name: str, day: date) -> None:
        boss = self.person("coordinator")
        deactivate(self.person(name), by=boss, at=moment(day))

    def joins(self, name: str, day: date) -> None:
        school = session.get(School, self.schools["first"].id)
        self.trained(name, school, Duty.DESIGNATED_PERSON, day)

    def renews(self, day: date) -> None:
        school = session.get(School, self.schools["first"].id)
        made = make.certified(school, cycle=2, level=3, at=moment(day))
        self.certificates["second"] = made.id

    def suspends(self, name: str, day: date) -> None:
        row = queries.certificate(self.certificates[name])
        services.suspend(row, reason=REASON, cure_days=60, by=SYSTEM, at=moment(day))

    def reinstates(self, name: str, day: date) -> None:
        row = queries.certificate(self.certificates[name])
        services.reinstate(row, reason=REASON, by=SYSTEM, at=moment(day))

    def withdraws(self, name: str, day: date) -> None:
        row = queries.certificate(self.certificates[name])
        services.withdraw(row, reason=REASON, by=SYSTEM, at=moment(day))

    # what the service does, and what is seen

    def daily(self, at: datetime) -> None:
        for job in operations.work(content(), at=at):
            if job.name in LIFE:
                with nullcontext() if job.commits else unit_of_work():
                    job.run()

    def look(self, day: date, *, wrote: bool) -> None:
        """Note what changed: what the public is told of each certificate, and where each school stands.

        On a day on which nobody wrote, the rows are as they were, and the day alone may make a difference.
        """
        if wrote:
            self.rows = {name: queries.certificate(key) for name, key in self.certificates.items()}
        for name, row in self.rows.items():
            self._note(day, name, queries.status(row, day, 90).value)
        for name, row in self.schools.items() if wrote else ():
            school = session.get(School, row.id)
            self._note(day, f"{name} school", f"{school.standing.value} {school.level}")

    def _note(self, day: date, name: str, state: str) -> None:
        if self.last.get(name) != state:
            self.last[name] = state
            self.seen.append((day.isoformat(), name, state))

    def mails(self) -> list[tuple[str, str, str]]:
        rows = session.scalars(select(Mail)).all()
        return sorted(
            (one.queued_at.date().isoformat(), one.kind, self.names[one.to]) for one in rows
        )


Deed = Callable[[Story, date], None]
DEEDS: dict[date, Deed] = {
    date(2023, 12, 5): Story.confirms,
    date(2024, 2, 1): lambda story, day: story.leaves("first designated", day),
    date(2024, 3, 20): lambda story, day: story.joins("second designated", day),
    date(2024, 5, 1): lambda story, day: story.suspends("first", day),
    date(2024, 5, 20): lambda story, day: story.reinstates("first", day),
    date(2024, 6, 10): lambda story, day: story.withdraws("withdrawn", day),
    date(2024, 9, 26): Story.renews,
    date(2025, 1, 10): lambda story, day: story.leaves("second designated", day),
    date(2025, 3, 20): lambda story, day: story.suspends("second", day),
    date(2025, 4, 10): lambda story, day: story.joins("third designated", day),
    date(2025, 4, 12): lambda story, day: story.reinstates("second", day),
}


def lived(app: Any, until: date, runs: Callable[[date], int]) -> Story:
    """Let the days pass; `runs` says how often the day's work runs on a day."""
    story = Story(app)
    with app.app_context():
        day = BEGIN
        while day <= until:
            with clock.at(moment(day)):
                if day in DEEDS:
                    with unit_of_work():
                        DEEDS[day](story, day)
            with clock.at(moment(day, NIGHT)):
                for _time in range(runs(day)):
                    story.daily(moment(day, NIGHT))
                story.look(day, wrote=day in (BEGIN, *DEEDS) or runs(day) > 0)
            day += timedelta(days=1)
    return story


def expected_mails(ran: Callable[[date], date]) -> list[tuple[str, str, str]]:
    """Every mail of the 36 months; `ran` gives the day on which something that is due is noticed."""

    def due(day: date, kind: str, *to: str) -> list[tuple[str, str, str]]:
        return [(ran(day).isoformat(), kind, one) for one in to]

    def at_once(day: date, kind: str, *to: str) -> list[tuple[str, str, str]]:
        return [(day.isoformat(), kind, one) for one in to]

    first = [
        *at_once(date(2024, 2, 1), "act_notice", "first head", "first designated"),
        *at_once(date(2024, 2, 1), "quorum", "first head", "coordinator"),
        *due(date(2024, 3, 2), "reminder", "first head"),
        *at_once(date(2024, 5, 1), "suspension", "first head", "second designated"),
        *due(date(2024, 8, 27), "certificate_end", "first head", "second designated"),
        *at_once(date(2025, 1, 10), "act_notice", "first head", "second designated"),
        *at_once(date(2025, 1, 10), "quorum", "first head", "coordinator"),
        *due(date(2025, 2, 9), "reminder", "first head"),
        *due(date(2025, 3, 6), "reminder", "first head"),
        *due(date(2025, 3, 12), "reminder", "first head"),
        *due(date(2025, 3, 12), "quorum", "coordinator"),
        *at_once(date(2025, 3, 20), "suspension", "first head"),
        *due(date(2025, 11, 11), "confirmation", "first head"),
    ]
    years = [
        mail
        for name in ("first", "expires", "withdrawn")
        for mail in [
            *due(date(2023, 11, 10), "confirmation", f"{name} head"),
            *due(date(2023, 12, 2), "confirmation", f"{name} head"),
        ]
    ]
    end = date(2024, 11, 25)
    ends = [
        mail
        for left in (90, 60, 30, 7)
        for mail in due(
            end - timedelta(days=left), "certificate_end", "expires head", "expires designated"
        )
    ]
    over = due(end + timedelta(days=1), "certificate", "expires head", "expires designated")
    return sorted([*first, *years, *ends, *over])


def expected_states(ran: Callable[[date], date]) -> list[tuple[str, str, str]]:
    """Every change of state: of certificates on the day itself, of schools by the calendar when it ran."""
    soon, over = date(2024, 8, 27), date(2024, 11, 26)
    begin = [
        (BEGIN, "first", "valid"),
        (BEGIN, "expires", "valid"),
        (BEGIN, "withdrawn", "valid"),
        (BEGIN, "first school", "valid 2"),
        (BEGIN, "expires school", "valid 2"),
        (BEGIN, "withdrawn school", "valid 2"),
    ]
    first = [
        (date(2024, 5, 1), "first", "suspended"),
        (date(2024, 5, 1), "first school", "suspended 2"),
        (date(2024, 5, 20), "first", "valid"),
        (date(2024, 5, 20), "first school", "valid 2"),
        (soon, "first", "expiring"),
        (ran(soon), "first school", "expiring 2"),
        (date(2024, 9, 26), "second", "upcoming"),
        (date(2024, 9, 26), "first school", "valid 2"),
        (over, "first", "replaced"),
        (over, "second", "valid"),
        (ran(over), "first school", "valid 3"),
        (date(2025, 3, 20), "second", "suspended"),
        (date(2025, 3, 20), "first school", "suspended 3"),
        (date(2025, 4, 12), "second", "valid"),
        (date(2025, 4, 12), "first school", "valid 3"),
    ]
    others = [
        (date(2024, 6, 10), "withdrawn", "withdrawn"),
        (date(2024, 6, 10), "withdrawn school", "withdrawn 2"),
        (soon, "expires", "expiring"),
        (ran(soon), "expires school", "expiring 2"),
        (over, "expires", "expired"),
        (ran(over), "expires school", "expired 2"),
    ]
    return sorted((day.isoformat(), name, state) for day, name, state in [*begin, *first, *others])


END = date(2025, 11, 26)


def days_around_what_is_due() -> set[date]:
    """List the days on which something happens if the work runs daily, with three days before and a week after each."""
    happens = [*expected_mails(lambda day: day), *expected_states(lambda day: day)]
    return {
        date.fromisoformat(day) + timedelta(days=near)
        for day, _what, _whom in happens
        for near in range(-3, 8)
    }


@pytest.mark.one_database("sqlite")
def test_thirty_six_months_end_in_exactly_these_states_and_mails(app):
    """Some days the work runs once, some twice, some not at all: on Mondays only, where nothing is due for days."""
    random = Random(1)
    days = [BEGIN + timedelta(days=n) for n in range((END - BEGIN).days + 1)]
    near = days_around_what_is_due()
    counts = {day: random.choice([0, 0, 1, 1, 2]) for day in days}
    counts |= {day: 0 for day in days if day not in near and day.weekday()} | {END: 1}

    story = lived(app, END, counts.__getitem__)

    def ran(day: date) -> date:
        return next((one for one in days if one >= day and counts[one]), date.max)

    assert sorted(story.seen) == expected_states(ran)
    with app.app_context():
        assert story.mails() == expected_mails(ran)
