"""Flags for questions that look faulty, each with its sentence."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from cissapp.foundation.core.errors import N_
from cissapp.oversee.evaluation.rules.items import Figures, OptionUse

TOO_EASY, TOO_HARD = 0.95, 0.25
DISCRIMINATES_BADLY = 0.1
UNUSED_SHARE, UNUSED_PEOPLE = 0.02, 50
LANGUAGES_APART = 0.2
# With fewer people a flag is a reason to wait rather than to change the question.
SURE_PEOPLE = 50


class QuestionFault(StrEnum):
    """A way in which a question looks faulty."""

    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    WRONG_WAY = "wrong_way"
    BADLY = "badly"
    UNUSED = "unused"
    MISLEADS = "misleads"
    HARDER = "harder"
    EASIER = "easier"


SENTENCES = {
    QuestionFault.TOO_EASY: N_("Too easy: nearly everyone gets full points."),
    QuestionFault.TOO_HARD: N_(
        "Too hard: on average, people get less than a quarter of the points."
    ),
    QuestionFault.WRONG_WAY: N_(
        "It works the wrong way round: people who do well on other questions do worse on this one. Check the answer key."
    ),
    QuestionFault.BADLY: N_(
        "It hardly distinguishes people who know the subject from those who do not."
    ),
    QuestionFault.UNUSED: N_("Nobody chooses the answer “%(option)s”: it distracts no one."),
    QuestionFault.MISLEADS: N_(
        "More of the strongest third choose the wrong answer “%(option)s” than a right one. Check the answer key."
    ),
    QuestionFault.HARDER: N_(
        "Harder in this language than in the others, by %(gap)s. Check the translation."
    ),
    QuestionFault.EASIER: N_(
        "Easier in this language than in the others, by %(gap)s. Check the translation."
    ),
}
TENTATIVE = N_("Fewer than 50 answers: wait for more before you change anything.")


class Flag(Struct, frozen=True):
    """A fault that was found, the values of its sentence, and whether it rests on few answers.

    `option` in the values is the id of an option, `gap` a share of the points (0 to 1).
    """

    fault: QuestionFault
    values: dict[str, Any] = field(default_factory=dict)
    tentative: bool = False


def flags_of(figures: Figures) -> tuple[Flag, ...]:
    """List what looks wrong with a question, in one language or in all; empty if its figures are hidden."""
    if figures.people is None or figures.difficulty is None:
        return ()
    tentative = figures.people < SURE_PEOPLE
    found = [*_by_numbers(figures), *_by_options(figures), *_by_language(figures)]
    return tuple(Flag(fault, values, tentative) for fault, values in found)


Found = tuple[QuestionFault, dict[str, Any]]


def _by_numbers(figures: Figures) -> Iterator[Found]:
    easy, tells = figures.difficulty or 0.0, figures.discrimination
    if easy > TOO_EASY:
        yield QuestionFault.TOO_EASY, {}
    if easy < TOO_HARD:
        yield QuestionFault.TOO_HARD, {}
    if tells is not None and tells < DISCRIMINATES_BADLY:
        yield (QuestionFault.WRONG_WAY if tells < 0 else QuestionFault.BADLY), {}


def _by_options(figures: Figures) -> Iterator[Found]:
    wrong = [one for one in figures.options if not one.right]
    for one in wrong:
        if (figures.people or 0) >= UNUSED_PEOPLE and one.share < UNUSED_SHARE:
            yield QuestionFault.UNUSED, {"option": one.option}
    least = min((_strong(one) for one in figures.options if one.right), default=1.0)
    for one in wrong:
        if _strong(one) > least:
            yield QuestionFault.MISLEADS, {"option": one.option}


def _strong(one: OptionUse) -> float:
    return one.strong if one.strong is not None else 0.0


def _by_language(figures: Figures) -> Iterator[Found]:
    apart = figures.apart
    if apart is not None and abs(apart) > LANGUAGES_APART:
        yield (QuestionFault.HARDER if apart < 0 else QuestionFault.EASIER), {"gap": abs(apart)}
