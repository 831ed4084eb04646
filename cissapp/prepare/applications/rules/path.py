"""Estimates the effort of a head up to a submitted application: pages, clicks, minutes."""

from msgspec import Struct

from cissapp.foundation.content.values import Content
from cissapp.learn.learning.rules import QUIZ_MINUTES
from cissapp.prepare.applications.rules.stages import (
    CRITERION_MINUTES,
    DOCUMENT_MINUTES,
    MECHANISM_MINUTES,
    SUBMIT_MINUTES,
)

# Besides its questions a quiz has a start page, the check and the result.
QUIZ_PAGES = 3
# The least that the mechanism asks for: two persons, three ways, one body, the time limits, the rules.
MECHANISM_ENTRIES = 8


class PathPart(Struct, frozen=True):
    """A part of the effort; no minutes are counted in two parts."""

    name: str
    pages: int
    clicks: int
    minutes: int


def path_of_head(content: Content) -> list[PathPart]:
    """List the effort of one person who does everything alone, as short as the pages allow.

    Activities that make a piece of the application are one part, other activities another: they are not
    needed for a certificate.
    """
    lessons = [one for module in content.modules for one in module.lessons]
    questions = sum(module.file.quiz.draw for module in content.modules)
    quizzes = len(content.modules)
    criteria = len(content.standard.criteria)
    pieces = sum(one.plan.doing for one in lessons if one.plan.piece)
    return [
        PathPart(
            "lessons read", len(lessons), len(lessons), sum(one.plan.minutes for one in lessons)
        ),
        PathPart(
            "quizzes",
            questions + QUIZ_PAGES * quizzes,
            questions + QUIZ_PAGES * quizzes,
            QUIZ_MINUTES * quizzes,
        ),
        PathPart("policy uploaded", 1, 2, DOCUMENT_MINUTES),
        PathPart(
            "reporting mechanism", MECHANISM_ENTRIES, 2 * MECHANISM_ENTRIES, MECHANISM_MINUTES
        ),
        PathPart("self-assessment", criteria, criteria, CRITERION_MINUTES * criteria),
        PathPart("check and submit", 1, 2, SUBMIT_MINUTES),
        PathPart("activities that make pieces", 0, 0, pieces),
        PathPart("other activities", 0, 0, sum(one.plan.doing for one in lessons) - pieces),
    ]
