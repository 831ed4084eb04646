"""Puts the steps to certification together: how many schools reached each, are there, and how long it took."""

from collections.abc import Sequence

from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules.columns import PLACES, Cell, Column, Row
from cissapp.oversee.figures.rules.measures import FunnelStep, Measure, Measured, Step
from cissapp.oversee.figures.rules.numbers import SCHOOLS_LEAST

# The columns of schools that have reached a step but not the next one.
WAITING = {
    Step.REGISTERED: (Column.REGISTERED,),
    Step.IN_TRAINING: (Column.IN_TRAINING, Column.TRAINED),
    Step.SUBMITTED: (Column.SUBMITTED,),
    Step.IN_REVIEW: (Column.IN_REVIEW,),
    Step.CERTIFIED: (Column.CERTIFIED,),
}
TRAINED = PLACES[PLACES.index(Column.TRAINED) :]
# The places of all schools that have reached a step, for the steps that a school can go back behind: of those
# trained, some may have taken an application back or be renewing a certificate.
AT_LEAST = {
    Step.SUBMITTED: PLACES[PLACES.index(Column.SUBMITTED) :],
    Step.IN_REVIEW: PLACES[PLACES.index(Column.IN_REVIEW) :],
}


def sum_of(row: Row, columns: Sequence[Column]) -> Cell:
    """Add the cells of successive places up.

    Hidden ones may be part of a sum that is shown: the schools at its first place or a later one, less those
    behind its last, if neither number is hidden.
    """
    cells = [row[column] for column in columns]
    if len(cells) == 1:
        return cells[0]
    behind = PLACES[PLACES.index(columns[-1]) + 1 :][:1]
    is_cut = any(cell.is_later_hidden for cell in (cells[0], *(row[one] for one in behind)))
    is_hidden = is_cut and any(cell.reason for cell in cells)
    reason = NoFigureReason.HELD if is_hidden else None
    return Cell(sum(cell.count for cell in cells), reason, cells[0].least)


def guarded(part: int, whole: int | None, least: int) -> Cell:
    """Return a number that is shown beside a whole: hidden if it, or what is left, is small or nearly so."""
    left = whole - part if whole is not None else 0
    is_hidden = 0 < part <= least or 0 < left <= least
    return Cell(part, NoFigureReason.HELD if is_hidden else None, least)


def funnel_of(
    row: Row, measured: Measured, *, of: tuple[Row, Measured] | None = None
) -> tuple[FunnelStep, ...]:
    """Return the steps of an area; `of` are the figures of the country if it is one of its regions."""
    return tuple(
        FunnelStep(
            step,
            _reached(step, row, measured, of),
            measured.get((Measure.MEDIAN_DAYS, step.value)) if _is_timed(step, row) else None,
            sum_of(row, WAITING[step]),
        )
        for step in Step
    )


def longest_of(funnel: Sequence[FunnelStep]) -> Step | None:
    """Return the step with the longest median in days, the earlier one if equal; None while one is not known."""
    days = [step.median_days for step in funnel[1:]]
    if not any(days) or None in days:
        return None
    return max(funnel[1:], key=lambda step: step.median_days or 0).step


def _reached(step: Step, row: Row, measured: Measured, of: tuple[Row, Measured] | None) -> Cell:
    """Return how many schools of an area ever reached a step.

    Two numbers can be worked out from a single figure, and are shown with it: from those that have not begun,
    and from the expired ones. The others reveal where schools are: they are told of a country that shows every
    place, and elsewhere only if they can be worked out.
    """
    schools, number = row[Column.SCHOOLS], measured.get((Measure.REACHED, step.value), 0)
    if step is Step.REGISTERED or row[Column.CERTIFIED].count == schools.count:
        return schools
    if step not in AT_LEAST:
        told_with = row[Column.REGISTERED if step is Step.IN_TRAINING else Column.EXPIRED]
        return Cell(number, told_with.reason, schools.least)
    known = _known_reached(step, row, number, of)
    if known:
        return known
    is_open = of is None and not any(row[one].reason for one in (*PLACES, Column.EXPIRED))
    hidden = Cell(number, NoFigureReason.HELD, schools.least)
    return guarded(number, schools.count, schools.least) if is_open else hidden


def _known_reached(
    step: Step, row: Row, number: int, of: tuple[Row, Measured] | None
) -> Cell | None:
    """Return the number that reached a step if it follows from the places, or from that of the country.

    Those at the step or behind it have reached it, those before the training's end have not; of the others
    all or none have, where the number of the country says so. All schools elsewhere have, if they are certified.
    """
    low, high = sum_of(row, AT_LEAST[step]), sum_of(row, TRAINED)
    if low.count == high.count and not low.reason and not high.reason:
        return low
    found = _told_by_country(step, row, of) if of else None
    # The country's number is of last night, and may fit the places of today by chance.
    return found if found and not found.reason and found.count == number else None


def _told_by_country(step: Step, row: Row, of: tuple[Row, Measured]) -> Cell | None:
    whole, country = of[0], _reached(step, *of, None)
    elsewhere = whole[Column.SCHOOLS].count - row[Column.SCHOOLS].count
    if elsewhere == whole[Column.CERTIFIED].count - row[Column.CERTIFIED].count:
        return Cell(country.count - elsewhere, country.reason, country.least)
    for places in (AT_LEAST[step], TRAINED):
        if not country.reason and country.count == sum_of(whole, places).count:
            return sum_of(row, places)
    return None


def _is_timed(step: Step, row: Row) -> bool:
    """Return whether it is told already that ten schools have made a step: a median that appears says so."""
    behind = {
        Step.IN_TRAINING: PLACES[1:],
        Step.CERTIFIED: (Column.CERTIFIED,),
        **AT_LEAST,
    }
    return step in behind and any(
        cell.count >= SCHOOLS_LEAST and not cell.reason
        for cell in (row[Column.CERTIFIED], sum_of(row, behind[step]))
    )
