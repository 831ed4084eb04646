"""Checks the rows of a part: what would happen to each, and whether an earlier row of the list contradicts it."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from hashlib import blake2b
from typing import Any

from msgspec.structs import astuple, replace

from cissapp.people.school_lists.rules import ReadRow, RowOutcome, RowResult
from cissapp.people.school_lists.services.deciding import (
    OF_CODE,
    ImportTask,
    RowPlan,
    decide,
    said_otherwise,
)

# Rows that agree with the register or are to, and those that an earlier row of the list may contradict.
COMPARED = frozenset(
    {RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.UNCHANGED, RowOutcome.DIFFERS}
)
# Two of a million codes have the same hash once in a hundred thousand lists.
HASH_BYTES = 7


def check_rows(
    read: Sequence[ReadRow], task: ImportTask, seen: MutableMapping[int, int]
) -> list[RowResult]:
    """Return what would happen to the rows of a part, with the number of invitations in `invited`.

    `seen` holds the schools of earlier rows as two hashes each, so that a million rows fit in memory.
    """
    results = []
    for plan in decide(read, task):
        result = RowResult(plan.outcome, tuple(plan.problems), plan.school_id)
        if plan.outcome in COMPARED and not plan.is_of_merged:
            _compare_with_list(result, plan, seen)
        result.invited = 0 if result.outcome is RowOutcome.DIFFERS else len(plan.invited)
        results.append(result)
    return results


def remember_seen(results: Iterable[Mapping[str, Any]], seen: MutableMapping[int, int]) -> None:
    """Note in `seen` the schools of a part that was checked, from its results as they are stored."""
    for result in results:
        code, said = result.get("h", (None, 0))
        if code is not None:  # a release before this one stored none
            seen[code] = said


def _compare_with_list(result: RowResult, plan: RowPlan, seen: MutableMapping[int, int]) -> None:
    """Set the outcome of a row whose school an earlier row of the list may have; remember those that go into the register."""
    row, facts = plan.row, plan.row.facts
    if facts is None:
        return
    # A row may change the code of a school that another one tells by its name.
    before = plan.code_before or facts.code
    code, said = _hash_of((facts.country_code, before)), _hash_of(astuple(replace(facts, code="")))
    if result.outcome is RowOutcome.CREATED:
        result.school_id = None
    if code not in seen:
        if result.outcome is not RowOutcome.DIFFERS:
            seen[code], result.hashes = said, (code, said)
    elif seen[code] == said and facts.code != before:
        return
    elif seen[code] == said:
        result.outcome = RowOutcome.UNCHANGED
        result.problems = (said_otherwise(row),) if row.is_by_name else ()
    else:
        result.outcome, result.problems = RowOutcome.DIFFERS, (said_otherwise(row),)


def _hash_of(values: tuple[Any, ...]) -> int:
    """Return a hash that another process computes, too."""
    return int.from_bytes(blake2b(repr(values).encode(), digest_size=HASH_BYTES).digest())


def contradicts(checked: Mapping[str, Any]) -> bool:
    """Return whether the check of a row, as it is stored, found an earlier row of the list that it is left for."""
    is_known = checked.get("o") in {RowOutcome.DIFFERS, RowOutcome.UNCHANGED}
    return is_known and any(code == OF_CODE for code, *_said in checked.get("p", ()))
