"""Writes of many schools at once, and of a school that leaves the register."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy import select, tuple_, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record, record_each
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.queries import facts_hash
from cissapp.people.schools.rules import Progress, RegisterFacts, Standing
from cissapp.people.schools.services import history, tallies

# `only_for_id` of schools that left the register: no person has this id, so nobody finds them.
NOBODY = UUID(int=0)


def enter_schools(
    facts_by_id: Mapping[UUID, RegisterFacts], *, group: NationalGroup, by: Actor, at: datetime
) -> list[School]:
    """Put schools of a list into the register, in a few statements for all of them.

    The caller checks the codes before, opens a savepoint, and calls `count_new` in the same unit of work.
    """
    if any(facts.country_code not in group.country_codes for facts in facts_by_id.values()):
        raise Refused(
            Problem("country_code", N_("The national group does not cover this country."))
        )
    give_way({(facts.country_code, facts.code) for facts in facts_by_id.values()})
    schools = [
        School(
            id=school_id,
            **asdict(facts),
            group_id=group.id,
            registered_at=at,
            registered_by_id=by.id,
            progress=Progress.REGISTERED,
            standing=Standing.NONE,
        )
        for school_id, facts in facts_by_id.items()
    ]
    session.add_all(schools)
    session.flush()
    history.note_new(schools, at=at)
    said = [(one, {"code": one.code, "sha256": facts_hash(one)}) for one in schools]
    record_each(Event.SCHOOL_REGISTERED, said, by=by, at=at)
    return schools


def give_way(codes: set[tuple[str, str]]) -> None:
    """Rename the codes of schools outside the register, so that real schools can use them.

    These are schools invented for a calibration and schools that left. A merged school keeps its code:
    the register has that school already, under another code.
    """
    standing_there = select(School).where(
        tuple_(School.country_code, School.code).in_(sorted(codes)),
        School.only_for_id.is_not(None),
        School.merged_into_id.is_(None),
    )
    for school in list(session.scalars(standing_there)):
        school.code = f"{school.code}-{secrets.token_hex(3)}"
    session.flush()


def leave_together(schools: Sequence[School], *, by: Actor, at: datetime) -> None:
    """Remove the schools of one list from the register again, in a few statements for all of them."""
    counted = [key for school in schools for key in tallies.keys_of(school)]
    stood = [(school, history.status_of(school)) for school in schools]
    for school in schools:
        school.only_for_id, school.merged_into_id = NOBODY, None
    tallies.move(counted, [])
    history.note_gone(stood, at=at)
    said = [(school, {"code": school.code}) for school in schools]
    record_each(Event.SCHOOL_LEFT_REGISTER, said, by=by, at=at)
    session.flush()


def leave_register(
    school: School, *, by: Actor, at: datetime, now_at: School | None = None
) -> None:
    """Remove a school from the register: it is no longer found or counted, but its history stays.

    `now_at` is the school of the register that it turned out to be.
    """
    counted, stood = tallies.keys_of(school), history.status_of(school)
    school.only_for_id = NOBODY
    school.merged_into_id = now_at.id if now_at else None
    if now_at:
        earlier = School.merged_into_id == school.id
        session.execute(update(School).where(earlier).values(merged_into_id=now_at.id))
    tallies.move(counted, [])
    history.note_left(school, stood, at=at)
    said = {"code": school.code, **({"merged_into": str(now_at.id)} if now_at else {})}
    record(Event.SCHOOL_LEFT_REGISTER, school, by=by, at=at, school_id=school.id, **said)
    session.flush()
