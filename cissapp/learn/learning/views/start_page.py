"""Fragments of the first page of learning: the one next thing, and what a school still needs to do."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.content.values import Module
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import moment
from cissapp.foundation.web.fragments import filled, fragment, gaps
from cissapp.learn.learning import queries
from cissapp.learn.learning.phrases import duration, time_of_lesson
from cissapp.learn.learning.rules import (
    LearningOverview,
    NextTask,
    NextTaskKind,
    next_task,
    text_language,
)
from cissapp.learn.learning.rules.reminders import ACTIVITY_NAMES, LastActivity, coarse_activity
from cissapp.learn.learning.views.blueprint import a_lesson, a_module
from cissapp.people.accounts.rules import DUTY_NAMES, Duty


def next_card(overview: LearningOverview, now: datetime) -> Markup:
    """Render the one next thing to do, shared by all who have got equally far."""
    task = next_task(overview.parts, now)
    module = task.progress.module.id if task.progress else None
    return fragment(
        "learning/_next.html",
        _next_values,
        (task.step, module, task.lesson.id if task.lesson else None),
        languages.of_content(),
        overview.is_begun,
        tuple(overview.shares),
        _of_quiz(task),
    )


def _of_quiz(task: NextTask) -> tuple[object, ...]:
    """Return the questions answered and all questions of a quiz under way, or when the next attempt opens."""
    part = task.progress
    if task.step is NextTaskKind.CONTINUE_QUIZ and part and part.open_attempt:
        return part.open_attempt.answered, part.open_attempt.total
    if task.step is NextTaskKind.WAIT and part and part.opens_at:
        return (moment(part.opens_at),)
    return ()


def _next_values(
    task: tuple[NextTaskKind, str | None, str | None],
    language: str,
    begun: bool,  # noqa: FBT001 -- a key of a fragment has no names
    shares: tuple[float, ...],
    of_quiz: tuple[object, ...],
) -> dict[str, object]:
    step, module, lesson = task
    return {
        "step": step,
        "module": a_module(module) if module else None,
        "lesson": a_lesson(module, lesson) if module and lesson else None,
        "content_language": language,
        "begun": begun,
        "shares": shares,
        "passed": shares.count(1.0),
        "answered": of_quiz[0] if of_quiz else None,
        "questions": of_quiz[-1] if of_quiz else None,
        "opens_at": of_quiz[0] if of_quiz else None,
        "text_language": text_language,
        "time_of_lesson": time_of_lesson,
    }


class _Member(NamedTuple):
    """What is shown of a person, but for the name: duty, numbers of missing modules, minutes, last activity."""

    duty: Duty | None
    left: tuple[int, ...]
    minutes: int
    last: LastActivity


class _Missing(NamedTuple):
    """What is missing: the place of the person in the list, None if nobody has one of the duties; modules."""

    place: int | None
    duties: tuple[str, ...]
    left: tuple[int, ...]


def training_of_school(school: queries.SchoolTraining, now: datetime) -> Markup:
    """Render what a school's people still have to do; the names are not kept."""
    people = [one.person for one in school.people]
    members = tuple(
        _Member(one.person.duty, _numbers(one.left), one.minutes, coarse_activity(one.last_at, now))
        for one in school.people
    )
    # Whoever is missing most may be on another page of a large school.
    named = list(dict.fromkeys([*people, *(gap.person for gap in school.gaps if gap.person)]))
    missing = tuple(
        _Missing(
            named.index(gap.person) if gap.person else None,
            (gap.person.duty,) if gap.person and gap.person.duty else gap.duties,
            _numbers(gap.left),
        )
        for gap in school.gaps
    )
    kept = fragment("learning/_school_training.html", _training_values, members, missing)
    return filled(kept, **{_name(place): one.name for place, one in enumerate(named)})


def _numbers(modules: Iterable[Module]) -> tuple[int, ...]:
    return tuple(module.number for module in modules)


def _name(place: int) -> str:
    return f"name_{place}"


def _training_values(
    members: tuple[_Member, ...], missing: tuple[_Missing, ...]
) -> dict[str, object]:
    places = {*range(len(members)), *(one.place for one in missing if one.place is not None)}
    names = list(gaps(*map(_name, sorted(places))).values())
    return {
        "people": [_row(name, one) for name, one in zip(names, members, strict=False)],
        "missing": [
            {
                "name": None if one.place is None else names[one.place],
                "duties": _any_of(one.duties),
                "numbers": one.left,
            }
            for one in missing
        ],
    }


def _row(name: Markup, one: _Member) -> list[str]:
    """Return a row of the table: name and duty, missing modules, time left, coarse last activity."""
    return [
        name + f" ({_duty(one.duty)})" if one.duty else name,
        ", ".join(map(str, one.left)) or _("none"),
        duration(one.minutes) if one.left else "–",
        _(ACTIVITY_NAMES[one.last]),
    ]


def _duty(duty: Duty | None) -> str:
    return str(_(DUTY_NAMES[duty])) if duty else ""


def _any_of(duties: tuple[str, ...]) -> str:
    """Write duties as "Head or Deputy head"."""
    return str(format_list([_duty(Duty(duty)) for duty in duties], style="or", locale=get_locale()))
