"""The forms of a quiz. What is offered is numbered as this attempt shows it; the numbers say nothing."""

from cissapp.learn.learning.forms.answers import AnswerForm, AttemptForm
from cissapp.learn.learning.forms.preferences import ExtraTimeForm
from cissapp.learn.learning.forms.question_forms import answer_form
from cissapp.learn.learning.forms.scenarios import DecideForm, step_field

__all__ = [
    "AnswerForm",
    "AttemptForm",
    "DecideForm",
    "ExtraTimeForm",
    "answer_form",
    "step_field",
]
