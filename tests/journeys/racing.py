"""Races: sixteen acts at once on one thing, in threads with connections of their own, and what holds after.

Used by `test_races.py` with few rounds, and by `benchmarks/races.py` with many.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import EditConflict, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.deadlines import queries as deadline_queries
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.drills import services as drills
from cissapp.prepare.drills.rules import MessageTemplate
from cissapp.prepare.drills.rules.inputs import DrillOrder
from cissapp.prepare.mechanism.models import ReportingChannel
from cissapp.prepare.mechanism.rules import ChannelKind
from cissapp.review.appeals import queries as appeal_queries
from cissapp.review.appeals import services as appeals
from cissapp.review.appeals.models import Appeal, Proposal
from cissapp.review.appeals.rules import AppealOutcome as Ruled
from cissapp.review.independence import queries as seat_queries
from cissapp.review.independence import services as independence
from cissapp.review.independence.rules import CaseRole
from cissapp.review.reviews import queries as review_queries
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.models import Review
from tests import factories as make
from tests.factories import NOW
from tests.journeys.holding import violations

AT_ONCE = 16
TOO_LONG = ("lock timeout", "database is locked")
REASON = "The coordinator is away; the work goes on with somebody else."
QUESTION = "Which page names the person to whom a pupil turns?"
REMARK = "The policy has no date. Add the day on which it was approved."

Ready = Callable[[], object]
Act = Callable[[Ready], str | None]
"""Looks at the rows, says that it is ready, and acts once everybody is; may give its name."""


@dataclass
class Result:
    """How the acts of a race ended, what was broken after it, and how long it took."""

    said: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Result") -> None:
        """Count another race in."""
        self.said += other.said
        self.broken += other.broken
        self.seconds += other.seconds

    @property
    def won(self) -> int:
        """The number of acts that were done."""
        return sum(count for said, count in self.said.items() if said.startswith("won"))

    @property
    def faults(self) -> list[str]:
        """The acts that ended in a way that a person would be told nothing useful about."""
        return [one for one in self.said if one.startswith("fault")]


def run(app: Flask, kind: str) -> Result:
    """Run a round of a race, and look at what it left in the database."""
    result = Result()
    issuer = make.issuer()
    stages = RACES[kind](issuer)
    while True:
        with app.app_context(), clock.at(NOW), unit_of_work():
            acts = next(stages, None)
        if acts is None:
            break
        begun = time.perf_counter()
        result.said += Counter(at_once(app, acts))
        result.seconds += time.perf_counter() - begun
    with app.app_context():
        result.broken = [f"{kind}: {one}" for one in violations()]
        session.remove()
    return result


def at_once(app: Flask, acts: list[Act]) -> list[str]:
    """Do all acts at the same time; say of each how it ended.

    On PostgreSQL three of four look at the rows before anybody acts, as two open requests do; on SQLite
    a writing transaction is alone from its beginning.
    """
    gate = Barrier(len(acts), timeout=120)
    with app.app_context():
        server = session.get_bind().dialect.name == "postgresql"
        session.remove()

    def one(number: int) -> str:
        early = server and number % 4 > 0
        with app.app_context():
            try:
                if not early:
                    gate.wait()
                with clock.at(NOW), unit_of_work():
                    name = acts[number](gate.wait if early else nothing)
            except Exception as error:  # noqa: BLE001 -- each way to end is counted
                return ending(error)
            finally:
                session.remove()
        return f"won {name}" if name else "won"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, range(len(acts))))


def nothing() -> None:
    """Wait for nobody."""


def ending(error: Exception) -> str:
    """Name how an act ended: refused in words, overtaken, too busy, or by a fault of ours.

    Who waits longer than the database lets anybody wait is told that the service is busy.
    """
    if isinstance(error, Refused):
        return f"refused {'+'.join(sorted(one.code for one in error.problems))}"
    if isinstance(error, EditConflict | StaleDataError):
        return "overtaken"
    if isinstance(error, Missing):
        return "missing"
    said = str(error)
    if isinstance(error, OperationalError) and any(one in said for one in TOO_LONG):
        return "busy"
    return f"fault {type(error).__name__}: {said[:200]}"


def sixteen(acts: list[Act]) -> list[Act]:
    """Give sixteen acts: these, and over again."""
    return list(islice(cycle(acts), AT_ONCE))


def person(key: UUID) -> User:
    return session.get_one(User, key)


def coordinator_of(application: Any) -> User:
    made = make.user(Role.COORDINATOR, group_id=application.school.group_id)
    make.declared(application, made)
    return made


# --- decisions, reviews, seats -----------------------------------------------------------------


def deciding(issuer: Any) -> Iterator[list[Act]]:
    """Two people and two more decide differently on the same reviews, each of them twice or more."""
    application = make.handed_in()
    assessor, *others = make.reviewers(application, 5)
    review = make.recommended(make.scored(make.begun(application, assessor)))
    version, sha256 = review.version, review.submission.sha256
    key, people = application.id, [one.id for one in others]

    def decide(person_id: UUID, outcome: ApplicationOutcome, level: int | None) -> Act:
        def act(ready: Ready) -> None:
            row, by = session.get_one(Application, key), person(person_id)
            review_queries.reviews_of(row, row.round)
            ready()
            ruling = reviews.DecisionInput(
                outcome,
                level,
                [],
                "The scores follow from what is shown.",
                departure="Only to see who comes first.",
            )
            reviews.decide(
                row, ruling, version=version, sha256=sha256, issuer=issuer, by=by, at=NOW
            )

        return act

    ways = [(ApplicationOutcome.CERTIFIED, 1), (ApplicationOutcome.MAJOR_GAPS, None)]
    yield sixteen([decide(one, *way) for way in ways for one in people])


def starting(_issuer: Any) -> Iterator[list[Act]]:
    """Sixteen acts of eight people: each begins the same review and takes the decider's seat."""
    application = make.handed_in()
    key, people = application.id, [one.id for one in make.reviewers(application, 8)]

    def start(person_id: UUID) -> Act:
        def act(ready: Ready) -> str:
            row, by = session.get_one(Application, key), person(person_id)
            ready()
            reviews.start_review(row, by=by, at=NOW)
            return "start"

        return act

    def take(person_id: UUID) -> Act:
        def act(ready: Ready) -> str:
            row, by = session.get_one(Application, key), person(person_id)
            seat_queries.assignments_of(row)
            ready()
            independence.take_role(row, person_id, CaseRole.DECIDER, by=by, at=NOW)
            return "seat"

        return act

    yield sixteen([make_act(one) for one in people for make_act in (start, take)])


@dataclass(frozen=True, slots=True)
class Round:
    """What people do to one application whose first round is being assessed."""

    application: UUID
    school: UUID
    assessor: UUID
    coordinator: UUID
    head: UUID
    content: Any

    def newest(self) -> Review:
        query = select(Review).where(Review.application_id == self.application)
        return session.scalars(query.order_by(Review.round.desc()).limit(1)).one()

    def save(self, criterion_id: str) -> Act:
        def act(ready: Ready) -> str:
            review, by = self.newest(), person(self.assessor)
            ready()
            make.save_one(review, criterion_id, by)
            return "score"

        return act

    def ask(self, ready: Ready) -> str:
        review, by = self.newest(), person(self.assessor)
        ready()
        reviews.ask_school(review, {"A1": QUESTION}, by=by, at=NOW)
        return "question"

    def hand_over(self, person_id: UUID) -> Act:
        def act(ready: Ready) -> str:
            row, by = session.get_one(Application, self.application), person(self.coordinator)
            seat = seat_queries.holder_of(row, CaseRole.REVIEWER)
            ready()
            if seat is None:
                raise Missing
            independence.hand_over(row, seat, person_id, reason=REASON, by=by, at=NOW)
            return "handover"

        return act

    def hand_in(self, ready: Ready) -> str:
        school, by = session.get_one(School, self.school), person(self.head)
        session.get_one(Application, self.application)
        ready()
        applications.submit_for_school(
            school, content=self.content, statement_signed=True, by=by, at=NOW
        )
        return "hand-in"

    def start(self, person_id: UUID) -> Act:
        def act(ready: Ready) -> str:
            row, by = session.get_one(Application, self.application), person(person_id)
            ready()
            reviews.start_review(row, by=by, at=NOW)
            return "start"

        return act


def handing_in_again(issuer: Any) -> Iterator[list[Act]]:
    """The assessor scores and asks, the coordinator hands over, the school hands in, others begin."""
    application = make.handed_in()
    assessor, *others = make.reviewers(application, 5)
    make.begun(application, assessor)
    head = people_of_school(application.school_id)[0]
    people = [one.id for one in others]
    acts = Round(
        application=application.id, school=application.school_id, assessor=assessor.id,
        coordinator=coordinator_of(application).id, head=head.id, content=issuer.content,
    )  # fmt: skip
    save, hand_over, hand_in, ask, start = (
        acts.save,
        acts.hand_over,
        acts.hand_in,
        acts.ask,
        acts.start,
    )
    yield sixteen([save("A1"), hand_over(people[0]), hand_in, ask, save("A2"), save("A1")])
    yield sixteen([hand_in, hand_over(people[1]), save("A1"), ask])
    yield sixteen(
        [start(assessor.id), *map(start, people), hand_over(people[2]), save("A1"), hand_in]
    )


def sifting(issuer: Any) -> Iterator[list[Act]]:
    """Four people let the same dossier pass and send it back."""
    application = make.handed_in(sift=False)
    people = [*make.reviewers(application, 3), coordinator_of(application)]
    key = application.id

    def sift(person_id: UUID, remarks: dict[str, str]) -> Act:
        def act(ready: Ready) -> None:
            row, by = session.get_one(Application, key), person(person_id)
            ready()
            reviews.check_completeness(row, remarks=remarks, content=issuer.content, by=by, at=NOW)

        return act

    ways: list[dict[str, str]] = [{}, {"all": REMARK}]
    yield sixteen([sift(one.id, way) for one in people for way in ways])


# --- appeals -----------------------------------------------------------------------------------

WAYS = cycle([(Ruled.UPHELD, None, {}), (Ruled.RETURNED, None, {}), (Ruled.ALTERED, 1, None)])
RAISED = {"A1": 2, "A3": 2, "A5": 2}


def hearing(issuer: Any) -> Iterator[list[Act]]:
    """Three members propose at once, and then vote at once, while one more is named."""
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.scored(make.begun(application, assessor), A1=0, A3=1, A5=1)
    review = make.recommended(review, recommendation=ApplicationOutcome.MAJOR_GAPS, level=None)
    decision = make.ruled(review, decider, outcome=ApplicationOutcome.MAJOR_GAPS, level=None)
    head, secretary = people_of_school(application.school_id)[0], make.user(Role.SECRETARIAT)
    made = appeals.file(
        decision, grounds="Page 4 of the policy names the person and the deputy.",
        criteria=list(RAISED), issuer=issuer, by=head, at=NOW,
    )  # fmt: skip
    people = [make.user(Role.REVIEWER, group_id=make.group().id) for _ in range(4)]
    appeals.name_panel(made, [one.id for one in people[:3]], by=secretary, at=NOW)
    for one in people[:3]:
        appeals.declare(made, grounds=[], note="", answers={}, issuer=issuer, by=one, at=NOW)
    key, members, naming, extra = (
        made.id,
        [one.id for one in people[:3]],
        secretary.id,
        people[3].id,
    )
    outcome, level, levels = next(WAYS)
    wanted = appeals.ProposalInput(
        outcome, level, RAISED if levels is None else levels, "The page shows what is asked for."
    )

    def looked_at() -> Appeal:
        row = session.get_one(Appeal, key)
        assert row.members
        return row

    def propose(person_id: UUID) -> Act:
        def act(ready: Ready) -> str:
            row, by = looked_at(), person(person_id)
            ready()
            appeals.propose(row, wanted, issuer=issuer, by=by, at=NOW)
            return "proposal"

        return act

    def vote(person_id: UUID, *, agrees: bool) -> Act:
        def act(ready: Ready) -> str:
            row, by = looked_at(), person(person_id)
            proposal: Proposal = row.proposals[-1]
            ready()
            appeals.vote(proposal, agrees=agrees, note="I see it so.", issuer=issuer, by=by, at=NOW)
            return "vote"

        return act

    def name(ready: Ready) -> str:
        row, by = looked_at(), person(naming)
        ready()
        appeals.name_panel(row, [extra], by=by, at=NOW)
        return "member"

    yield sixteen([propose(one) for one in members])
    says = [vote(one, agrees=way) for one in members for way in (True, True, False)]
    yield sixteen([*says, name, propose(members[0])])
    assert appeal_queries.appeal(key)


# --- drills, deadlines -------------------------------------------------------------------------


def drilling(_issuer: Any) -> Iterator[list[Act]]:
    """Two people of the group start a drill of two ways to report of a school."""
    school = make.school()
    people = [make.user(Role.COORDINATOR, group_id=school.group_id) for _ in range(2)]
    ways = [
        make.kept(
            ReportingChannel(
                school_id=school.id, kind=kind, description="A way", contact=contact,
                hours="every day", added_at=NOW,
            )
        )
        for kind, contact in (
            (ChannelKind.DIGITAL, "tell@school.example"), (ChannelKind.WRITTEN, "beside the library"),
        )
    ]  # fmt: skip
    key = school.id

    def start(person_id: UUID, way: UUID) -> Act:
        order = DrillOrder(way, MessageTemplate.PUPIL_TALK, announced=False)

        def act(ready: Ready) -> None:
            row, by = session.get_one(School, key), person(person_id)
            ready()
            drills.start(row, order, by=by, at=NOW)

        return act

    yield sixteen([start(one.id, way.id) for one in people for way in ways])


def moving(_issuer: Any) -> Iterator[list[Act]]:
    """School and group move the same day to several others; then they go on while it is met."""
    school = make.school()
    head = make.manager(school).id
    member = make.user(Role.COORDINATOR, group_id=school.group_id).id
    subject = uuid4()
    made = deadlines.open(
        DeadlineKind.CHANGES, subject_id=subject, school=school, due_on=NOW.date() + timedelta(days=20),
        person_id=None, by=person(member), at=NOW,
    )  # fmt: skip
    key = made.id

    def move(person_id: UUID, days: int) -> Act:
        def act(ready: Ready) -> None:
            row, by = session.get_one(Deadline, key), person(person_id)
            ready()
            deadlines.change(
                row, due_on=NOW.date() + timedelta(days=days), reason=REASON, by=by, at=NOW
            )

        return act

    def meet(ready: Ready) -> None:
        deadline_queries.open_deadline(DeadlineKind.CHANGES, subject)
        ready()
        deadlines.meet(DeadlineKind.CHANGES, subject_id=subject, at=NOW)

    moves = [move(who, 21 + one) for one, who in enumerate([head, member] * 16)]
    yield moves[:AT_ONCE]
    yield [*moves[AT_ONCE:-1], meet]


RACES: dict[str, Callable[[Any], Iterator[list[Act]]]] = {
    "decide": deciding,
    "hand in again": handing_in_again,
    "start and seats": starting,
    "appeal": hearing,
    "drill": drilling,
    "deadline": moving,
    "sift": sifting,
}
