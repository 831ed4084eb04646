"""Why a figure is not there: one list of reasons, with their sentences."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_

# Nothing is said of fewer people than this.
LEAST = 10


class Reason(StrEnum):
    """Why there is no figure, or no interval."""

    FEW = "few"
    HELD = "held"
    FULL = "full"
    ALIKE = "alike"


SENTENCES = {
    Reason.FEW: N_("Fewer than 10 people: nothing is shown before that."),
    Reason.HELD: N_("Held back: with it one could compute a figure of fewer than 10 people."),
    Reason.FULL: N_("Everybody had all points before the module: there was nothing left to gain."),
    Reason.ALIKE: N_("The results differ too little for an interval."),
}

# What stands in a cell of a table.
MARKS = {
    Reason.FEW: "< 10",
    Reason.HELD: "–",
    Reason.FULL: "–",
    Reason.ALIKE: "–",
}
