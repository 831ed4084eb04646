"""Puts a brief together: which measures are shown, the longest step, and the regions that need help."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.unicode import natural_key
from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules.columns import PLACES, Cell, Column, percent
from cissapp.oversee.figures.rules.hiding import WHOLE, hidden_parts
from cissapp.oversee.figures.rules.measures import (
    FunnelStep,
    Load,
    Measure,
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

Row = Mapping[Column, Cell]
# The measures of an area: their kind and detail, with the value.
Measured = Mapping[tuple[Measure, str], int]

# The columns of schools that have reached a step but not the next one.
WAITING = {
    Step.REGISTERED: (Column.REGISTERED,),
    Step.IN_TRAINING: (Column.IN_TRAINING, Column.TRAINED),
    Step.SUBMITTED: (Column.SUBMITTED,),
    Step.IN_REVIEW: (Column.IN_REVIEW,),
    Step.CERTIFIED: (Column.CERTIFIED,),
}
# The figures that a need is part of: it is shown only if all of them are.
NEEDED_OF = {
    Need.LONG_TRAINING: (Column.IN_TRAINING,),
    Need.WAITING_FOR_REVIEW: (Column.SUBMITTED, Column.IN_REVIEW),
    Need.NOT_SUBMITTED: (Column.TRAINED,),
    Need.OPEN_QUESTIONS: (Column.IN_REVIEW,),
    Need.EXPIRING: (Column.EXPIRING,),
}


def sum_of(row: Row, columns: Collection[Column]) -> Cell:
    """Add the cells of some places up.

    A sum with a hidden part is hidden as well, unless it is what all the other places leave.
    """
    cells = [row[column] for column in columns]
    if len(cells) == 1:
        return cells[0]
    is_left = not any(row[place].reason for place in PLACES if place not in columns)
    reason = next((cell.reason for cell in cells if cell.reason and not is_left), None)
    return Cell(sum(cell.count for cell in cells), reason, cells[0].least)


def guarded(part: int, whole: int | None, least: int) -> Cell:
    """Return a number that is shown beside a whole: hidden if it, or what is left, is small."""
    left = whole - part if whole is not None else 0
    is_hidden = 0 < part < least or 0 < left < least
    return Cell(part, NoFigureReason.HELD if is_hidden else None, least)


def funnel_of(row: Row, measured: Measured) -> tuple[FunnelStep, ...]:
    """Return the steps of an area.

    The number of schools that ever reached a step reveals much about where they are now, so it is shown
    only if every place is. Two can be worked out from a single figure, and are shown with it: from those that
    have not begun, and from the expired ones. A median that appears says that ten schools have made the step,
    so it appears where that is public or every place is shown.
    """
    schools, certified = row[Column.SCHOOLS].count, row[Column.CERTIFIED].count
    # Where all are certified, everybody knows that all have made every step.
    closed = certified < schools and any(row[one].reason for one in (*PLACES, Column.EXPIRED))
    is_hidden = dict.fromkeys(Step, closed) | {
        Step.IN_TRAINING: row[Column.REGISTERED].reason is not None,
        Step.CERTIFIED: row[Column.EXPIRED].reason is not None,
    }
    least = row[Column.SCHOOLS].least
    timed = not closed or certified >= SCHOOLS_LEAST
    steps = []
    for step in Step:
        number = measured.get((Measure.REACHED, step.value), 0)
        reached = Cell(number, NoFigureReason.HELD if is_hidden[step] else None, least)
        if step is Step.REGISTERED:
            reached = row[Column.SCHOOLS]
        elif step in {Step.SUBMITTED, Step.IN_REVIEW} and not closed and certified < schools:
            reached = guarded(number, schools, least)
        days = measured.get((Measure.MEDIAN_DAYS, step.value)) if timed else None
        steps.append(FunnelStep(step, reached, days, sum_of(row, WAITING[step])))
    return tuple(steps)


def longest_of(funnel: Sequence[FunnelStep]) -> Step | None:
    """Return the step with the longest median in days, the earlier one if equal."""
    timed = [step for step in funnel if step.median_days]
    return max(timed, key=lambda step: step.median_days or 0).step if timed else None


def are_renewals_hidden(
    area: str | None,
    rows: Mapping[str, Row],
    measured: Mapping[str, Measured],
    parents: Mapping[str, str],
) -> bool:
    """Decide whether the renewals begun in a region, or in the country, are hidden.

    Each is a part of the expiring certificates, which are public, and of the renewals of the region above.
    """
    expiring = {code: row[Column.EXPIRING] for code, row in rows.items()}
    wholes = {code: cell.count for code, cell in expiring.items()}
    # They were counted last night, when more certificates may have been expiring.
    begun = {code: min(_begun(measured.get(code, {})), whole) for code, whole in wholes.items()}
    least = max((cell.least for cell in expiring.values()), default=0)
    hidden = hidden_parts(begun, wholes, parents, least=least)
    # Then they could be worked out from the regions that show them, so none does.
    told = any(_tells_places(row) for code, row in rows.items() if code not in hidden)
    return told or (area or WHOLE) in hidden


def _tells_places(row: Row) -> bool:
    """Return whether the renewals begun would tell a hidden place: the other certified schools are at "decided".

    Where no certificate ends soon there are none to begin, which everybody knows.
    """
    all_certified = row[Column.CERTIFIED].count == row[Column.SCHOOLS].count
    return (
        all_certified and row[Column.EXPIRING].count > 0 and any(row[one].reason for one in PLACES)
    )


def _begun(measured: Measured) -> int:
    return measured.get((Measure.RENEWALS_BEGUN, ""), 0)


def renewals_of(row: Row, measured: Measured, on: date, *, is_hidden: bool) -> Renewals:
    """Return the expiring certificates, and how many of their schools have begun the renewal."""
    expiring = row[Column.EXPIRING]
    begun = Cell(_begun(measured), NoFigureReason.HELD if is_hidden else None, expiring.least)
    first = on.replace(day=1)
    months = [months_after(first, number) for number in range(MONTHS_AHEAD)]
    by_month = tuple(
        (month, measured.get((Measure.ENDING, f"{month:%Y-%m}"), 0)) for month in months
    )
    return Renewals(expiring, begun, by_month)


def load_of(row: Row, begun: Cell, measured: Measured, *, of: Measured | None) -> Load:
    """Return the workload of the reviewers; a part of hidden figures is hidden.

    `of` are the measures of the country if the row is one of its regions. What is due is told of the country
    only: what a region hides could be worked out from the country and the other regions.
    """
    cases = sum_of(row, WAITING[Step.SUBMITTED] + WAITING[Step.IN_REVIEW])
    due = guarded(measured.get((Measure.DUE, ""), 0), cases.count, cases.least)
    if cases.reason:
        due = Cell(due.count, NoFigureReason.HELD, due.least)
    # Trained schools and expiring certificates without a renewal: with one of them the other is known.
    expected = guarded(measured.get((Measure.EXPECTED, ""), 0), None, cases.least)
    if row[Column.TRAINED].reason or begun.reason:
        expected = Cell(expected.count, NoFigureReason.HELD, expected.least)
    country = measured if of is None else of
    reviewers = country.get((Measure.REVIEWERS, ""), 0)
    return Load(cases, reviewers, due if of is None else None, expected)


def weak_of(measured: Measured, least: int) -> tuple[WeakCriterion, ...]:
    """List the criteria with schools below level 2, largest share first, if ten or more were reviewed.

    A criterion is left out if few schools are below level 2, or few are not.
    """
    found = []
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
    columns = NEEDED_OF[need]
    if any(row[column].reason for column in columns):
        return None
    of = sum(row[column].count for column in columns)
    number = of if need is Need.EXPIRING else measured.get((Measure.WAITING, need.value), 0)
    return number if number and guarded(number, of, schools.least).reason is None else None


def _told(code: str, need: Need, row: Row, measured: Measured) -> RegionToHelp:
    number = _number(need, row, measured) or None
    certified, schools = row[Column.CERTIFIED], row[Column.SCHOOLS].count
    return RegionToHelp(code, need, number, LONG_DAYS.get(need), certified, schools)
