"""Checks the rows of a part: what would happen to each, and whether an earlier row of the list contradicts it."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any

from msgspec.structs import astuple, replace

from cissapp.people.school_lists.rules import ReadRow, RowOutcome, RowResult
from cissapp.people.school_lists.rules.hashes import hash_of, place_of_given, place_of_named
from cissapp.people.school_lists.rules.sounds import own_code
from cissapp.people.school_lists.services.deciding import (
    OF_CODE,
    RowPlan,
    decide,
    said_otherwise,
)
from cissapp.people.school_lists.services.recognising import ImportTask

# Rows that agree with the register or are to, and those that an earlier row of the list may contradict.
COMPARED = frozenset(
    {RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.UNCHANGED, RowOutcome.DIFFERS}
)


def check_rows(
    read: Sequence[ReadRow], task: ImportTask, seen: MutableMapping[int, int]
) -> list[RowResult]:
    """Return what would happen to the rows of a part, with the number of invitations in `invited`.

    `seen` maps hashes of the schools of earlier rows to those of what the rows say.
    """
    results = []
    for plan in decide(read, task, seen):
        result = RowResult(plan.outcome, tuple(plan.problems), plan.school_id)
        if plan.outcome in COMPARED and not plan.is_of_merged:
            _compare_with_list(result, plan, seen)
        plan.outcome = result.outcome
        result.invited = 0 if result.outcome is RowOutcome.DIFFERS else len(plan.invited)
        results.append(result)
    return results


def remember_seen(results: Iterable[Mapping[str, Any]], seen: MutableMapping[int, int]) -> None:
    """Note in `seen` the schools of a part that was checked, from its results as they are stored."""
    for result in results:
        _note(result.get("h", ()), seen)  # a release before this one stored none


def _note(hashes: Sequence[int], seen: MutableMapping[int, int]) -> None:
    seen.update(zip(hashes[::2], hashes[1::2], strict=True))


def _compare_with_list(result: RowResult, plan: RowPlan, seen: MutableMapping[int, int]) -> None:
    """Set the outcome of a row whose school an earlier row of the list may have; remember those that go into the register."""
    row, facts = plan.row, plan.row.facts
    if facts is None:
        return
    # A row may give a code to a school that another one tells by its name.
    school = hash_of(facts.country_code, plan.code_before)
    given = place_of_given(facts.country_code, plan.code_before)
    said = hash_of(*astuple(replace(facts, code="")))
    named: tuple[int, ...] = ()
    if result.outcome is RowOutcome.CREATED:
        result.school_id = None
        named = (place_of_named(facts.country_code, own_code(facts)), said)
    if seen.get(school, said) != said or (row.is_by_name and named and named[0] in seen):
        result.outcome, result.problems = RowOutcome.DIFFERS, (said_otherwise(plan),)
    elif plan.gives_code and given not in seen:
        if result.outcome is RowOutcome.CHANGED:
            result.hashes = (school, said, given, hash_of(facts.code))
    elif school in seen:
        result.outcome = RowOutcome.UNCHANGED
        result.problems = (said_otherwise(plan),) if row.is_by_name else ()
    elif result.outcome is not RowOutcome.DIFFERS:
        result.hashes = (school, said) if row.is_by_name else (school, said, *named)
    _note(result.hashes, seen)


def contradicts(checked: Mapping[str, Any]) -> bool:
    """Return whether the check of a row, as it is stored, found an earlier row of the list that it is left for."""
    is_known = checked.get("o") in {RowOutcome.DIFFERS, RowOutcome.UNCHANGED}
    return is_known and any(code == OF_CODE for code, *_said in checked.get("p", ()))
