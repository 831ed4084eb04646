"""Writes of schools: their facts in the register, and their status."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import EllipsisType
from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools import queries
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.queries import facts_hash
from cissapp.people.schools.rules import Progress, RegisterFacts, Standing
from cissapp.people.schools.services import history, many, tallies

CODE_TAKEN = N_("A school with this code is already in the register.")


def register(facts: RegisterFacts, *, group: NationalGroup, by: Actor, at: datetime) -> School:
    """Put a school into the register, and count it."""
    if queries.school_by_code(facts.country_code, facts.code):
        raise Refused(Problem("code", CODE_TAKEN))
    try:
        with session.begin_nested():
            school = enter_school(facts, group=group, by=by, at=at)
    except IntegrityError as error:
        raise Refused(Problem("code", CODE_TAKEN)) from error
    count_new([tallies.keys_of(school)])
    return school


def enter_school(facts: RegisterFacts, *, group: NationalGroup, by: Actor, at: datetime) -> School:
    """Put a school of a list into the register.

    The caller checks the code before, opens a savepoint, and calls `count_new` in the same unit of work.
    """
    (school,) = many.enter_schools({new_id(): facts}, group=group, by=by, at=at)
    return school


def add_invented_school(
    facts: RegisterFacts, *, group: NationalGroup, only_for_id: UUID, registered_at: datetime
) -> School:
    """Add an invented school for calibration, which only one person finds and which is never counted."""
    school = School(
        **asdict(facts),
        group_id=group.id,
        registered_at=registered_at,
        progress=Progress.TRAINED,
        standing=Standing.NONE,
        only_for_id=only_for_id,
    )
    session.add(school)
    session.flush()
    return school


def count_new(keys: Iterable[frozenset[tallies.Key]]) -> None:
    """Count newly added schools, each by the rows that `tallies.keys_of` returns for it."""
    tallies.move([], [key for one in keys for key in one])


def change_facts(school: School, facts: RegisterFacts, *, by: Actor, at: datetime) -> None:
    """Change a school's facts, except its country; one that moves to another region is counted there."""
    new = {key: value for key, value in asdict(facts).items() if key != "country_code"}
    changed = sorted(key for key, value in new.items() if getattr(school, key) != value)
    if not changed:
        return
    if "code" in changed and queries.school_by_code(school.country_code, facts.code):
        raise Refused(Problem("code", CODE_TAKEN))
    counted, stood = tallies.keys_of(school), history.status_of(school)
    if "code" in changed:
        many.give_way({(school.country_code, facts.code)})
    for key in changed:
        setattr(school, key, new[key])
    _write_facts(school)
    tallies.move(counted, tallies.keys_of(school))
    history.note(school, stood, at=at)
    said = {"changed": changed, "sha256": facts_hash(school)}
    record(Event.SCHOOL_CHANGED, school, by=by, at=at, school_id=school.id, **said)
    session.flush()


def _write_facts(school: School) -> None:
    try:
        with session.begin_nested():
            session.flush([school])
    except IntegrityError as error:
        raise Refused(Problem("code", CODE_TAKEN)) from error


def place(
    school: School,
    *,
    at: datetime,
    progress: Progress | None = None,
    standing: Standing | None = None,
    level: int | EllipsisType | None = ...,
    valid_until_on: date | EllipsisType | None = ...,
) -> None:
    """Set a school's status; what is left out stays. Only this and `place_each` write these columns.

    The caller records why. The school is locked by its version until the change is committed, and the
    tallies and the history follow in the same unit of work.
    """
    counted, stood = tallies.keys_of(school), history.status_of(school)
    if progress is not None:
        school.progress = progress
    if standing is not None:
        school.standing = standing
    if level is not ...:
        school.level = level
    if valid_until_on is not ...:
        school.valid_until_on = valid_until_on
    tallies.move(counted, tallies.keys_of(school))
    history.note(school, stood, at=at)


def place_each(standings: Mapping[School, tuple[Standing, int, date]], *, at: datetime) -> None:
    """Set standing, level and last day of several schools, as `place`; the tallies follow once for all of them."""
    counted = _counted(standings)
    stood = [(school, history.status_of(school)) for school in standings]
    for school, (standing, level, valid_until_on) in standings.items():
        school.standing, school.level, school.valid_until_on = standing, level, valid_until_on
    tallies.move(counted, _counted(standings))
    for school, before in stood:
        history.note(school, before, at=at)


def _counted(schools: Iterable[School]) -> list[tallies.Key]:
    return [key for school in schools for key in tallies.keys_of(school)]
