"""Pages of modules and lessons."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import to_user_timezone

from cissapp.foundation.access.guard import can, permit, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Lesson, Module
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.help_lines import countries_of
from cissapp.foundation.web.list_pages import place_asked
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.phrases import time_left
from cissapp.learn.learning.rules import (
    ModuleProgress,
    text_language,
)
from cissapp.learn.learning.views.blueprint import a_lesson, a_module, bp
from cissapp.learn.learning.views.lesson_content import lesson_foot, lesson_fragments, lesson_list
from cissapp.learn.learning.views.module_tasks import module_intro, module_lessons, module_tasks
from cissapp.learn.learning.views.start_page import next_card, training_of_school
from cissapp.people.accounts.rules import PersonFacts
from cissapp.people.accounts.sessions import read_by_facts, signed_in_facts, signed_in_person

MORNING, NOON, EVENING = 4, 12, 18


@bp.get("")
@read_by_facts
@permit(Permission.MODULE_READ)
def modules() -> ResponseReturnValue:
    """Show the modules, with a learner's own progress and, for school people, what the school still lacks."""
    found = content()
    if not can(Permission.PROGRESS_SAVE):
        return render_template(
            "learning/modules_to_read.html", modules=found.modules, text_language=text_language
        )
    person, now = signed_in_facts(), clock.now()
    school = _school(person, now)
    overview = (
        school.overviews[person.id] if school else queries.overview(person.id, found.modules, now)
    )
    return render_template(
        "learning/modules.html",
        greeting=_greeting(person),
        overview=overview,
        left=time_left(overview),
        next=next_card(overview, now),
        tasks=module_tasks(overview, now),
        school=training_of_school(school, now) if school else None,
        people=school,
        href=partial(url_for, "learning.modules"),
    )


def _greeting(person: PersonFacts) -> str:
    hour = to_user_timezone(clock.now()).hour
    if MORNING <= hour < NOON:
        words = _("Good morning, %(name)s", name=person.name)
    elif NOON <= hour < EVENING:
        words = _("Good afternoon, %(name)s", name=person.name)
    else:
        words = _("Good evening, %(name)s", name=person.name)
    return str(words)


def _school(person: PersonFacts, now: datetime) -> queries.SchoolTraining | None:
    found = content()
    duties = found.standard.decision.gate_duties
    if person.school_id is None:
        return None
    place = place_asked()
    return queries.school_training(
        person.school_id, found.modules, duties, now, reader_id=person.id, place=place
    )


@bp.get("/<module_id>")
@read_by_facts
@permit(Permission.MODULE_READ, of=a_module)
def module(module: Module) -> ResponseReturnValue:
    """Show a module: what it teaches, its lessons, and its quiz."""
    if not can(Permission.PROGRESS_SAVE):
        return module_page(module, None)
    progress = queries.module_progress(signed_in_facts().id, module, clock.now())
    return module_page(module, progress)


def module_page(module: Module, progress: ModuleProgress | None) -> str:
    """Render the page of a module."""
    language = languages.of_content()
    return render_template(
        "learning/module.html",
        module=module,
        text=module.text(language),
        spoken_in=text_language(module.texts, language),
        progress=progress,
        now=clock.now(),
        intro=module_intro(module, language),
        lessons=module_lessons(module, language, progress),
    )


@bp.get("/<module_id>/<lesson_id>")
@read_by_facts
@permit(Permission.MODULE_READ, of=a_lesson)
def lesson(lesson: Lesson) -> ResponseReturnValue:
    """Show a lesson."""
    if not can(Permission.PROGRESS_SAVE):
        return lesson_page(lesson, None)
    return lesson_page(lesson, queries.lessons_read(signed_in_facts().id, lesson.module_id))


def lesson_page(lesson: Lesson, read: Mapping[str, datetime] | None) -> str:
    """Render the page of a lesson; `read` maps read lessons of its module to times, None without progress."""
    language = languages.of_content()
    return render_template(
        "learning/lesson.html",
        lesson=lesson,
        text=lesson.text(language),
        spoken_in=lesson.language(language),
        module=a_module(lesson.module_id),
        lesson_list=lesson_list(lesson, language, read),
        foot=lesson_foot(lesson, language, read),
        **lesson_fragments(lesson, language, countries_of(signed_in())),
    )


@bp.post("/<module_id>/<lesson_id>/read")
@permit(Permission.PROGRESS_SAVE, of=a_lesson)
def read(lesson: Lesson) -> ResponseReturnValue:
    """Mark a lesson as read, and redirect to the next lesson or to the quiz."""
    person, now = signed_in_person(), clock.now()
    services.mark_read(lesson, by=person, at=now)
    following = a_module(lesson.module_id).next_lesson(lesson)
    if following is None:
        return redirect(url_for("learning.quiz", module_id=lesson.module_id))
    services.record_opened(following, by=person, at=now)
    return redirect(url_for("learning.lesson", module_id=lesson.module_id, lesson_id=following.id))
