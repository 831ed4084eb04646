"""Rules of the evaluation: the gain of groups, the figures of questions, what is held back."""

from cissapp.oversee.evaluation.rules.flags import SENTENCES as FLAG_SENTENCES
from cissapp.oversee.evaluation.rules.flags import TENTATIVE, Fault, Flag, flags_of
from cissapp.oversee.evaluation.rules.gain import VERDICTS, Gain, Pair, Verdict, gain_of
from cissapp.oversee.evaluation.rules.hiding import Hidden, hidden, hidden_rows
from cissapp.oversee.evaluation.rules.intervals import Interval
from cissapp.oversee.evaluation.rules.items import Asked, Bundle, Figures, Item, OptionUse, item_of
from cissapp.oversee.evaluation.rules.reasons import LEAST, MARKS, SENTENCES, Reason

__all__ = [
    "FLAG_SENTENCES",
    "LEAST",
    "MARKS",
    "SENTENCES",
    "TENTATIVE",
    "VERDICTS",
    "Asked",
    "Bundle",
    "Fault",
    "Figures",
    "Flag",
    "Gain",
    "Hidden",
    "Interval",
    "Item",
    "OptionUse",
    "Pair",
    "Reason",
    "Verdict",
    "flags_of",
    "gain_of",
    "hidden",
    "hidden_rows",
    "item_of",
]
