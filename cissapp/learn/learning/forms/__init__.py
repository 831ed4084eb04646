"""The forms of a quiz. What is offered is numbered as this attempt shows it; the numbers say nothing."""

from cissapp.learn.learning.forms.answers import AnswerForm, AttemptForm
from cissapp.learn.learning.forms.making import answer_form
from cissapp.learn.learning.forms.stories import DecideForm, step_field
from cissapp.learn.learning.forms.wishes import ExtraTimeForm

__all__ = [
    "AnswerForm",
    "AttemptForm",
    "DecideForm",
    "ExtraTimeForm",
    "answer_form",
    "step_field",
]
