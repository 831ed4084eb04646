"""Brings a list of schools into the register: a result for each row, safe to repeat."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, release_transaction, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.rules import Duty, fold
from cissapp.people.enrolment import queries, services, sheets
from cissapp.people.enrolment.queries import Invited, Listed
from cissapp.people.enrolment.rules import Head, Line, Outcome, Table, differences, read_line
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import Group
from cissapp.people.schools.queries import group as find_group
from cissapp.people.schools.queries import school as find_school
from cissapp.people.schools.rules import Facts
from cissapp.people.schools.tallies import Key, keys_of

# Each is a mail and some seconds' share of the database: the rest goes out when the list comes again.
MOST_INVITED = 500


@dataclass(frozen=True)
class Result:
    """What became of a row, and what there is to say about it."""

    number: int
    code: str
    name: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Brought:
    """What became of a list."""

    results: list[Result]
    unknown: list[str]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows there are of each outcome."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in Outcome}


@dataclass
class _Known:
    """What is there already; kept up as rows come in."""

    schools: dict[tuple[str, str], Listed]
    people: dict[str, UUID | None]
    invited: dict[str, list[Invited]]
    created: list[frozenset[Key]] = field(default_factory=list)
    sent: int = 0


@dataclass(frozen=True)
class _Task:
    """Who brings a list into what."""

    groups: Mapping[str, Group]
    countries: Mapping[str, CountryPack]
    by: Actor
    at: datetime


def bring(
    table: Table,
    *,
    groups: Mapping[str, Group],
    countries: Mapping[str, CountryPack],
    by: Actor,
    at: datetime,
) -> Brought:
    """Register every school of a list that is not there yet; a bad row harms no other.

    A school that is there is never changed. A head is invited once, however often the list comes.
    `groups` says which national group takes the schools of a country.
    """
    lock("schools.import")
    task = _Task(groups, countries, by, at)
    read = [(line, _read(line, countries)) for line in table.lines]
    known = _known([row for _line, row in read if not isinstance(row, Refused)])
    results = [_result(line, row, task, known) for line, row in read]
    schools.count_new(known.created)
    brought = Brought(results, table.unknown)
    counts: dict[str, Any] = {outcome.value: number for outcome, number in brought.counts.items()}
    record(Event.SCHOOL_IMPORTED, ("school_list", _digest(table)), by=by, at=at, **counts)
    session.flush()
    return brought


def bring_file(
    content: bytes, group_id: UUID, packs: Mapping[str, CountryPack], *, by: Actor, at: datetime
) -> Brought:
    """Bring a file into the register of one national group; reading it keeps nobody from writing."""
    if len(content) > sheets.MOST_BYTES:
        raise Refused(Problem("file", N_("The file has more than 2 MB. Split the list.")))
    release_transaction()
    table = sheets.read(content)
    group = find_group(group_id)
    covered = group.country_codes if group else []
    countries = {code: packs[code] for code in covered if code in packs}
    groups = {code: group for code in countries if group}
    return bring(table, groups=groups, countries=countries, by=by, at=at)


def _digest(table: Table) -> str:
    """Name a list by what stands in it."""
    text = repr([sorted(line.cells.items()) for line in table.lines])
    return hashlib.sha256(text.encode()).hexdigest()


def _read(line: Line, countries: Mapping[str, CountryPack]) -> tuple[Facts, Head | None] | Refused:
    try:
        return read_line(line, countries)
    except Refused as refused:
        return refused


def _known(rows: list[tuple[Facts, Head | None]]) -> _Known:
    """Look up all that the rows name, in a few queries."""
    emails = [fold(head.email) for _facts, head in rows if head]
    return _Known(
        queries.schools_by_code((facts.country_code, facts.code) for facts, _head in rows),
        queries.people_by_email(emails),
        queries.invited_by_email(emails),
    )


def _result(
    line: Line, row: tuple[Facts, Head | None] | Refused, task: _Task, known: _Known
) -> Result:
    code, name = line.cells.get("code", "").strip(), line.cells.get("name", "").strip()
    try:
        if isinstance(row, Refused):
            raise row
        outcome, problems = _bring(*row, task, known)
    except Refused as refused:
        return Result(line.number, code, name, Outcome.REFUSED, refused.problems)
    except (DataError, IntegrityError):
        problem = Problem(
            "row", N_("The database does not take this row. Look at its code and characters.")
        )
        return Result(line.number, code, name, Outcome.REFUSED, (problem,))
    return Result(line.number, code, name, outcome, problems)


def _bring(
    facts: Facts, head: Head | None, task: _Task, known: _Known
) -> tuple[Outcome, tuple[Problem, ...]]:
    group = task.groups.get(facts.country_code)
    if group is None:
        message = N_("Not one national group alone covers %(country)s: say which.")
        raise Refused(Problem("country", message, {"country": facts.country_code}))
    there = known.schools.get((facts.country_code, facts.code))
    if there is None:
        with session.begin_nested():
            return Outcome.CREATED, _create(facts, head, group, task, known)
    if there.group_id != group.id:
        raise Refused(
            Problem("code", N_("The school with this code belongs to another national group."))
        )
    different = differences(facts, there.facts)
    if different:
        message = N_("The register says something else in: %(columns)s.")
        values = {"columns": ", ".join(name.removesuffix("_code") for name in different)}
        return Outcome.DIFFERS, (Problem("row", message, values),)
    with session.begin_nested():
        return Outcome.UNCHANGED, _invite(head, there.id, task, known)


def _create(
    facts: Facts, head: Head | None, group: Group, task: _Task, known: _Known
) -> tuple[Problem, ...]:
    school = schools.enter(facts, group=group, by=task.by, at=task.at)
    notes = _invite(head, school.id, task, known)
    known.schools[facts.country_code, facts.code] = Listed(school.id, group.id, facts)
    known.created.append(keys_of(school))
    return notes


def _invite(head: Head | None, school_id: UUID, task: _Task, known: _Known) -> tuple[Problem, ...]:
    """Invite the head, unless that was done before; say so if the address is in use elsewhere."""
    if head is None or _was_invited(fold(head.email), school_id, known):
        return ()
    address = fold(head.email)
    before = known.invited.setdefault(address, [])
    if address in known.people or any(one.waits for one in before):
        message = N_(
            "The head is not invited: the address is in use for another account or invitation."
        )
        return (Problem("head_email", message),)
    school = find_school(school_id)
    if school is None or known.sent == MOST_INVITED:
        message = N_("The head is not invited yet: bring the list in again to go on.")
        return (Problem("head_email", message),)
    services.invite_to_school(
        school,
        duty=Duty.HEAD,
        email=head.email,
        name=head.name or head.email,
        by=task.by,
        at=task.at,
    )
    before.append(Invited(school_id, waits=True))
    known.sent += 1
    return (Problem("head_email", N_("The head is invited.")),)


def _was_invited(address: str, school_id: UUID, known: _Known) -> bool:
    """Say whether somebody with the address is of the school, or was ever invited to it."""
    joined = address in known.people and known.people[address] == school_id
    return joined or any(one.school_id == school_id for one in known.invited.get(address, []))
