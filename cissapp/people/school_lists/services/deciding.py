"""Decides the outcome of each row of a part, with a few queries for all of them; writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import astuple

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.db import new_ids
from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.accounts.rules import fold_address
from cissapp.people.enrolment.rules import differences
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.list_files import FORMULA
from cissapp.people.school_lists.queries import PastInvitation, RegisteredSchool
from cissapp.people.school_lists.rules import (
    PersonOnList,
    ReadRow,
    RowOutcome,
    RowReader,
    RowResult,
)
from cissapp.people.school_lists.rules.sounds import sounds_of
from cissapp.people.schools.models import NationalGroup
from cissapp.people.schools.rules import RegisterFacts

# Rows that agree with the register or are to, and those that an earlier row of the list may contradict.
COMPARED = frozenset(
    {RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.UNCHANGED, RowOutcome.DIFFERS}
)
# Of the rows that differ, those that an earlier row of the list contradicts have a problem of their code: it is
# stored with them, and stays when the sentence is reworded.
OF_CODE = "code"
# Two of a million codes have the same hash once in a hundred thousand lists.
HASH_BYTES = 7

NO_GROUP = N_("%(country)s does not have exactly one national group. Say which one to use.")
OTHER_GROUP = N_("The school with this code belongs to another national group.")
DIFFERS = N_("The register has something different in: %(columns)s.")
SAID_OTHERWISE = N_("An earlier row of the list has the same code and says something else.")
CHANGES = N_("New in the register: %(columns)s.")
MERGED = N_("This school was merged with “%(name)s”, code %(code)s.")
SOUNDS_LIKE = N_("The register already has “%(name)s”, code %(code)s, in the same place.")
NOT_THERE = N_("The register has no school with the code %(code)s.")
ADDRESS_IN_USE = N_(
    "“%(email)s” is not invited because the address is in use for another account or invitation."
)


class ImportTask(Struct, frozen=True):
    """What a list is imported into, and how.

    `began_at` is when the list was uploaded: schools registered later are not duplicates of its rows.
    """

    groups: Mapping[str, NationalGroup]
    countries: Mapping[str, CountryPack]
    began_at: datetime
    changes_schools: bool = False
    keeps_duplicates: bool = False


class RowPlan(Struct):
    """What is to happen to a row: its outcome, its school, and the people to invite."""

    row: ReadRow
    outcome: RowOutcome
    problems: list[Problem] = field(default_factory=list)
    school_id: UUID | None = None
    group: NationalGroup | None = None
    invited: list[PersonOnList] = field(default_factory=list)
    # Whether the school of the row was merged into another one, which keeps its own facts.
    is_of_merged: bool = False


class Known(Struct):
    """What the register holds of the schools and people that a part names; updated with each row."""

    schools: dict[tuple[str, str], RegisteredSchool]
    sounds: dict[tuple[str, str], tuple[UUID, str, str]]
    people: dict[str, UUID | None]
    invited: dict[str, list[PastInvitation]]
    ids: Iterator[UUID] = field(default_factory=new_ids)


def read_rows(rows: Iterable[tuple[int, Sequence[str]]], reader: RowReader) -> list[ReadRow]:
    """Return the rows of a part as they were read; it needs no database, so it comes before a write begins."""
    read = [reader.read(cells, FORMULA) for _number, cells in rows]
    for row in read:
        if row.facts and not row.problems:
            sounds_of(row.facts.name, row.facts.locality)  # remembers them for the write
    return read


def decide(read: Sequence[ReadRow], task: ImportTask) -> list[RowPlan]:
    """Decide the outcome of each row of a part."""
    known = _known(read, task)
    return [_plan(row, known, task) for row in read]


def _known(read: Sequence[ReadRow], task: ImportTask) -> Known:
    """Look up all that the rows name, in a few statements."""
    good = [row for row in read if not row.problems]
    found = queries.schools_by_code((row.country_code, row.code) for row in good)
    new = [
        sound
        for row in good
        if row.facts and (row.country_code, row.code) not in found
        for sound in sounds_of(row.facts.name, row.facts.locality)
    ]
    emails = [fold_address(person.email) for row in good for person in row.people]
    return Known(
        found,
        queries.schools_by_sound(new, task.countries, task.began_at) if new else {},
        queries.people_by_email(emails),
        queries.invited_by_email(emails),
    )


def _plan(row: ReadRow, known: Known, task: ImportTask) -> RowPlan:
    if row.problems:
        return RowPlan(row, RowOutcome.REFUSED, row.problems)
    group = task.groups.get(row.country_code)
    if group is None:
        return _refused(row, Problem("country", NO_GROUP, {"country": row.country_code}))
    there = known.schools.get((row.country_code, row.code))
    if there is None:
        plan = _plan_of_new(row, group, known, task)
    elif there.group_id != group.id:
        return _refused(row, Problem("code", OTHER_GROUP))
    else:
        plan = _plan_of_known(row, there, known, task)
    if plan.outcome not in {RowOutcome.REFUSED, RowOutcome.DIFFERS, RowOutcome.DUPLICATE}:
        plan.problems += row.notes
        _add_people(plan, known)
    return plan


def _refused(row: ReadRow, problem: Problem) -> RowPlan:
    return RowPlan(row, RowOutcome.REFUSED, [problem])


def _plan_of_new(row: ReadRow, group: NationalGroup, known: Known, task: ImportTask) -> RowPlan:
    facts = row.facts
    if facts is None:
        return _refused(row, Problem("code", NOT_THERE, {"code": row.code}))
    sounds = ((row.country_code, sound) for sound in sounds_of(facts.name, facts.locality))
    alike = next(filter(None, map(known.sounds.get, sounds)), None)
    if alike and not task.keeps_duplicates:
        problem = Problem("row", SOUNDS_LIKE, {"name": alike[1], "code": alike[2]})
        return RowPlan(row, RowOutcome.DUPLICATE, [problem], alike[0])
    school_id = next(known.ids)
    known.schools[row.country_code, row.code] = RegisteredSchool(school_id, group.id, facts)
    return RowPlan(row, RowOutcome.CREATED, [], school_id, group)


def _plan_of_known(
    row: ReadRow, there: RegisteredSchool, known: Known, task: ImportTask
) -> RowPlan:
    plan = RowPlan(row, RowOutcome.UNCHANGED, [], there.id)
    if there.merged:
        values = {"name": there.facts.name, "code": there.facts.code}
        plan.problems.append(Problem("row", MERGED, values))
        plan.is_of_merged = True
        return plan
    different = differences(row.facts, there.facts) if row.facts else []
    if different and row.contradicts:
        plan.outcome, plan.problems = RowOutcome.DIFFERS, [Problem(OF_CODE, SAID_OTHERWISE)]
    elif different:
        columns = ", ".join(name.removesuffix("_code") for name in different)
        plan.outcome = RowOutcome.CHANGED if task.changes_schools else RowOutcome.DIFFERS
        message = CHANGES if task.changes_schools else DIFFERS
        plan.problems.append(Problem("row", message, {"columns": columns}))
    if plan.outcome is RowOutcome.CHANGED and row.facts:
        changed = RegisteredSchool(there.id, there.group_id, row.facts)
        known.schools[row.country_code, row.code] = changed
    return plan


def _add_people(plan: RowPlan, known: Known) -> None:
    """Plan whom to invite, each once; note whose address is in use elsewhere."""
    for person in plan.row.people:
        address = fold_address(person.email)
        before = known.invited.setdefault(address, [])
        joined = address in known.people and known.people[address] == plan.school_id
        if joined or any(one.school_id == plan.school_id for one in before):
            continue
        if address in known.people or any(one.waits for one in before):
            plan.problems.append(Problem("email", ADDRESS_IN_USE, {"email": address}))
            continue
        before.append(PastInvitation(plan.school_id, waits=True))
        plan.invited.append(person)


def check_rows(
    read: Sequence[ReadRow], task: ImportTask, seen: MutableMapping[int, int]
) -> list[RowResult]:
    """Return what would happen to the rows of a part, with the number of invitations in `invited`.

    `seen` holds the schools of earlier rows as two hashes each, so that a million rows fit in memory.
    """
    results = []
    for plan in decide(read, task):
        result = RowResult(plan.outcome, tuple(plan.problems), plan.school_id)
        if plan.row.facts and plan.outcome in COMPARED and not plan.is_of_merged:
            _compare_with_list(result, plan.row.facts, seen)
        result.invited = 0 if result.outcome is RowOutcome.DIFFERS else len(plan.invited)
        results.append(result)
    return results


def remember_seen(results: Iterable[Mapping[str, Any]], seen: MutableMapping[int, int]) -> None:
    """Note in `seen` the schools of a part that was checked, from its results as they are stored."""
    for result in results:
        code, said = result.get("h", (None, 0))
        if code is not None:  # a release before this one stored none
            seen[code] = said


def _compare_with_list(
    result: RowResult, facts: RegisterFacts, seen: MutableMapping[int, int]
) -> None:
    """Set the outcome of a row whose code an earlier row of the list may have; remember those that go into the register."""
    code, said = _hash_of((facts.country_code, facts.code)), _hash_of(astuple(facts))
    if result.outcome is RowOutcome.CREATED:
        result.school_id = None
    if code not in seen:
        if result.outcome is not RowOutcome.DIFFERS:
            seen[code], result.hashes = said, (code, said)
    elif seen[code] == said:
        result.outcome, result.problems = RowOutcome.UNCHANGED, ()
    else:
        result.outcome = RowOutcome.DIFFERS
        result.problems = (Problem(OF_CODE, SAID_OTHERWISE),)


def _hash_of(values: tuple[Any, ...]) -> int:
    """Return a hash that another process computes, too."""
    return int.from_bytes(blake2b(repr(values).encode(), digest_size=HASH_BYTES).digest())


def contradicts(checked: Mapping[str, Any]) -> bool:
    """Return whether the check of a row, as it is stored, found that an earlier row of the list says something else."""
    differs = checked.get("o") == RowOutcome.DIFFERS
    return differs and any(code == OF_CODE for code, *_said in checked.get("p", ()))


def facts_to_write(plans: Iterable[RowPlan], outcome: RowOutcome) -> dict[UUID, RegisterFacts]:
    """Map the schools of rows with an outcome to their facts."""
    return {
        plan.school_id: plan.row.facts
        for plan in plans
        if plan.outcome is outcome and plan.school_id and plan.row.facts
    }
