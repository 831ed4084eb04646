"""The figures: what each counts, and how a cell is shown."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import chain
from operator import itemgetter

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules.hiding import WHOLE, Places, hidden_cells, hidden_parts
from cissapp.oversee.figures.rules.hiding import Row as Numbers
from cissapp.people.schools.rules import Figure


class Column(StrEnum):
    """A figure of a region or country, in the order of the table."""

    SCHOOLS = "schools"
    CERTIFIED = "certified"
    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REGISTERED = "registered"
    IN_TRAINING = "in_training"
    TRAINED = "trained"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    DECIDED = "decided"


CERTIFIED_FIGURES = (Figure.LEVEL_1, Figure.LEVEL_2, Figure.LEVEL_3)

COUNTED = {
    Column.SCHOOLS: (Figure.SCHOOLS,),
    Column.CERTIFIED: CERTIFIED_FIGURES,
    Column.LEVEL_1: (Figure.LEVEL_1,),
    Column.LEVEL_2: (Figure.LEVEL_2,),
    Column.LEVEL_3: (Figure.LEVEL_3,),
    Column.EXPIRING: (Figure.EXPIRING,),
    Column.EXPIRED: (Figure.EXPIRED,),
    Column.REGISTERED: (Figure.REGISTERED,),
    Column.IN_TRAINING: (Figure.IN_TRAINING,),
    Column.TRAINED: (Figure.TRAINED,),
    Column.SUBMITTED: (Figure.SUBMITTED,),
    Column.IN_REVIEW: (Figure.IN_REVIEW, Figure.CHANGES_REQUESTED),
    Column.DECIDED: (Figure.DECIDED,),
}

COLUMNS_OF = {
    figure: [column for column, figures in COUNTED.items() if figure in figures]
    for figure in Figure
}

# Each school is at exactly one place, so these add up to the schools of a row.
PLACES = (
    Column.REGISTERED,
    Column.IN_TRAINING,
    Column.TRAINED,
    Column.SUBMITTED,
    Column.IN_REVIEW,
    Column.DECIDED,
)

# The cuts between these, most important first: begun or not, then submitted or not. A certified school that
# renews its certificate is trained already. Shown are the schools at each place, and, in sums, those at each
# or a later one.
WAY = Places(
    len(PLACES),
    cuts=(1, 3, 2, 5, 4),
    figures=(
        *((place, place + 1) for place in range(len(PLACES))),
        *((place, len(PLACES)) for place in range(len(PLACES))),
    ),
    early=PLACES.index(Column.TRAINED),
)

NAMES = {
    Column.SCHOOLS: N_("Schools"),
    Column.CERTIFIED: N_("Certified"),
    Column.LEVEL_1: N_("Level 1"),
    Column.LEVEL_2: N_("Level 2"),
    Column.LEVEL_3: N_("Level 3"),
    Column.EXPIRING: N_("Expiring"),
    Column.EXPIRED: N_("Expired"),
    Column.REGISTERED: N_("Registered"),
    Column.IN_TRAINING: N_("In training"),
    Column.TRAINED: N_("Trained"),
    Column.SUBMITTED: N_("Submitted"),
    Column.IN_REVIEW: N_("In review"),
    Column.DECIDED: N_("Decided"),
}

DEFINITIONS = {
    Column.SCHOOLS: N_("Schools in the programme’s register."),
    Column.CERTIFIED: N_(
        "Schools with a certificate in force, at any level. The share beside them is of the schools in the programme, rounded down."
    ),
    Column.LEVEL_1: N_("Schools with a level 1 certificate in force."),
    Column.LEVEL_2: N_("Schools with a level 2 certificate in force."),
    Column.LEVEL_3: N_("Schools with a level 3 certificate in force."),
    Column.EXPIRING: N_("Schools with a certificate in force that expires within 90 days."),
    Column.EXPIRED: N_("Schools whose latest certificate has expired."),
    Column.REGISTERED: N_("Schools that are registered but have not started the training."),
    Column.IN_TRAINING: N_("Schools where someone has started the training."),
    Column.TRAINED: N_(
        "Schools that have finished the training and are preparing their application, or have taken it back."
    ),
    Column.SUBMITTED: N_(
        "Schools that have submitted their application and are waiting for the review."
    ),
    Column.IN_REVIEW: N_(
        "Schools whose application is under review, or that are closing gaps found by the review."
    ),
    Column.DECIDED: N_(
        "Schools with a decision on their latest application, with or without a certificate."
    ),
}

Counts = Mapping[Column, int]
HiddenOf = Mapping[str, frozenset[Column]]
NONE: frozenset[Column] = frozenset()
LEAST = 5
# To iterate over the enumeration itself for each row takes as long as the row.
_COLUMNS = tuple(Column)
_NUMBERS, _PLACE_NUMBERS = itemgetter(*Column), itemgetter(*PLACES)


class Cell(Struct, frozen=True):
    """A figure as it is shown: its number, or a dash if a `reason` hides it.

    Of a place it is also known whether the number of schools there or at a later one may be told in sums.
    """

    count: int
    reason: NoFigureReason | None = None
    least: int = LEAST
    is_later_hidden: bool = False

    @property
    def text(self) -> str:
        """The text that is shown."""
        return str(self.count) if self.reason is None else "–"


Row = Mapping[Column, Cell]


class ShownRows(Mapping[str, Row]):
    """The rows of a table, each put together when it is read: a page shows few of a country's thousands."""

    def __init__(
        self,
        filled: Mapping[str, Counts],
        empty: Iterable[str],
        hidden: Mapping[str, frozenset[Column]],
        later: Mapping[str, frozenset[Column]],
        least: int,
    ) -> None:
        self._numbers = {code: _NUMBERS(counts) for code, counts in filled.items()}
        self._codes = dict.fromkeys(sorted({*filled, *empty}))
        self._hidden, self._later, self._least = hidden, later, least
        self._nothing = dict.fromkeys(Column, Cell(0, None, least))

    def __getitem__(self, code: str) -> Row:
        """Return a row as it is shown; raise `KeyError` for an unknown region."""
        numbers = self._numbers.get(code)
        if numbers is None:
            self._codes[code]
            return self._nothing
        hidden, later = self._hidden.get(code, NONE), self._later.get(code, NONE)
        return {
            column: Cell(
                number,
                NoFigureReason.HELD if column in hidden else None,
                self._least,
                column in later,
            )
            for column, number in zip(_COLUMNS, numbers, strict=True)
        }

    def __contains__(self, code: object) -> bool:
        """Return whether the table has a region."""
        return code in self._codes

    def __iter__(self) -> Iterator[str]:
        """Iterate over the codes in their order."""
        return iter(self._codes)

    def __len__(self) -> int:
        """Return the number of regions."""
        return len(self._codes)


class FigureTable(Struct, frozen=True):
    """The figures of a country as they are shown: by region, and of all regions together.

    `counted_at` is when a table that was kept for a while was counted.
    """

    regions: Mapping[str, Row]
    whole: Row
    counted_at: datetime | None = None


def table_of(
    regions: Mapping[str, Counts],
    parents: Mapping[str, str] | None = None,
    *,
    empty: Iterable[str] = (),
    least: int = LEAST,
    before: Mapping[str, int] | None = None,
    reformed: Collection[str] = (),
) -> FigureTable:
    """Hide what must not be seen in the figures of a country.

    Each region includes all below it; `parents` names the region above, for those that have one. Schools,
    levels and end dates are in the public register, so their figures are never hidden. `before` are the
    schools that each region had a month before, if figures of that month are published; `reformed` regions
    were made of other parts then. `empty` are further regions, without a school: in a large country most
    places, which hide nothing.
    """
    parents = parents or {}
    top = [region for region in regions if region not in parents]
    whole = {column: sum(regions[region][column] for region in top) for column in Column}
    rows = {
        name: Numbers(
            _PLACE_NUMBERS(counts),
            counts[Column.CERTIFIED],
            max(counts[Column.SCHOOLS] - before.get(name, 0), 0) if before is not None else 0,
            name in reformed,
        )
        for name, counts in regions.items()
    }
    hidden, later = _hidden(regions, rows, parents, least)
    shown = ShownRows({**regions, WHOLE: whole}, (), hidden, later, least)
    return FigureTable(ShownRows(regions, empty, hidden, later, least), shown[WHOLE])


def _hidden(
    regions: Mapping[str, Counts],
    rows: Mapping[str, Numbers],
    parents: Mapping[str, str],
    least: int,
) -> tuple[HiddenOf, HiddenOf]:
    """Map regions to the columns that are hidden, and to the places from which on the schools are hidden.

    All have one reason: two would reveal more about a hidden number.
    """
    cells = hidden_cells(rows, parents, WAY, least=least)
    expired = {name: counts[Column.EXPIRED] for name, counts in regions.items()}
    others = {
        name: counts[Column.SCHOOLS] - counts[Column.CERTIFIED] for name, counts in regions.items()
    }
    reformed = {name for name, row in rows.items() if row.reformed}
    few = hidden_parts(expired, others, parents, least=least, reformed=reformed)
    last = len(PLACES)
    hidden = ((row, PLACES[number]) for row, number in cells if number < last)
    later = ((row, PLACES[number - last]) for row, number in cells if number >= last)
    return _by_row(chain(hidden, ((row, Column.EXPIRED) for row in few))), _by_row(later)


def _by_row(cells: Iterable[tuple[str, Column]]) -> HiddenOf:
    """Group cells by row; most rows share the same few sets."""
    found: dict[str, set[Column]] = {}
    for row, column in cells:
        found.setdefault(row, set()).add(column)
    known: dict[frozenset[Column], frozenset[Column]] = {}
    return {
        row: known.setdefault(columns, columns)
        for row, columns in ((row, frozenset(some)) for row, some in found.items())
    }


def counts_of(tallies: Mapping[Figure, int]) -> dict[Column, int]:
    """Add the tallies of a region up to the figures that are shown."""
    counts = dict.fromkeys(Column, 0)
    for figure, count in tallies.items():
        for column in COLUMNS_OF[figure]:
            counts[column] += count
    return counts


def percent(part: int, whole: int) -> int:
    """Return the share in whole per cent, rounded down: 100 means all."""
    return part * 100 // whole if whole else 0
