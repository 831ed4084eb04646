"""Imports a list of schools into the register: a result for each row, safe to repeat."""

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
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, release_transaction, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.rules import Duty, fold_address
from cissapp.people.enrolment import queries
from cissapp.people.enrolment.list_files import MOST_BYTES, read_list
from cissapp.people.enrolment.queries import PastInvitation, RegisteredSchool
from cissapp.people.enrolment.rules import (
    HeadContact,
    ListRow,
    RowOutcome,
    SchoolList,
    differences,
    read_row,
)
from cissapp.people.enrolment.services.invitations import invite_to_school
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import NationalGroup
from cissapp.people.schools.queries import group as find_group
from cissapp.people.schools.queries import school as find_school
from cissapp.people.schools.rules import RegisterFacts
from cissapp.people.schools.services.tallies import Key, keys_of

# Each is a mail and some seconds' share of the database: the rest goes out when the list comes again.
MOST_INVITED = 500


@dataclass(frozen=True)
class RowResult:
    """What became of a row of a list, and why."""

    number: int
    code: str
    name: str
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ImportResult:
    """What became of each row of a list, and the columns that were not read."""

    results: list[RowResult]
    unknown: list[str]

    @property
    def counts(self) -> dict[RowOutcome, int]:
        """How many rows there are of each outcome."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in RowOutcome}


@dataclass
class _ImportState:
    """What the register holds already; updated with each row."""

    schools: dict[tuple[str, str], RegisteredSchool]
    people: dict[str, UUID | None]
    invited: dict[str, list[PastInvitation]]
    created: list[frozenset[Key]] = field(default_factory=list)
    sent: int = 0


@dataclass(frozen=True)
class _ImportTask:
    """Who imports a list into which groups and countries."""

    groups: Mapping[str, NationalGroup]
    countries: Mapping[str, CountryPack]
    by: Actor
    at: datetime


def import_schools(
    table: SchoolList,
    *,
    groups: Mapping[str, NationalGroup],
    countries: Mapping[str, CountryPack],
    by: Actor,
    at: datetime,
) -> ImportResult:
    """Register every school of a list that is not there yet; a bad row does not stop the others.

    A school that is there is never changed. A head is invited once, however often the list comes.
    `groups` says which national group takes the schools of a country.
    """
    lock("schools.import")
    task = _ImportTask(groups, countries, by, at)
    read = [(line, _read(line, countries)) for line in table.lines]
    known = _known_before([row for _line, row in read if not isinstance(row, Refused)])
    results = [_result(line, row, task, known) for line, row in read]
    schools.count_new(known.created)
    imported = ImportResult(results, table.unknown)
    counts: dict[str, Any] = {outcome.value: number for outcome, number in imported.counts.items()}
    record(Event.SCHOOL_IMPORTED, ("school_list", _digest(table)), by=by, at=at, **counts)
    session.flush()
    return imported


def import_file(
    content: bytes, group_id: UUID, packs: Mapping[str, CountryPack], *, by: Actor, at: datetime
) -> ImportResult:
    """Import a file into the register of one national group; no transaction is open while it is read."""
    if len(content) > MOST_BYTES:
        raise Refused(Problem("file", N_("The file has more than 2 MB. Split the list.")))
    release_transaction()
    table = read_list(content)
    group = find_group(group_id)
    covered = group.country_codes if group else []
    countries = {code: packs[code] for code in covered if code in packs}
    groups = {code: group for code in countries if group}
    return import_schools(table, groups=groups, countries=countries, by=by, at=at)


def _digest(table: SchoolList) -> str:
    """Hash a list by its content."""
    text = repr([sorted(line.cells.items()) for line in table.lines])
    return hashlib.sha256(text.encode()).hexdigest()


def _read(
    line: ListRow, countries: Mapping[str, CountryPack]
) -> tuple[RegisterFacts, HeadContact | None] | Refused:
    try:
        return read_row(line, countries)
    except Refused as refused:
        return refused


def _known_before(rows: list[tuple[RegisterFacts, HeadContact | None]]) -> _ImportState:
    """Look up all that the rows name, in a few queries."""
    emails = [fold_address(head.email) for _facts, head in rows if head]
    return _ImportState(
        queries.schools_by_code((facts.country_code, facts.code) for facts, _head in rows),
        queries.people_by_email(emails),
        queries.invited_by_email(emails),
    )


def _result(
    line: ListRow,
    row: tuple[RegisterFacts, HeadContact | None] | Refused,
    task: _ImportTask,
    known: _ImportState,
) -> RowResult:
    code, name = line.cells.get("code", "").strip(), line.cells.get("name", "").strip()
    try:
        if isinstance(row, Refused):
            raise row
        outcome, problems = _import_row(*row, task, known)
    except Refused as refused:
        return RowResult(line.number, code, name, RowOutcome.REFUSED, refused.problems)
    except (DataError, IntegrityError):
        problem = Problem(
            "row", N_("The database does not take this row. Look at its code and characters.")
        )
        return RowResult(line.number, code, name, RowOutcome.REFUSED, (problem,))
    return RowResult(line.number, code, name, outcome, problems)


def _import_row(
    facts: RegisterFacts, head: HeadContact | None, task: _ImportTask, known: _ImportState
) -> tuple[RowOutcome, tuple[Problem, ...]]:
    group = task.groups.get(facts.country_code)
    if group is None:
        message = N_("Not one national group alone covers %(country)s: say which.")
        raise Refused(Problem("country", message, {"country": facts.country_code}))
    there = known.schools.get((facts.country_code, facts.code))
    if there is None:
        with session.begin_nested():
            return RowOutcome.CREATED, _create(facts, head, group, task, known)
    if there.group_id != group.id:
        raise Refused(
            Problem("code", N_("The school with this code belongs to another national group."))
        )
    different = differences(facts, there.facts)
    if different:
        message = N_("The register says something else in: %(columns)s.")
        values = {"columns": ", ".join(name.removesuffix("_code") for name in different)}
        return RowOutcome.DIFFERS, (Problem("row", message, values),)
    with session.begin_nested():
        return RowOutcome.UNCHANGED, _invite(head, there.id, task, known)


def _create(
    facts: RegisterFacts,
    head: HeadContact | None,
    group: NationalGroup,
    task: _ImportTask,
    known: _ImportState,
) -> tuple[Problem, ...]:
    school = schools.enter_school(facts, group=group, by=task.by, at=task.at)
    notes = _invite(head, school.id, task, known)
    known.schools[facts.country_code, facts.code] = RegisteredSchool(school.id, group.id, facts)
    known.created.append(keys_of(school))
    return notes


def _invite(
    head: HeadContact | None, school_id: UUID, task: _ImportTask, known: _ImportState
) -> tuple[Problem, ...]:
    """Invite the head once; return a note if the address is in use elsewhere."""
    if head is None or _was_invited(fold_address(head.email), school_id, known):
        return ()
    address = fold_address(head.email)
    before = known.invited.setdefault(address, [])
    if address in known.people or any(one.waits for one in before):
        message = N_(
            "The head is not invited: the address is in use for another account or invitation."
        )
        return (Problem("head_email", message),)
    school = find_school(school_id)
    if school is None or known.sent == MOST_INVITED:
        message = N_("The head is not invited yet. Import the list again to continue.")
        return (Problem("head_email", message),)
    invite_to_school(
        school,
        duty=Duty.HEAD,
        email=head.email,
        name=head.name or head.email,
        by=task.by,
        at=task.at,
    )
    before.append(PastInvitation(school_id, waits=True))
    known.sent += 1
    return (Problem("head_email", N_("The head is invited.")),)


def _was_invited(address: str, school_id: UUID, known: _ImportState) -> bool:
    """Check whether a person with the address is of the school, or was ever invited to it."""
    joined = address in known.people and known.people[address] == school_id
    return joined or any(one.school_id == school_id for one in known.invited.get(address, []))
