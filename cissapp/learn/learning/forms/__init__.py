"""The forms of a quiz. Choices are numbered in this attempt's order, so the numbers reveal nothing."""

from cissapp.learn.learning.forms.answers import AttemptForm, QuizAnswerForm, read_sequence
from cissapp.learn.learning.forms.choices import chosen_by_numbers
from cissapp.learn.learning.forms.preferences import LearningPreferencesForm
from cissapp.learn.learning.forms.question_forms import answer_form
from cissapp.learn.learning.forms.scenarios import ScenarioForm, step_field

__all__ = [
    "AttemptForm",
    "LearningPreferencesForm",
    "QuizAnswerForm",
    "ScenarioForm",
    "answer_form",
    "chosen_by_numbers",
    "read_sequence",
    "step_field",
]
