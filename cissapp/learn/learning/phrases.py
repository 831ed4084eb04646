"""How long learning takes, in words: reading, and the work with the own school, which is done once."""

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.content.schema import LessonPlan
from cissapp.foundation.content.values import Module
from cissapp.learn.learning.rules import LearningOverview

MINUTES_IN_WORDS = 90


def duration(minutes: int) -> str:
    """Write a time in minutes, from an hour and a half on in hours."""
    if minutes < MINUTES_IN_WORDS:
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return str(ngettext("%(num)d hour", "%(num)d hours", round(minutes / 60)))


def time_of_lesson(plan: LessonPlan) -> str:
    """Write how long a lesson is to read, and how long its work with the school takes."""
    reading = ngettext("Reading %(num)s minute", "Reading %(num)s minutes", plan.minutes)
    if not plan.doing:
        return str(reading)
    doing = ngettext(
        "doing about %(num)s minute, once, with your school",
        "doing about %(num)s minutes, once, with your school",
        plan.doing,
    )
    return f"{reading} · {doing}"


def time_of_module(module: Module) -> str:
    """Write how many lessons a module has, and how long they take: reading and doing apart."""
    lessons = ngettext("%(num)s lesson", "%(num)s lessons", len(module.lessons))
    reading = _("reading: %(time)s", time=duration(module.minutes))
    parts = [lessons, reading]
    if module.doing:
        parts.append(_("work with your school: about %(time)s", time=duration(module.doing)))
    return " · ".join(parts)


def time_left(overview: LearningOverview) -> str:
    """Write what is left of reading and quizzes, and apart from it of the work with the school."""
    if not overview.minutes_left:
        return ""
    reading = duration(overview.minutes_left)
    if not overview.doing_left:
        return str(_("About %(time)s of reading and quizzes left for you.", time=reading))
    return str(
        _(
            "About %(time)s of reading and quizzes left for you; "
            "the work with your school about %(doing)s, once.",
            time=reading,
            doing=duration(overview.doing_left),
        )
    )
