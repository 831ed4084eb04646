"""Writes how long learning takes: reading, and the work with the school, which is done once."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.content.schema import LessonPlan
from cissapp.foundation.content.values import Module
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.filters import moment
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.learn.learning.rules import LearningOverview, ModuleProgress, ModuleState

# Up to two hours in minutes, as on the pages of the application: hours of five modules added up to twice the whole.
MINUTES_IN_WORDS = 120


def duration(minutes: int) -> str:
    """Write a duration in minutes, or in hours from two hours."""
    if minutes < MINUTES_IN_WORDS:
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return str(ngettext("%(num)d hour", "%(num)d hours", round(minutes / 60)))


def time_of_lesson(plan: LessonPlan) -> str:
    """Write how long a lesson is to read, and how long the part of the application in it takes."""
    doing = _minutes(plan.doing) if plan.piece and plan.doing else None
    return _read_and_do(_minutes(plan.minutes), doing)


def time_of_reading(plan: LessonPlan) -> str:
    """Write how long a lesson is to read."""
    return _read_and_do(_minutes(plan.minutes), None)


def time_of_doing(plan: LessonPlan) -> str:
    """Write how long a lesson's activity takes, and whether its product is part of the application."""
    if plan.piece:
        return str(
            _(
                "About %(time)s, once only. It becomes part of your application.",
                time=_minutes(plan.doing),
            )
        )
    return str(
        _(
            "About %(time)s, once only, with your school. You can pass the module without it.",
            time=_minutes(plan.doing),
        )
    )


def time_of_module(module: Module) -> str:
    """Write how many lessons a module has, and how long they take: reading, and parts of the application."""
    lessons = ngettext("%(num)s lesson", "%(num)s lessons", len(module.lessons))
    doing = duration(module.doing) if module.doing else None
    return f"{lessons}{BETWEEN_FACTS}{_read_and_do(duration(module.minutes), doing)}"


# A message that is not translated yet, and its values: can be used as the key of a fragment.
MarkedSentence = tuple[str, tuple[tuple[str, object], ...]]


def how_far(part: ModuleProgress, now: datetime) -> MarkedSentence | None:
    """Return how far a person has got with a module; None if they have not begun."""
    total, attempt = len(part.module.lessons), part.open_attempt
    found: MarkedSentence | None
    if part.changed or part.retest:
        again = N_("A lesson has changed since you read it")
        found = (N_("Passed, but something has changed since") if part.passed_at else again, ())
    elif part.passing_attempt:
        figures = (("total", total), ("percent", part.passing_attempt.percent))
        found = N_("%(total)s lessons · quiz %(percent)s %%"), figures
    elif attempt:
        figures = (("answered", attempt.answered), ("total", attempt.total))
        found = N_("Quiz in progress: %(answered)s of %(total)s questions answered"), figures
    elif part.opens_at and part.waits(now):
        found = N_("The next attempt opens on %(when)s"), (("when", moment(part.opens_at)),)
    elif part.state is ModuleState.NOT_STARTED:
        found = None
    else:
        figures = (("read", part.lessons_read), ("total", total))
        found = N_("%(read)s of %(total)s lessons read"), figures
    return found


def written(sentence: MarkedSentence) -> str:
    """Write a sentence in the language of the page."""
    message, values = sentence
    return str(_(message, **dict(values)))


def _minutes(minutes: int) -> str:
    return str(_("%(num)d min", num=minutes))


def _read_and_do(reading: str, doing: str | None) -> str:
    if doing is None:
        return str(_("%(reading)s to read", reading=reading))
    return str(_("%(reading)s to read, %(doing)s to do", reading=reading, doing=doing))


def time_left(overview: LearningOverview) -> list[str]:
    """Write how much reading and quizzes are left, and separately the work with the school."""
    if not overview.minutes_left:
        return []
    lines = [
        _(
            "You have about %(time)s of reading and quizzes left.",
            time=duration(overview.minutes_left),
        )
    ]
    if overview.pieces_left:
        lines.append(
            _(
                "The lessons also produce parts of your application, about %(time)s of work. You will not be asked for them again.",
                time=duration(overview.pieces_left),
            )
        )
    return [str(line) for line in lines]
