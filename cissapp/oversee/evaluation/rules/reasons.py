"""Why a figure is missing: the reasons, with their sentences."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_

# Nothing is shown for fewer people than this.
LEAST = 10


class NoFigureReason(StrEnum):
    """Why there is no figure, or no interval."""

    FEW = "few"
    HELD = "held"
    FULL = "full"
    ALIKE = "alike"


SENTENCES = {
    NoFigureReason.FEW: N_("Fewer than 10 people: nothing is shown until there are at least 10."),
    NoFigureReason.HELD: N_(
        "Held back: it could be used to work out a figure for fewer than 10 people."
    ),
    NoFigureReason.FULL: N_(
        "Everyone had full points before the module, so there was nothing left to gain."
    ),
    NoFigureReason.ALIKE: N_("The results vary too little to calculate an interval."),
}

# What a table cell shows instead of a figure.
MARKS = {
    NoFigureReason.FEW: "< 10",
    NoFigureReason.HELD: "–",
    NoFigureReason.FULL: "–",
    NoFigureReason.ALIKE: "–",
}
