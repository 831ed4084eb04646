"""Forms of what is answered in one field: one option, several, a few words."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from cissapp.foundation.content.schema import QuestionText
from cissapp.learn.learning.forms.answers import QuizAnswerForm
from cissapp.learn.learning.rules.grading import LONGEST_TEXT


class ChooseOneForm(QuizAnswerForm):
    """A question with one right answer."""

    chosen = RadioField(validators=[InputRequired(_l("Choose an answer."))])

    def initial(self) -> dict[str, Any]:
        """Return the number of the saved option."""
        numbers = [str(self.row.options.index(one) + 1) for one in self.row.chosen or []]
        return {"chosen": numbers[0] if numbers else None}

    def label_parts(self) -> None:
        """Show the options in the order of this attempt."""
        self.chosen.label.text = self.words(self.text.text)
        self.chosen.choices = _numbered(self, self.row.options, self.text)

    def chosen_ids(self) -> list[str]:
        """Return the id of the chosen option."""
        return [self.row.options[int(self.chosen.data) - 1]] if self.chosen.data else []


class ChooseSomeForm(QuizAnswerForm):
    """A question that may have several right answers."""

    chosen = SelectMultipleField(
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def initial(self) -> dict[str, Any]:
        """Return the numbers of the saved options."""
        return {"chosen": [str(self.row.options.index(one) + 1) for one in self.row.chosen or []]}

    def label_parts(self) -> None:
        """Show the options in the order of this attempt."""
        self.chosen.flags.required = True
        self.chosen.label.text = self.words(self.text.text)
        self.chosen.choices = _numbered(self, self.row.options, self.text)

    def validate_chosen(self, field: SelectMultipleField) -> None:
        """Demand at least one answer: a flag on the field would demand every one."""
        if not field.data:
            raise ValidationError(_l("Choose at least one answer."))

    def chosen_ids(self) -> list[str]:
        """Return the ids of the chosen options."""
        return [self.row.options[int(one) - 1] for one in self.chosen.data or []]


def chosen_by_numbers(
    options: Sequence[str], numbers: Sequence[str], *, several: bool
) -> list[str] | None:
    """Return the option ids for the numbers that a page sent; None if none or an unknown one was sent."""
    offered = {str(number): option for number, option in enumerate(options, start=1)}
    sent = numbers if several else numbers[:1]
    return [offered[one] for one in sent] if sent and offered.keys() >= set(sent) else None


def _numbered(
    form: QuizAnswerForm, options: Sequence[str], text: QuestionText
) -> list[tuple[str, Markup]]:
    return [
        (str(number), form.words(text.options[option].text))
        for number, option in enumerate(options, start=1)
    ]


class ShortTextForm(QuizAnswerForm):
    """A question that is answered with a few words."""

    grouped = False

    chosen = StringField(
        validators=[
            InputRequired(_l("Enter an answer.")),
            Length(max=LONGEST_TEXT, message=_l("Enter a few words, at most 120 characters.")),
        ]
    )

    def initial(self) -> dict[str, Any]:
        """Return the saved text."""
        return {"chosen": self.row.chosen[0] if self.row.chosen else None}

    def label_parts(self) -> None:
        """Let the question be the label."""
        self.chosen.label.text = self.words(self.text.text)

    def chosen_ids(self) -> list[str]:
        """Return the text."""
        return [self.chosen.data] if self.chosen.data else []
