"""Assigns invented applications, records how close reviews are to the model, releases people after a talk."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from random import Random
from secrets import SystemRandom
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content as current_content
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM, Actor, SystemActor
from cissapp.foundation.core.bulk.long_work import drawn_batches, each_kept
from cissapp.foundation.core.db import (
    lock,
    read_before_write,
    release_transaction,
    session,
)
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import FileStore
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.schools import services as schools
from cissapp.people.schools.rules import KeptKind
from cissapp.prepare.applications.services.calibration import (
    close_calibration,
    submit_for_calibration,
)
from cissapp.review.calibration import queries
from cissapp.review.calibration.benchmarks.planning import (
    DrawnBenchmark,
    PlannedBenchmark,
    draw_benchmark,
    plan_benchmark,
)
from cissapp.review.calibration.benchmarks.writing import (
    BenchmarkContext,
    fill_application,
    make_school,
)
from cissapp.review.calibration.models import BenchmarkCopy, CalibrationRelease
from cissapp.review.calibration.rules import compare_levels, is_due, meets_goals
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.queries import levels_of

REASON_LEAST = 20


def assign_benchmarks(
    person: User,
    *,
    content: Content,
    store: FileStore,
    by: Actor,
    at: datetime,
    dice: Random | None = None,
) -> list[BenchmarkCopy]:
    """Assign benchmarks to a person in random order; raise `Refused` while others are open.

    The transaction is released while their documents are drawn: nothing may have been written yet.
    """
    dice = dice or SystemRandom()
    with read_before_write():
        _refuse_more(person, by)
        planned = _plan_benchmarks(person, content, dice)
    release_transaction()
    drawn = [draw_benchmark(one, at) for one in planned]
    lock(f"calibration:{person.id}")
    # Meanwhile another request may have assigned some, or closed the account.
    session.refresh(person)
    _refuse_more(person, by)
    # Documents and scores need an author, and an invented school has no people.
    making = BenchmarkContext(content, store, SystemActor(id=person.id), at, dice)
    made = [_copy_for(one, person, making, by=by) for one in drawn]
    session.flush()
    return made


def _refuse_more(person: User, by: Actor) -> None:
    if person.deactivated_at is not None:
        raise Missing
    if by.group_id is not None and by.group_id != person.group_id:
        raise Missing
    if any(one.done_at is None for one in queries.copies_of(person.id)):
        message = N_(
            "This person has practice applications that are not finished yet. Wait until they are submitted."
        )
        raise Refused(Problem("open", message))


def _plan_benchmarks(person: User, content: Content, dice: Random) -> list[PlannedBenchmark]:
    """Choose benchmarks and plan their schools, each with a name that the person has not seen."""
    chosen = list(content.benchmarks)
    dice.shuffle(chosen)
    names = queries.names_of_copies(person.id)
    planned: list[PlannedBenchmark] = []
    for one in chosen[: content.standard.decision.calibration.dossiers]:
        planned.append(plan_benchmark(one, person, content, dice, names=names))
        names.add(planned[-1].facts.name)
    return planned


def _copy_for(
    drawn: DrawnBenchmark, person: User, making: BenchmarkContext, *, by: Actor
) -> BenchmarkCopy:
    benchmark = drawn.planned.benchmark
    school = make_school(drawn.planned, person, making)
    fill_application(school, drawn, making)
    application = submit_for_calibration(
        school,
        content=making.content,
        person_id=person.id,
        sifter_id=_checker(person).id,
        at=making.at,
    )
    copy = BenchmarkCopy(
        application_id=application.id,
        person_id=person.id,
        benchmark_id=benchmark.id,
        dealt_at=making.at,
        critical_wrong=[],
    )
    session.add(copy)
    session.flush()
    record(
        Event.CALIBRATION_DEALT,
        copy,
        by=by,
        at=making.at,
        person=str(person.id),
        benchmark=benchmark.id,
    )
    return copy


def _checker(person: User) -> User:
    """Return who is recorded as the completeness checker: the group's coordinator, else the person."""
    query = select(User).where(
        User.group_id == person.group_id,
        User.role == Role.COORDINATOR,
        User.deactivated_at.is_(None),
    )
    return session.scalars(query.order_by(User.joined_at)).first() or person


def assign_due_benchmarks(content: Content, *, store: FileStore, at: datetime) -> int:
    """Assign benchmarks to those whose first or yearly ones are due; return the number of people.

    Each person is committed separately: one takes hundreds of rows, and other writers wait meanwhile.
    """

    def assign(ids: Sequence[UUID]) -> int:
        with read_before_write():
            people = _due(content, at, within=ids)
        assigned = 0
        for person in people:
            # Refused where a coordinator assigned some, or the account was closed, while these were drawn.
            with suppress(Refused, Missing):
                assign_benchmarks(person, content=content, store=store, by=SYSTEM, at=at)
                assigned += 1
        return assigned

    due = [one.id for one in _due(content, at)] if content.benchmarks else []
    # In a fixed order, people for whom it fails would come first every night and block all others.
    return each_kept(drawn_batches(due, 1), assign)


def _due(content: Content, at: datetime, *, within: Sequence[UUID] | None = None) -> list[User]:
    """List the people whose benchmarks are due, of all or of those in `within`."""
    rule = content.standard.decision.calibration
    newest, waiting = queries.newest_copies(within), queries.people_with_open_copies(within)

    def is_due_for(person: User) -> bool:
        known = [one for one in (newest.get(person.id), person.calibrated_at) if one]
        has_open = person.id in waiting
        return is_due(rule, newest_at=max(known, default=None), has_open=has_open, today=at.date())

    return [one for one in queries.all_reviewers(within) if is_due_for(one)]


def record_result(review: Review, *, by: Actor, at: datetime) -> None:
    """Record how close a review is to the model, and close it; a person who meets the goals may begin."""
    copy = queries.copy_of(review.application_id)
    if copy is None:
        raise LookupError(review.application_id)
    content = current_content()
    benchmark = content.benchmark_by_id.get(copy.benchmark_id)
    standard = content.under(benchmark.version if benchmark else None).standard
    decision = standard.decision
    critical = {one.id for one in standard.criteria if one.critical}
    found = compare_levels(
        levels_of(review),
        benchmark.model if benchmark else {},
        critical,
        at_least=decision.difference.critical_at_least,
    )
    copy.done_at = at
    copy.mean_difference, copy.lean = found.difference, found.lean
    copy.critical_wrong = list(found.critical_wrong)
    close_calibration(review.application, at=at)
    record(
        Event.CALIBRATION_DONE,
        copy,
        by=by,
        at=at,
        benchmark=copy.benchmark_id,
        difference=round(found.difference, 3),
        critical_wrong=copy.critical_wrong,
    )
    session.flush()
    done = [one.comparison for one in reversed(queries.finished_copies(copy.person_id))]
    if copy.person.calibrated_at is None and meets_goals(done, decision.calibration):
        accounts.mark_calibrated(copy.person, by=by, at=at)


def release(person: User, *, reason: str, by: Actor, at: datetime) -> CalibrationRelease:
    """Release a person after a talk although the goals were missed, and record the reason."""
    if by.id is None or by.group_id != person.group_id:
        raise Missing
    lock(f"calibration:{person.id}")
    session.refresh(person)
    found = _reasons_not_to_release(person, reason, by)
    if found:
        raise Refused(*found)
    made = CalibrationRelease(
        person_id=person.id, reason=reason, released_at=at, released_by_id=by.id
    )
    session.add(made)
    session.flush()
    record(Event.CALIBRATION_RELEASED, made, by=by, at=at, person=str(person.id))
    accounts.mark_calibrated(person, by=by, at=at)
    return made


def _reasons_not_to_release(person: User, reason: str, by: Actor) -> list[Problem]:
    wanted = current_content().standard.decision.calibration.dossiers
    copies = queries.copies_of(person.id)
    found = []
    if by.id == person.id:
        message = N_(
            "You cannot approve yourself. Ask another coordinator, or review two more practice applications."
        )
        found.append(Problem("own", message))
    if person.calibrated_at is not None:
        found.append(Problem("state", N_("This person may already begin.")))
    if len([one for one in copies if one.done_at]) < wanted or any(
        one.done_at is None for one in copies
    ):
        message = N_(
            "The practice applications are not finished yet. Talk about them once they are submitted."
        )
        found.append(Problem("open", message))
    if len(reason) < REASON_LEAST:
        message = N_("Describe what you talked about in at least %(least)s characters.")
        found.append(Problem("reason", message, {"least": REASON_LEAST}))
    return found


def keep_figures(content: Content, *, at: datetime) -> int:
    """Measure and store how far people agree in each large group and in all; return the number of results."""
    standard = content.standard
    return schools.keep_figures(
        KeptKind.CALIBRATION,
        lambda actor: queries.measure_calibration(actor, standard),
        at=at,
        of_all=True,
    )
