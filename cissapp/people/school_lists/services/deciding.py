"""Decides the outcome of each row of a part, with a few queries for all of them; writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.db import new_ids
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.unicode import heard_key
from cissapp.people.accounts.rules import fold_address
from cissapp.people.enrolment.rules import differences
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.list_files import FORMULA
from cissapp.people.school_lists.queries import HeardSchool, PastInvitation, RegisteredSchool
from cissapp.people.school_lists.rules import (
    PersonOnList,
    ReadRow,
    RowOutcome,
    RowReader,
)
from cissapp.people.school_lists.rules.hashes import hash_of, place_of_given
from cissapp.people.school_lists.rules.likeness import (
    TownIndex,
    is_same_name,
    is_same_place,
    is_same_town,
    told_by_name,
)
from cissapp.people.school_lists.rules.sounds import is_own_code, town_of
from cissapp.people.schools.models import NationalGroup
from cissapp.people.schools.rules import RegisterFacts

# Of the rows that differ, those that an earlier row of the list contradicts have a problem of their code: it is
# stored with them, and stays when the sentence is reworded.
OF_CODE = "code"

NO_GROUP = N_("%(country)s does not have exactly one national group. Say which one to use.")
OTHER_GROUP = N_("The school with this code belongs to another national group.")
DIFFERS = N_("The register has something different in: %(columns)s.")
SAID_OTHERWISE = N_("An earlier row of the list has the same code and says something else.")
SAME_NAME_BEFORE = N_(
    "An earlier row of the list has the same name and place. If this is another school, add its district to its name."
)
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
    # The school as the rows before leave it; None if it is new.
    there: RegisteredSchool | None = None

    @property
    def is_of_merged(self) -> bool:
        """Check whether the school of the row was merged into another one, which keeps its own facts."""
        return self.there is not None and self.there.merged

    @property
    def code_before(self) -> str:
        """The code that the school had before the list, which may give it another one."""
        return self.there.code_before or self.there.facts.code if self.there else self.row.code

    @property
    def gives_code(self) -> bool:
        """Check whether the row has another code for a school that is told by its name."""
        there = self.there
        return not self.row.is_by_name and there is not None and there.facts.code != self.row.code


class HeardTown:
    """The schools of a town by their sounds."""

    def __init__(self, schools: Iterable[HeardSchool]) -> None:
        self.by_sound: dict[str, list[HeardSchool]] = {}
        for school in schools:
            self.by_sound.setdefault(school.sound, []).append(school)
        self._index: TownIndex | None = None

    def near(self, sound: str) -> Iterator[HeardSchool]:
        """Yield the schools whose sounds differ little from one."""
        self._index = self._index or TownIndex(self.by_sound)
        return (school for key in self._index.near(sound) for school in self.by_sound[key])


class Known(Struct):
    """What the register holds of the schools and people that a part names; updated with each row."""

    schools: dict[tuple[str, str], RegisteredSchool]
    # Schools that sound like those of rows with a code that is not in the register.
    sounds: dict[tuple[str, str], list[HeardSchool]]
    # The schools of the towns of rows without a code that are not in the register by their own code.
    towns: dict[tuple[str, str], HeardTown]
    people: dict[str, UUID | None]
    invited: dict[str, list[PastInvitation]]
    # What a check notes of earlier parts; once they are imported, the register has it.
    seen: Mapping[int, int]
    ids: Iterator[UUID] = field(default_factory=new_ids)


def read_rows(rows: Iterable[tuple[int, Sequence[str]]], reader: RowReader) -> list[ReadRow]:
    """Return the rows of a part as they were read; it needs no database, so it comes before a write begins."""
    read = [reader.read(cells, FORMULA) for _number, cells in rows]
    for row in read:
        if row.facts and not row.problems:
            _sound_of(row.facts)  # remembers it for the write
    return read


def decide(read: Sequence[ReadRow], task: ImportTask, seen: Mapping[int, int]) -> Iterator[RowPlan]:
    """Decide the outcome of each row of a part.

    The caller may change an outcome before it takes the next one, which is decided by those before.
    """
    known = _known(read, task, seen)
    for row in read:
        plan = _plan(row, known, task)
        yield plan
        if plan.outcome is RowOutcome.CHANGED and plan.there and row.facts:
            changed = replace(plan.there, facts=row.facts, code_before=plan.code_before)
            for code in (row.code, plan.there.facts.code):
                known.schools[row.country_code, code] = changed


def _known(read: Sequence[ReadRow], task: ImportTask, seen: Mapping[int, int]) -> Known:
    """Look up all that the rows name, in a few statements."""
    good = [row for row in read if not row.problems and not row.is_total]
    found = queries.schools_by_code((row.country_code, row.code) for row in good)
    new = [row for row in good if (row.country_code, row.code) not in found]
    by_code = [_sound_of(row.facts) for row in new if row.facts and not row.is_by_name]
    by_name = [town_of(_sound_of(row.facts)) for row in new if row.facts and row.is_by_name]
    of_towns = queries.schools_of_towns(by_name, task.countries, task.began_at)
    emails = [fold_address(person.email) for row in good for person in row.people]
    return Known(
        found,
        queries.schools_by_sound(by_code, task.countries, task.began_at),
        {town: HeardTown(schools) for town, schools in of_towns.items()},
        queries.people_by_email(emails),
        queries.invited_by_email(emails),
        seen,
    )


def _sound_of(facts: RegisterFacts) -> str:
    return heard_key(facts.name, facts.locality)


def _plan(row: ReadRow, known: Known, task: ImportTask) -> RowPlan:
    if row.is_total:
        return RowPlan(row, RowOutcome.SKIPPED)
    if row.problems:
        return RowPlan(row, RowOutcome.REFUSED, row.problems)
    group = task.groups.get(row.country_code)
    if group is None:
        return _refused(row, Problem("country", NO_GROUP, {"country": row.country_code}))
    there = known.schools.get((row.country_code, row.code)) or _same_school(row, group, known, task)
    if there is None:
        plan = _plan_of_new(row, group, known, task)
    elif there.group_id != group.id:
        return _refused(row, Problem("code", OTHER_GROUP))
    else:
        plan = _plan_of_known(row, there, task)
    if plan.outcome not in {RowOutcome.REFUSED, RowOutcome.DIFFERS, RowOutcome.DUPLICATE}:
        plan.problems += row.notes
        _add_people(plan, known)
    return plan


def _refused(row: ReadRow, problem: Problem) -> RowPlan:
    return RowPlan(row, RowOutcome.REFUSED, [problem])


def _same_school(
    row: ReadRow, group: NationalGroup, known: Known, task: ImportTask
) -> RegisteredSchool | None:
    """Find the school of the register that has the name and place of a row, if the row or the school has no code."""
    facts = row.facts
    if facts is None:
        return None
    sound, country = _sound_of(facts), task.countries[row.country_code]
    if row.is_by_name:
        town = known.towns.get((row.country_code, town_of(sound)))
        alike = town.by_sound.get(sound, []) if town else []
    else:
        heard = known.sounds.get((row.country_code, sound), ())
        alike = [one for one in heard if _may_get_code(row, one, known)]
    for one in alike:
        is_there = is_same_place(facts.region_code, one.region_code, country)
        is_called = is_same_name(facts.name, one.name) and is_same_town(
            facts.locality, one.locality
        )
        if is_there and is_called and one.now.group_id == group.id:
            return _now(row, one, known)
    return None


def _now(row: ReadRow, heard: HeardSchool, known: Known) -> RegisteredSchool:
    """Return a school that sounds like a row, as the rows before leave it."""
    there = heard.now
    return there if there.merged else known.schools.get((row.country_code, there.facts.code), there)


def _may_get_code(row: ReadRow, heard: HeardSchool, known: Known) -> bool:
    """Check whether a school is told by its name, and no row before gives it another code than this one."""
    given = known.seen.get(place_of_given(row.country_code, heard.now.facts.code))
    there = _now(row, heard, known)
    is_free = is_own_code(there.facts.code) and not there.merged
    return is_free and given in {None, hash_of(row.code)}


def _plan_of_new(row: ReadRow, group: NationalGroup, known: Known, task: ImportTask) -> RowPlan:
    facts = row.facts
    if facts is None:
        return _refused(row, Problem("code", NOT_THERE, {"code": row.code}))
    alike = None if task.keeps_duplicates else _similar_school(row, facts, known, task)
    if alike:
        values = {"name": alike.facts.name, "code": alike.facts.code}
        return RowPlan(row, RowOutcome.DUPLICATE, [Problem("row", SOUNDS_LIKE, values)], alike.id)
    school_id = next(known.ids)
    known.schools[row.country_code, row.code] = RegisteredSchool(school_id, group.id, facts)
    return RowPlan(row, RowOutcome.CREATED, [], school_id, group)


def _similar_school(
    row: ReadRow, facts: RegisterFacts, known: Known, task: ImportTask
) -> RegisteredSchool | None:
    """Find a school that a row may be: one that sounds alike; without a code also one whose name differs little."""
    sound, country = _sound_of(facts), task.countries[row.country_code]
    if not row.is_by_name:
        heard = known.sounds.get((row.country_code, sound), ())
        return next((_now(row, one, known) for one in heard if not one.now.merged), None)
    town = known.towns.get((row.country_code, town_of(sound)))
    near = town.near(sound) if town else iter(())
    here = (one for one in near if is_same_place(facts.region_code, one.region_code, country))
    return next((_now(row, one, known) for one in here), None)


def _plan_of_known(row: ReadRow, there: RegisteredSchool, task: ImportTask) -> RowPlan:
    plan = RowPlan(row, RowOutcome.UNCHANGED, [], there.id, there=there)
    if row.is_by_name and row.facts:
        row.facts = told_by_name(there.facts, row.facts)
    if there.merged:
        values = {"name": there.facts.name, "code": there.facts.code}
        plan.problems.append(Problem("row", MERGED, values))
        return plan
    different = differences(row.facts, there.facts) if row.facts else []
    if row.contradicts:
        plan.outcome = RowOutcome.DIFFERS if different else RowOutcome.UNCHANGED
        plan.problems.append(said_otherwise(plan))
    elif different:
        columns = ", ".join(name.removesuffix("_code") for name in different)
        plan.outcome = RowOutcome.CHANGED if task.changes_schools else RowOutcome.DIFFERS
        message = CHANGES if task.changes_schools else DIFFERS
        plan.problems.append(Problem("row", message, {"columns": columns}))
    return plan


def said_otherwise(plan: RowPlan) -> Problem:
    """Return why a row is left as it is that an earlier one of the list contradicts."""
    is_by_name = plan.row.is_by_name or plan.gives_code
    return Problem(OF_CODE, SAME_NAME_BEFORE if is_by_name else SAID_OTHERWISE)


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


def facts_to_write(plans: Iterable[RowPlan], outcome: RowOutcome) -> dict[UUID, RegisterFacts]:
    """Map the schools of rows with an outcome to their facts."""
    return {
        plan.school_id: plan.row.facts
        for plan in plans
        if plan.outcome is outcome and plan.school_id and plan.row.facts
    }
