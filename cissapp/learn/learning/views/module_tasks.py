"""The modules on the learning start page and the lessons of a module, each with the reader's progress."""

from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.content.values import Lesson, Module
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages
from cissapp.foundation.web.fragments import fragment
from cissapp.learn.learning.phrases import (
    MarkedSentence,
    how_far,
    time_of_lesson,
    time_of_module,
    written,
)
from cissapp.learn.learning.rules import (
    MODULE_STATE_NAMES,
    LearningOverview,
    ModuleProgress,
    ModuleState,
    text_language,
)
from cissapp.learn.learning.views.blueprint import a_module


class LessonMark(StrEnum):
    """How far a reader is with a lesson."""

    CHANGED = "changed"
    READ = "read"
    BEGUN = "begun"
    NOT_READ = "not_read"


LESSON_MARK_NAMES = {
    LessonMark.CHANGED: N_("Changed since you read it"),
    LessonMark.READ: N_("Read"),
    LessonMark.BEGUN: N_("Begun"),
    LessonMark.NOT_READ: N_("Not read"),
}
KINDS_OF_MARKS = {
    LessonMark.CHANGED: "warn",
    LessonMark.READ: "ok",
    LessonMark.BEGUN: "info",
    LessonMark.NOT_READ: "none",
}
KINDS = {ModuleState.PASSED: "ok", ModuleState.IN_PROGRESS: "info"}


def module_tasks(overview: LearningOverview, now: datetime) -> Markup:
    """Render the modules, each as a fragment shared by all who have made the same progress in it."""
    language = languages.of_content()
    return Markup("").join(
        fragment(
            "learning/_module_task.html",
            _values,
            part.module.id,
            language,
            "warn" if part.changed or part.retest else KINDS.get(part.state, "none"),
            part.state,
            how_far(part, now),
        )
        for part in overview.parts
    )


def _values(
    module_id: str, language: str, kind: str, state: ModuleState, far: MarkedSentence | None
) -> dict[str, object]:
    module = a_module(module_id)
    return {
        "module": module,
        "title": module.text(language).title,
        "spoken_in": text_language(module.texts, language),
        "kind": kind,
        "state": _(MODULE_STATE_NAMES[state]),
        "how_far": written(far) if far else time_of_module(module),
    }


def module_intro(module: Module, language: str) -> Markup:
    """Render what a module is about."""
    return fragment("learning/_module_intro.html", _intro_values, module.id, language)


def _intro_values(module_id: str, language: str) -> dict[str, object]:
    module = a_module(module_id)
    return {"text": module.text(language), "spoken_in": text_language(module.texts, language)}


def module_lessons(module: Module, language: str, progress: ModuleProgress | None) -> Markup:
    """Render the lessons of a module, shared by all with the same progress; `progress` may be None."""
    marks = None if progress is None else tuple(_mark(one, progress) for one in module.lessons)
    return fragment("learning/_module_lessons.html", _lessons_values, module.id, language, marks)


def _mark(lesson: Lesson, progress: ModuleProgress) -> LessonMark:
    if lesson in progress.changed:
        return LessonMark.CHANGED
    if lesson.id in progress.read:
        return LessonMark.READ
    return LessonMark.BEGUN if lesson.id in progress.opened else LessonMark.NOT_READ


def _lessons_values(
    module_id: str, language: str, marks: tuple[LessonMark, ...] | None
) -> dict[str, object]:
    return {
        "module": a_module(module_id),
        "content_language": language,
        "marks": [(KINDS_OF_MARKS[one], _(LESSON_MARK_NAMES[one])) for one in marks or ()],
        "time_of_lesson": time_of_lesson,
        "time_of_module": time_of_module,
    }
