"""The forms of a quiz. What is offered is numbered as this attempt shows it; the numbers say nothing."""

from cissapp.learning.forms.answers import AnswerForm, AttemptForm
from cissapp.learning.forms.making import answer_form
from cissapp.learning.forms.stories import DecideForm, step_field
from cissapp.learning.forms.wishes import ExtraTimeForm

__all__ = [
    "AnswerForm",
    "AttemptForm",
    "DecideForm",
    "ExtraTimeForm",
    "answer_form",
    "step_field",
]
