"""What every answer's form has: the attempt, the number of the save, the fields of the answer."""

from typing import Any, ClassVar
from uuid import UUID

from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField

from cissapp.foundation.content.values import Question
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import Form
from cissapp.learn.learning.queries import AnyQuestion
from cissapp.learn.learning.rules import text_language

SEQUENCE_DIGITS = 6


def with_language(text: str, language: str) -> Markup:
    """Mark a text with the language it is written in."""
    return Markup(f'<span lang="{escape(language)}">{escape(text)}</span>')  # noqa: S704 -- escaped


def read_sequence(raw: object) -> int:
    """Read the number of a save as a page sent it; 0 for anything else."""
    text = str(raw or "")
    return int(text) if text.isdecimal() and len(text) <= SEQUENCE_DIGITS else 0


class AttemptForm(Form):
    """Which attempt a page belongs to: an old tab must not answer or close a newer one."""

    attempt = HiddenField()

    def given(self) -> UUID | None:
        """Return the attempt's id; None if the page named none."""
        if not self.attempt.data:
            return None
        try:
            return UUID(str(self.attempt.data))
        except ValueError as error:
            raise Missing from error


class QuizAnswerForm(AttemptForm):
    """An answer to a question, and the number of the save that the page knew.

    `parts` are the fields to show, in their order; with more than one the question is their legend.
    """

    sequence = HiddenField()
    grouped: ClassVar[bool] = True

    def __init__(
        self,
        row: AnyQuestion,
        question: Question,
        language: str,
        sent: MultiDict[str, str] | None = None,
    ) -> None:
        self.row, self.question = row, question
        self.text, self.spoken_in = question.text(language), text_language(question.texts, language)
        values = {"attempt": row.attempt_id, "sequence": row.sequence, **self.initial()}
        if sent is None:
            super().__init__(**values)
        else:  # from the queue of a device: the guard has looked at the token already
            super().__init__(formdata=sent, meta={"csrf": False}, **values)
        self.label_parts()

    def initial(self) -> dict[str, Any]:
        """Return the saved answer as the values of the fields."""
        raise NotImplementedError

    def label_parts(self) -> None:
        """Label the fields and offer their choices."""
        raise NotImplementedError

    def chosen_ids(self) -> list[str]:
        """Return the answer as it is stored."""
        raise NotImplementedError

    def mark_ids(self, mark: str) -> None:
        """Prefix the ids of the fields, where several forms stand on one page."""
        for part in self:
            part.id = f"{mark}-{part.id}"
            part.label.field_id = part.id

    @property
    def parts(self) -> list[Field]:
        """The fields that hold the answer."""
        return [self[name] for name in self._fields if name.startswith("chosen")]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered at all."""
        return not any(part.data for part in self.parts)

    @property
    def reasons(self) -> list[str]:
        """Everything that is wrong with the answer, as sentences."""
        found = [str(error) for part in self.parts for error in part.errors]
        seen = (
            [str(_("Check this again. Nothing was saved.")), *self.warning.sentences]
            if self.warning
            else []
        )
        return [*dict.fromkeys(found), *seen, *(problem.text for problem in self.problems)]

    def words(self, text: str) -> Markup:
        """Mark a text of the question with its language."""
        return with_language(text, self.spoken_in)

    def given_sequence(self) -> int:
        """Return the number of the save that the page knew."""
        return read_sequence(self.sequence.data)
