"""What pupils are asked: four taps, and one figure derived from two of them."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import chain

from cissapp.foundation.core.errors import N_, Problem


class Question(StrEnum):
    """What is counted; nobody is asked `BOTH`, which follows from the first two."""

    IN_SCHOOL = "in_school"
    OUTSIDE = "outside"
    WOULD_TELL = "would_tell"
    POSTER = "poster"
    BOTH = "both"


TWO, ONE, NONE = "two", "one", "none"
YES, NOT_SURE, NO = "yes", "not_sure", "no"

OPTIONS: dict[Question, tuple[str, ...]] = {
    Question.IN_SCHOOL: (TWO, ONE, NONE),
    Question.OUTSIDE: (YES, NOT_SURE, NO),
    Question.WOULD_TELL: (YES, NOT_SURE, NO),
    Question.POSTER: (YES, NOT_SURE, NO),
    Question.BOTH: (YES, NO),
}
ASKED = tuple(one for one in Question if one is not Question.BOTH)
# The option whose share is the figure of a question.
GOOD: dict[Question, str] = {one: OPTIONS[one][0] for one in Question}
# Criteria C3 and B3, level 3: two ways in school and one outside.
AIMS_AT: dict[Question, str] = {Question.BOTH: "C3", Question.IN_SCHOOL: "B3"}
AIM_PERCENT = 80
# From this number of answers a survey counts fully; with fewer, only if all pupils were asked.
SURVEY_LEAST = 30

Choices = Mapping[Question, str]


def choice_problems(chosen: Choices) -> list[Problem]:
    """Return a problem for each question without one of its answers."""
    message = N_("Choose one answer.")
    return [
        Problem(question.value, message)
        for question in ASKED
        if chosen.get(question) not in OPTIONS[question]
    ]


def counted(chosen: Choices) -> dict[Question, str]:
    """Return what is counted for a pupil: the four answers, and whether two of them meet the aim."""
    knows_both = all(chosen[one] == GOOD[one] for one in (Question.IN_SCHOOL, Question.OUTSIDE))
    return {**{one: chosen[one] for one in ASKED}, Question.BOTH: YES if knows_both else NO}


def every_option() -> list[tuple[Question, str]]:
    """List each question with each of its options: a round has one counter for each."""
    return list(chain(*([(one, option) for option in OPTIONS[one]] for one in Question)))
