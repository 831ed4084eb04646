"""Pages of modules and lessons."""

from babel.lists import format_list
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext, to_user_timezone
from flask_babel import gettext as _

from cissapp.access.guard import can, permit
from cissapp.access.permissions import Permission
from cissapp.accounts.models import User
from cissapp.accounts.rules import DUTY_NAMES, Duty
from cissapp.accounts.sessions import signed_in_person
from cissapp.content.values import Lesson, Module
from cissapp.core import clock
from cissapp.learning import queries, services
from cissapp.learning.rules import MODULE_STATE_NAMES, ModuleProgress, next_thing, spoken
from cissapp.learning.views.room import a_lesson, a_module, bp
from cissapp.web import languages
from cissapp.web.context import content

MORNING, NOON, EVENING = 4, 12, 18
MINUTES_IN_WORDS = 90


@bp.get("")
@permit(Permission.MODULE_READ)
def modules() -> ResponseReturnValue:
    """Show the modules; to a person of a school also the own progress and what the school lacks."""
    found = content()
    if not can(Permission.PROGRESS_SAVE):
        return render_template(
            "learning/modules_to_read.html", modules=found.modules, spoken=spoken
        )
    person, now = signed_in_person(), clock.now()
    overview = queries.overview(person.id, found.modules)
    school = _school(person)
    return render_template(
        "learning/modules.html",
        greeting=_greeting(person),
        overview=overview,
        left=_time(overview.minutes_left),
        next=next_thing(overview.parts, now),
        begun=overview.is_begun,
        now=now,
        state_names=MODULE_STATE_NAMES,
        school=school,
        people=_people(school),
        duty_names=DUTY_NAMES,
        any_of=_any_of,
        spoken=spoken,
    )


def _greeting(person: User) -> str:
    hour = to_user_timezone(clock.now()).hour
    if MORNING <= hour < NOON:
        words = _("Good morning, %(name)s", name=person.name)
    elif NOON <= hour < EVENING:
        words = _("Good afternoon, %(name)s", name=person.name)
    else:
        words = _("Good evening, %(name)s", name=person.name)
    return str(words)


def _time(minutes: int) -> str:
    if minutes < MINUTES_IN_WORDS:
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return str(ngettext("%(num)d hour", "%(num)d hours", round(minutes / 60)))


def _school(person: User) -> queries.SchoolTraining | None:
    found = content()
    duties = found.standard.decision.gate_duties
    if person.school_id is None:
        return None
    return queries.school_training(person.school_id, found.modules, duties)


def _people(school: queries.SchoolTraining | None) -> list[tuple[str, str, str, str]]:
    """Write a row of the table for each person: name, duty, passed of all, numbers of what is left."""
    total = len(content().modules)
    return [
        (
            person.name,
            _(DUTY_NAMES[person.duty]) if person.duty else "",
            _("%(passed)s of %(total)s", passed=total - len(left), total=total),
            ", ".join(str(module.number) for module in left) or "–",
        )
        for person, left in (school.people if school else [])
    ]


def _any_of(duties: tuple[str, ...]) -> str:
    """Write duties as "Head or Deputy head"."""
    names = [_(DUTY_NAMES[Duty(duty)]) for duty in duties]
    return str(format_list(names, style="or", locale=get_locale()))


@bp.get("/<module_id>")
@permit(Permission.MODULE_READ, of=a_module)
def module(module: Module) -> ResponseReturnValue:
    """Show a module: what one can do afterwards, its lessons, its quiz."""
    language = languages.current()
    return render_template(
        "learning/module.html",
        module=module,
        text=module.text(language),
        spoken_in=spoken(module.texts, language),
        progress=_own_progress(module),
        now=clock.now(),
    )


def _own_progress(module: Module) -> ModuleProgress | None:
    if not can(Permission.PROGRESS_SAVE):
        return None
    return queries.module_progress(signed_in_person().id, module)


@bp.get("/<module_id>/<lesson_id>")
@permit(Permission.MODULE_READ, of=a_lesson)
def lesson(lesson: Lesson) -> ResponseReturnValue:
    """Show a lesson."""
    module, language = a_module(lesson.module_id), languages.current()
    progress = _own_progress(module)
    return render_template(
        "learning/lesson.html",
        lesson=lesson,
        text=lesson.text(language),
        spoken_in=lesson.language(language),
        module=module,
        module_text=module.text(language),
        next_lesson=module.next_lesson(lesson),
        progress=progress,
        read_at=progress.read.get(lesson.id) if progress else None,
    )


@bp.post("/<module_id>/<lesson_id>/read")
@permit(Permission.PROGRESS_SAVE, of=a_lesson)
def read(lesson: Lesson) -> ResponseReturnValue:
    """Note a lesson as read, and lead on: to the next lesson, or to the quiz."""
    person, now = signed_in_person(), clock.now()
    services.mark_read(lesson, by=person, at=now)
    following = a_module(lesson.module_id).next_lesson(lesson)
    if following is None:
        return redirect(url_for("learning.quiz", module_id=lesson.module_id))
    services.note_opened(following, by=person, at=now)
    return redirect(url_for("learning.lesson", module_id=lesson.module_id, lesson_id=following.id))
