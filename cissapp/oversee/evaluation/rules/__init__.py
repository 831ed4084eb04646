"""Rules of the evaluation: the gain of groups, the figures of questions, what is held back."""

from cissapp.oversee.evaluation.rules.flags import SENTENCES as FLAG_SENTENCES
from cissapp.oversee.evaluation.rules.flags import TENTATIVE, Flag, QuestionFault, flags_of
from cissapp.oversee.evaluation.rules.gain import GAIN_SIZES, Gain, GainSize, Pair, gain_of
from cissapp.oversee.evaluation.rules.hiding import HiddenGroups, hidden, hidden_rows
from cissapp.oversee.evaluation.rules.intervals import Interval
from cissapp.oversee.evaluation.rules.items import (
    AnswerBundle,
    AnswerKey,
    Figures,
    OptionUse,
    QuestionFigures,
    item_of,
)
from cissapp.oversee.evaluation.rules.reasons import LEAST, MARKS, SENTENCES, NoFigureReason

__all__ = [
    "FLAG_SENTENCES",
    "GAIN_SIZES",
    "LEAST",
    "MARKS",
    "SENTENCES",
    "TENTATIVE",
    "AnswerBundle",
    "AnswerKey",
    "Figures",
    "Flag",
    "Gain",
    "GainSize",
    "HiddenGroups",
    "Interval",
    "NoFigureReason",
    "OptionUse",
    "Pair",
    "QuestionFault",
    "QuestionFigures",
    "flags_of",
    "gain_of",
    "hidden",
    "hidden_rows",
    "item_of",
]
