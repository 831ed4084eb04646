"""The modules on the first page of learning, each with how far the reader is."""

from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.web import languages
from cissapp.foundation.web.fragments import fragment
from cissapp.learn.learning.phrases import Sentence, how_far, time_of_module, written
from cissapp.learn.learning.rules import (
    MODULE_STATE_NAMES,
    LearningOverview,
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
            how_far(part, now),
        )
        for part in overview.parts
    )


def _values(
    module_id: str, language: str, kind: str, state: ModuleState, far: Sentence | None
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
