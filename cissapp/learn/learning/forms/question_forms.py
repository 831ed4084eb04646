"""Makes the form of a question, by its kind."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    RadioField,
    SelectField,
)
from wtforms.validators import InputRequired

from cissapp.foundation.content.schema import MatchingKey, OrderingKey, QuestionKind, ScenarioKey
from cissapp.foundation.content.values import Question
from cissapp.learn.learning.forms.answers import QuizAnswerForm
from cissapp.learn.learning.forms.choices import ChooseOneForm, ChooseSomeForm, ShortTextForm
from cissapp.learn.learning.forms.matching_and_ordering import MatchingForm, OrderingForm
from cissapp.learn.learning.forms.scenarios import ScenarioForm, StepField, step_field
from cissapp.learn.learning.queries import AnyQuestion
from cissapp.learn.learning.rules.grading import next_step


def answer_form(
    row: AnyQuestion,
    question: Question,
    language: str,
    *,
    sent: MultiDict[str, str] | None = None,
    whole: bool = False,
) -> QuizAnswerForm:
    """Make the form of a question; `whole` shows every step of a scenario at once."""
    form = _kind_of(row, question, whole=whole)(row, question, language, sent)
    if whole:
        form.mark_ids(f"q{row.position}")
    return form


def _kind_of(row: AnyQuestion, question: Question, *, whole: bool) -> type[QuizAnswerForm]:
    key = question.key
    if isinstance(key, MatchingKey | OrderingKey):
        base = MatchingForm if isinstance(key, MatchingKey) else OrderingForm
        count = len(key.options)
        lines = {f"chosen_{number}": _line() for number in range(1, count + 1)}
        return type(base.__name__, (base,), {"key": key, **lines})
    if isinstance(key, ScenarioKey):
        left = next_step(key, row.chosen)
        steps = list(key.steps) if whole else [left] if left else []
        must = [] if whole else [InputRequired(_l("Choose what you would do."))]
        kind = StepField if whole else RadioField
        fields = {step_field(key, step): kind(validators=must) for step in steps}
        return type("ScenarioForm", (ScenarioForm,), {"key": key, **fields})
    if key.kind is QuestionKind.SHORT_TEXT:
        return ShortTextForm
    return ChooseSomeForm if key.kind is QuestionKind.MULTIPLE else ChooseOneForm


def _line() -> SelectField:
    return SelectField(validators=[InputRequired(_l("Choose an option for this line."))])
