"""Puts a brief together: which measures are shown, and the regions that need help."""

from collections.abc import Mapping, Sequence
from datetime import date

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.unicode import natural_key
from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules.columns import PLACES, Cell, Column, Row, percent
from cissapp.oversee.figures.rules.funnel import WAITING, guarded, sum_of
from cissapp.oversee.figures.rules.measures import (
    FunnelStep,
    Load,
    Measure,
    Measured,
    Need,
    RegionToHelp,
    Renewals,
    Step,
    WeakCriterion,
)
from cissapp.oversee.figures.rules.numbers import (
    EACH_MOST,
    LONG_DAYS,
    MONTHS_AHEAD,
    SCHOOLS_LEAST,
    TO_HELP_MOST,
)

# The figures that a need is part of: it is shown only if their sum is.
NEEDED_OF = {
    Need.LONG_TRAINING: (Column.IN_TRAINING,),
    Need.WAITING_FOR_REVIEW: (Column.SUBMITTED, Column.IN_REVIEW),
    Need.NOT_SUBMITTED: (Column.TRAINED,),
    Need.OPEN_QUESTIONS: (Column.IN_REVIEW,),
    Need.EXPIRING: (Column.EXPIRING,),
}


def renewals_of(
    row: Row, measured: Measured, on: date, *, rows: Mapping[str, Row] | None
) -> Renewals:
    """Return the expiring certificates, and how many of their schools have begun the renewal.

    That is told of a country, whose regions `rows` are: in a region it would say how many certified schools are
    at one place, which could be worked out from the country and the other regions.
    """
    expiring = row[Column.EXPIRING]
    first = on.replace(day=1)
    months = [months_after(first, number) for number in range(MONTHS_AHEAD)]
    by_month = tuple(
        (month, measured.get((Measure.ENDING, f"{month:%Y-%m}"), 0)) for month in months
    )
    begun = _begun(row, measured, rows) if rows is not None else None
    return Renewals(expiring, begun, by_month)


def _begun(row: Row, measured: Measured, rows: Mapping[str, Row]) -> Cell:
    """Return the renewals begun in a country; schools that have not begun theirs are at "decided"."""
    expiring, decided = row[Column.EXPIRING], row[Column.DECIDED]
    # They were counted last night, when more certificates may have been expiring.
    begun = min(measured.get((Measure.RENEWALS_BEGUN, ""), 0), expiring.count)
    if decided.reason is None and not decided.count:
        return Cell(expiring.count, None, expiring.least)
    # The rest of them have a decision and no certificate.
    others = decided.count - (row[Column.CERTIFIED].count - begun)
    is_told = any(_tells_places(one, begun, expiring.count) for one in rows.values())
    if expiring.count and (decided.reason or others <= expiring.least or is_told):
        return Cell(begun, NoFigureReason.HELD, expiring.least)
    return guarded(begun, expiring.count, expiring.least)


def _tells_places(row: Row, begun: int, expiring: int) -> bool:
    """Return whether the renewals begun in a country would tell a hidden place of a region.

    They do where all its schools are certified and it is known which of them have begun: all, none, or those
    that the country has.
    """
    own = row[Column.EXPIRING].count
    all_certified = row[Column.CERTIFIED].count == row[Column.SCHOOLS].count
    is_known = begun in {0, expiring} or own == expiring
    return own > 0 and all_certified and is_known and any(row[place].reason for place in PLACES)


def load_of(row: Row, begun: Cell | None, measured: Measured, *, reviewers: int) -> Load:
    """Return the workload of the reviewers; a part of hidden figures is hidden.

    What is due and expected is told of countries only, as the renewals `begun` are: what a region hides could
    be worked out from the country and the other regions.
    """
    cases = sum_of(row, WAITING[Step.SUBMITTED] + WAITING[Step.IN_REVIEW])
    if begun is None:
        return Load(cases, reviewers, None, None)
    due = guarded(measured.get((Measure.DUE, ""), 0), cases.count, cases.least)
    # Trained schools and expiring certificates without a renewal: with one of them the other is known.
    expected = guarded(measured.get((Measure.EXPECTED, ""), 0), None, cases.least)
    return Load(
        cases,
        reviewers,
        _hidden_with(due, cases),
        _hidden_with(expected, row[Column.TRAINED], begun),
    )


def _hidden_with(cell: Cell, *others: Cell) -> Cell:
    """Return a number that is hidden if one of the others is."""
    reason = next((one.reason for one in others if one.reason), cell.reason)
    return Cell(cell.count, reason, cell.least)


def weak_of(
    row: Row, funnel: Sequence[FunnelStep], measured: Measured
) -> tuple[WeakCriterion, ...]:
    """List the criteria with schools below level 2, largest share first, if ten or more were reviewed.

    A criterion is left out if few schools are below level 2, or few are not. The reviewed schools are the
    certified, the expired and the refused ones, and are among those that reached the review: they are told
    only with both numbers.
    """
    reached = next((step.reached for step in funnel if step.step is Step.IN_REVIEW), None)
    if row[Column.EXPIRED].reason or reached is None or reached.reason:
        return ()
    found, least = [], reached.least
    for (measure, criterion_id), schools in measured.items():
        below = measured.get((Measure.BELOW, criterion_id), 0)
        told = below and guarded(below, schools, least).reason is None
        if measure is Measure.REVIEWED and schools >= SCHOOLS_LEAST and told:
            found.append(WeakCriterion(criterion_id, percent(below, schools), schools))
    return tuple(sorted(found, key=lambda one: (-one.percent, one.criterion_id)))


def regions_to_help(
    rows: Mapping[str, Row],
    measured: Mapping[str, Measured],
    name_of: Mapping[str, str],
    schools_in: Mapping[str, int],
    of: Measured | None = None,
) -> tuple[RegionToHelp, ...]:
    """Choose at most five regions, at most two for each reason.

    The reasons take turns in their order. Each chooses the region in which it concerns the most schools and
    that no earlier reason has chosen; ties go by name. `schools_in` is the number of all schools of a region
    by state statistics, for regions without a school in the programme. `of` are the measures of the region that
    they are parts of: its own page may be told of it, so those shown must not leave a small number of its schools.
    """
    waiting = {need: _in_order(need, rows, measured, name_of, schools_in) for need in Need}
    chosen: dict[str, Need] = {}
    for need in tuple(Need) * EACH_MOST:
        told = [code for code, other in chosen.items() if other is need]
        left = [
            code
            for code in waiting[need]
            if code not in chosen and not _leave_few(need, [*told, code], rows, measured, of)
        ]
        if left and len(chosen) < TO_HELP_MOST:
            chosen[left[0]] = need
    return tuple(
        _told(code, need, rows[code], measured.get(code, {})) for code, need in chosen.items()
    )


def _leave_few(
    need: Need,
    told: Sequence[str],
    rows: Mapping[str, Row],
    measured: Mapping[str, Measured],
    of: Measured | None,
) -> bool:
    """Return whether the numbers of some parts would leave a small one for the others."""
    if of is None or need not in LONG_DAYS:
        return False
    shown = sum(_number(need, rows[code], measured.get(code, {})) or 0 for code in told)
    left = of.get((Measure.WAITING, need.value), 0) - shown
    return 0 < left < rows[told[0]][Column.SCHOOLS].least


def _in_order(
    need: Need,
    rows: Mapping[str, Row],
    measured: Mapping[str, Measured],
    name_of: Mapping[str, str],
    schools_in: Mapping[str, int],
) -> list[str]:
    """List the regions that a reason may choose, those with the most schools first."""
    found = {code: _number(need, row, measured.get(code, {})) for code, row in rows.items()}
    concerned = {
        code: number or schools_in.get(code, 0)
        for code, number in found.items()
        if number is not None
    }
    return sorted(
        concerned, key=lambda code: (-concerned[code], natural_key(name_of.get(code, code)))
    )


def _number(need: Need, row: Row, measured: Measured) -> int | None:
    """Return how many schools of a region a reason concerns; None if it does not apply or is hidden."""
    schools = row[Column.SCHOOLS]
    if need is Need.NO_SCHOOL:
        return None if schools.count else 0
    of = sum_of(row, NEEDED_OF[need])
    if of.reason:
        return None
    number = of.count if need is Need.EXPIRING else measured.get((Measure.WAITING, need.value), 0)
    return number if number and guarded(number, of.count, schools.least).reason is None else None


def _told(code: str, need: Need, row: Row, measured: Measured) -> RegionToHelp:
    number = _number(need, row, measured) or None
    certified, schools = row[Column.CERTIFIED], row[Column.SCHOOLS].count
    return RegionToHelp(code, need, number, LONG_DAYS.get(need), certified, schools)
