"""The figures: what each counts, and how a cell is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cissapp.foundation.core.errors import N_
from cissapp.people.schools.rules import Figure


class Column(StrEnum):
    """A figure of a region or country, in the order of the table."""

    SCHOOLS = "schools"
    REGISTERED = "registered"
    IN_TRAINING = "in_training"
    TRAINED = "trained"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"
    CERTIFIED = "certified"
    EXPIRING = "expiring"
    EXPIRED = "expired"


CERTIFIED_FIGURES = (Figure.LEVEL_1, Figure.LEVEL_2, Figure.LEVEL_3)

COUNTED = {
    Column.SCHOOLS: (Figure.SCHOOLS,),
    Column.REGISTERED: (Figure.REGISTERED,),
    Column.IN_TRAINING: (Figure.IN_TRAINING,),
    Column.TRAINED: (Figure.TRAINED,),
    Column.SUBMITTED: (Figure.SUBMITTED,),
    Column.IN_REVIEW: (Figure.IN_REVIEW, Figure.CHANGES_REQUESTED),
    Column.DECIDED: (Figure.DECIDED,),
    Column.LEVEL_1: (Figure.LEVEL_1,),
    Column.LEVEL_2: (Figure.LEVEL_2,),
    Column.LEVEL_3: (Figure.LEVEL_3,),
    Column.CERTIFIED: CERTIFIED_FIGURES,
    Column.EXPIRING: (Figure.EXPIRING,),
    Column.EXPIRED: (Figure.EXPIRED,),
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
# The levels are never hidden: the register of certified schools is public.
HIDEABLE = (*PLACES, Column.EXPIRING, Column.EXPIRED)

NAMES = {
    Column.SCHOOLS: N_("Schools"),
    Column.REGISTERED: N_("Registered"),
    Column.IN_TRAINING: N_("In training"),
    Column.TRAINED: N_("Trained"),
    Column.SUBMITTED: N_("Submitted"),
    Column.IN_REVIEW: N_("In review"),
    Column.DECIDED: N_("Decided"),
    Column.LEVEL_1: N_("Level 1"),
    Column.LEVEL_2: N_("Level 2"),
    Column.LEVEL_3: N_("Level 3"),
    Column.CERTIFIED: N_("Certified"),
    Column.EXPIRING: N_("Expiring"),
    Column.EXPIRED: N_("Expired"),
}

DEFINITIONS = {
    Column.SCHOOLS: N_("Schools in the register of the programme."),
    Column.REGISTERED: N_("Schools that are registered and have not begun the training."),
    Column.IN_TRAINING: N_("Schools where somebody has begun the training."),
    Column.TRAINED: N_(
        "Schools whose training is done, and which prepare their dossier or took it back."
    ),
    Column.SUBMITTED: N_("Schools that handed in their dossier and wait for the review."),
    Column.IN_REVIEW: N_(
        "Schools whose dossier is under review, or which close gaps that the review found."
    ),
    Column.DECIDED: N_(
        "Schools whose newest application is decided, with or without a certificate."
    ),
    Column.LEVEL_1: N_("Schools with a certificate of level 1 in force."),
    Column.LEVEL_2: N_("Schools with a certificate of level 2 in force."),
    Column.LEVEL_3: N_("Schools with a certificate of level 3 in force."),
    Column.CERTIFIED: N_(
        "Schools with a certificate in force, of any level. Their share is of all schools, rounded down."
    ),
    Column.EXPIRING: N_("Schools whose certificate is in force and ends within 90 days."),
    Column.EXPIRED: N_("Schools whose newest certificate has expired."),
}

Counts = Mapping[Column, int]


class Shown(StrEnum):
    """How a cell is shown."""

    OPEN = "open"
    SMALL = "small"
    HELD = "held"


MARKS = {Shown.SMALL: "< 5", Shown.HELD: "–"}


@dataclass(frozen=True)
class Cell:
    """A figure as it is shown: its number, `< 5`, or a dash that keeps a small figure secret."""

    count: int
    shown: Shown = Shown.OPEN

    @property
    def text(self) -> str:
        """What is printed."""
        return MARKS.get(self.shown) or str(self.count)


def counts_of(tallies: Mapping[Figure, int]) -> dict[Column, int]:
    """Add the tallies of a region up to the figures that are shown."""
    return {
        column: sum(tallies.get(figure, 0) for figure in figures)
        for column, figures in COUNTED.items()
    }


def percent(part: int, whole: int) -> int:
    """Give the share in whole per cent, rounded down: 100 means all."""
    return part * 100 // whole if whole else 0
