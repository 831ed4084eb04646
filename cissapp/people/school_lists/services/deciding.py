"""Decides the outcome of each row of a part, with a few queries for all of them; writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.accounts.rules import fold_address
from cissapp.people.enrolment.rules import differences
from cissapp.people.school_lists.list_files import FORMULA
from cissapp.people.school_lists.queries import PastInvitation, RegisteredSchool
from cissapp.people.school_lists.rules import (
    PersonOnList,
    ReadRow,
    RowOutcome,
    RowReader,
)
from cissapp.people.school_lists.rules.likeness import told_by_name
from cissapp.people.school_lists.rules.sounds import is_own_code
from cissapp.people.school_lists.services.recognising import (
    ImportTask,
    Known,
    known_of,
    same_school,
    similar_school,
    sound_of,
)
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
NO_CODE_YET = N_(
    "The school has no code yet. To give it this one, tick the box for changes to the register."
)
CHANGES = N_("New in the register: %(columns)s.")
MERGED = N_("This school was merged with “%(name)s”, code %(code)s.")
SOUNDS_LIKE = N_("The register already has “%(name)s”, code %(code)s, in the same place.")
NOT_THERE = N_("The register has no school with the code %(code)s.")
HAS_LEFT = N_(
    "“%(email)s” is not invited because the account with this address was closed. If the person comes back, or somebody else has the address now, invite them on the page of the school."
)
ADDRESS_IN_USE = N_(
    "“%(email)s” is not invited because the address is in use for another account or invitation."
)


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


def read_rows(rows: Iterable[tuple[int, Sequence[str]]], reader: RowReader) -> list[ReadRow]:
    """Return the rows of a part as they were read; it needs no database, so it comes before a write begins."""
    read = [reader.read(cells, FORMULA) for _number, cells in rows]
    for row in read:
        if row.facts and not row.problems:
            sound_of(row.facts)  # remembers it for the write
    return read


def decide(read: Sequence[ReadRow], task: ImportTask, seen: Mapping[int, int]) -> Iterator[RowPlan]:
    """Decide the outcome of each row of a part.

    The caller may change an outcome before it takes the next one, which is decided by those before.
    """
    known = known_of(read, task, seen)
    for row in read:
        plan = _plan(row, known, task)
        yield plan
        if plan.outcome is RowOutcome.CHANGED and plan.there and row.facts:
            changed = replace(plan.there, facts=row.facts, code_before=plan.code_before)
            for code in (row.code, plan.there.facts.code):
                known.schools[row.country_code, code] = changed


def _plan(row: ReadRow, known: Known, task: ImportTask) -> RowPlan:
    if row.is_skipped:
        return RowPlan(row, RowOutcome.SKIPPED)
    if row.problems:
        return RowPlan(row, RowOutcome.REFUSED, row.problems)
    group = task.groups.get(row.country_code)
    if group is None:
        return _refused(row, Problem("country", NO_GROUP, {"country": row.country_code}))
    there = known.schools.get((row.country_code, row.code)) or same_school(row, group, known, task)
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


def _plan_of_new(row: ReadRow, group: NationalGroup, known: Known, task: ImportTask) -> RowPlan:
    facts = row.facts
    if facts is None:
        return _refused(row, Problem("code", NOT_THERE, {"code": row.code}))
    if row.is_by_name and row.contradicts:
        return RowPlan(row, RowOutcome.DIFFERS, [Problem(OF_CODE, SAME_NAME_BEFORE)])
    alike = None if task.keeps_duplicates else similar_school(row, facts, known, task)
    if alike:
        values = {"name": alike.facts.name, "code": alike.facts.code}
        return RowPlan(row, RowOutcome.DUPLICATE, [Problem("row", SOUNDS_LIKE, values)], alike.id)
    school_id = next(known.ids)
    known.schools[row.country_code, row.code] = RegisteredSchool(school_id, group.id, facts)
    return RowPlan(row, RowOutcome.CREATED, [], school_id, group)


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
        plan.outcome = RowOutcome.CHANGED if task.changes_schools else RowOutcome.DIFFERS
        plan.problems.append(_what_differs(different, there, task))
    return plan


def _what_differs(different: Sequence[str], there: RegisteredSchool, task: ImportTask) -> Problem:
    if not task.changes_schools and [*different] == ["code"] and is_own_code(there.facts.code):
        return Problem("row", NO_CODE_YET)
    columns = ", ".join(name.removesuffix("_code") for name in different)
    return Problem("row", CHANGES if task.changes_schools else DIFFERS, {"columns": columns})


def said_otherwise(plan: RowPlan) -> Problem:
    """Return why a row is left as it is that an earlier one of the list contradicts."""
    is_by_name = plan.row.is_by_name or plan.gives_code
    return Problem(OF_CODE, SAME_NAME_BEFORE if is_by_name else SAID_OTHERWISE)


def _add_people(plan: RowPlan, known: Known) -> None:
    """Plan whom to invite, each once; note whose address is in use elsewhere."""
    for person in plan.row.people:
        address = fold_address(person.email)
        before = known.invited.setdefault(address, [])
        there = known.people.get(address)
        if there and there.has_left and not any(one.waits for one in before):
            plan.problems.append(Problem("email", HAS_LEFT, {"email": address}))
            continue
        joined = there is not None and there.school_id == plan.school_id
        if joined or any(one.school_id == plan.school_id for one in before):
            continue
        if there or any(one.waits for one in before):
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
