"""The modules on the first page of learning, each with how far the reader is."""

from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import moment
from cissapp.foundation.web.fragments import fragment
from cissapp.learn.learning.phrases import time_of_module
from cissapp.learn.learning.rules import (
    MODULE_STATE_NAMES,
    LearningOverview,
    ModuleProgress,
    ModuleState,
    text_language,
)
from cissapp.learn.learning.views.blueprint import a_module

KINDS = {ModuleState.PASSED: "ok", ModuleState.IN_PROGRESS: "info"}


def module_tasks(overview: LearningOverview, now: datetime) -> Markup:
    """Render the modules; each once for all who are equally far with it."""
    language = languages.of_content()
    return Markup("").join(
        fragment(
            "learning/_module_task.html",
            _values,
            part.module.id,
            language,
            "warn" if part.changed or part.retest else KINDS.get(part.state, "none"),
            part.state,
            _how_far(part, now),
        )
        for part in overview.parts
    )


def _values(
    module_id: str, language: str, kind: str, state: ModuleState, how_far: str
) -> dict[str, object]:
    module = a_module(module_id)
    return {
        "module": module,
        "title": module.text(language).title,
        "spoken_in": text_language(module.texts, language),
        "kind": kind,
        "state": _(MODULE_STATE_NAMES[state]),
        "how_far": how_far,
    }


def _how_far(part: ModuleProgress, now: datetime) -> str:
    total, attempt = len(part.module.lessons), part.open_attempt
    if part.changed or part.retest:
        words = (
            _("Passed; something has changed since")
            if part.passed_at
            else _("A lesson has changed since you read it")
        )
    elif part.passing_attempt:
        words = _(
            "%(total)s lessons · quiz %(percent)s %%",
            total=total,
            percent=part.passing_attempt.percent,
        )
    elif attempt:
        words = _(
            "Quiz under way: %(answered)s of %(total)s questions answered",
            answered=attempt.answered,
            total=attempt.total,
        )
    elif part.opens_at and part.waits(now):
        words = _("The next attempt opens on %(when)s", when=moment(part.opens_at))
    elif part.state is ModuleState.NOT_STARTED:
        words = time_of_module(part.module)
    else:
        words = _("%(read)s of %(total)s lessons read", read=part.lessons_read, total=total)
    return str(words)
