"""What a person sees of an open attempt: the questions without the key, and what needs an answer."""

from collections.abc import Container, Mapping
from datetime import datetime

from msgspec import Struct

from cissapp.foundation.content.values import Question
from cissapp.learn.learning.queries import AnyAttempt, AnyQuestion
from cissapp.learn.learning.rules import text_language
from cissapp.learn.learning.rules.grading import is_complete
from cissapp.learn.learning.views.attempt_result import answer_text


class OpenQuestion(Struct, frozen=True):
    """A question of an open attempt, its answer in words, and when it was saved; `out` says that it was voided."""

    position: int
    text: str
    language: str
    saved_at: datetime | None
    complete: bool
    out: bool = False
    answer: str = ""


class AnswerSheet(Struct, frozen=True):
    """An open attempt: what was asked, and what still needs an answer."""

    questions: list[OpenQuestion]

    @property
    def unanswered(self) -> list[int]:
        """The positions of the questions without a complete answer."""
        return [one.position for one in self.questions if not one.complete and not one.out]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return len(self.questions) - len(self.unanswered)

    @property
    def last_saved_at(self) -> datetime | None:
        """When the newest answer was saved."""
        return max((one.saved_at for one in self.questions if one.saved_at), default=None)


def sheet_of(
    attempt: AnyAttempt, asked: Mapping[int, Question], out: Container[str], language: str
) -> AnswerSheet:
    """Return the answer sheet of an open attempt in a language."""
    return AnswerSheet(
        [
            _asked(row, asked[row.position], language, out=row.question_id in out)
            for row in attempt.questions
            if row.position in asked
        ]
    )


def _asked(row: AnyQuestion, question: Question, language: str, *, out: bool) -> OpenQuestion:
    return OpenQuestion(
        row.position,
        question.text(language).text,
        text_language(question.texts, language),
        row.saved_at,
        is_complete(question.key, row.chosen),
        out,
        answer_text(question, question.text(language), row.chosen) if row.chosen else "",
    )
