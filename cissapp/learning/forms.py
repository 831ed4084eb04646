"""The forms of a quiz. Options are numbered as this attempt shows them; the numbers say nothing."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import HiddenField, RadioField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from cissapp.content.schema import Kind
from cissapp.content.values import Question
from cissapp.core.errors import Missing
from cissapp.learning.models import AttemptQuestion
from cissapp.learning.rules import spoken
from cissapp.web.forms import Form

SEQUENCE_DIGITS = 6


def worded(text: str, language: str) -> Markup:
    """Mark a text with the language it is written in."""
    return Markup('<span lang="{}">{}</span>').format(language, text)


class AttemptForm(Form):
    """Which attempt a page belongs to: an old tab must not answer or close a newer one."""

    attempt = HiddenField()

    def given(self) -> UUID | None:
        """Give the attempt's id; none, if the page named none."""
        if not self.attempt.data:
            return None
        try:
            return UUID(str(self.attempt.data))
        except ValueError as error:
            raise Missing from error


class ChoiceForm(AttemptForm):
    """An answer to a question, and the number of the save that the page knew."""

    sequence = HiddenField()
    chosen: Any

    def __init__(self, row: AttemptQuestion, question: Question, language: str) -> None:
        numbers = {option: str(number) for number, option in enumerate(row.options, start=1)}
        self.by_number = {number: option for option, number in numbers.items()}
        chosen = [numbers[option] for option in row.chosen or []]
        super().__init__(attempt=row.attempt_id, sequence=row.sequence, chosen=self.initial(chosen))
        text, spoken_in = question.text(language), spoken(question.texts, language)
        self.chosen.label.text = worded(text.text, spoken_in)
        self.chosen.choices = [
            (number, worded(text.options[option].text, spoken_in))
            for number, option in self.by_number.items()
        ]

    def initial(self, chosen: list[str]) -> list[str] | str | None:
        """Give the saved answer as the field wants it."""
        return chosen

    def given_options(self) -> list[str]:
        """Give the ids of the chosen options."""
        data = self.chosen.data or []
        return [self.by_number[one] for one in ([data] if isinstance(data, str) else data)]

    def given_sequence(self) -> int:
        """Give the number of the save that the page knew."""
        raw = str(self.sequence.data or "")
        return int(raw) if raw.isdecimal() and len(raw) <= SEQUENCE_DIGITS else 0


class ChooseOneForm(ChoiceForm):
    """A question with one right answer."""

    chosen = RadioField(validators=[InputRequired(_l("Choose an answer."))])

    def initial(self, chosen: list[str]) -> list[str] | str | None:
        """Give the one answer."""
        return chosen[0] if chosen else None


class ChooseSomeForm(ChoiceForm):
    """A question that may have several right answers."""

    chosen = SelectMultipleField(
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, row: AttemptQuestion, question: Question, language: str) -> None:
        super().__init__(row, question, language)
        self.chosen.flags.required = True

    def validate_chosen(self, field: SelectMultipleField) -> None:
        """Demand at least one answer: a flag on the field would demand every one."""
        if not field.data:
            raise ValidationError(_l("Choose at least one answer."))


def choice_form(row: AttemptQuestion, question: Question, language: str) -> ChoiceForm:
    """Make the form of a question."""
    kind = ChooseSomeForm if question.key.kind is Kind.MULTIPLE else ChooseOneForm
    return kind(row, question, language)
