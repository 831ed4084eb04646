"""What a person sees of an attempt: while it is open without the key, once it is closed with all of it."""

from dataclasses import dataclass
from datetime import datetime

from cissapp.content.schema import Source
from cissapp.content.values import Lesson, Module
from cissapp.learning.models import Attempt, AttemptQuestion
from cissapp.learning.rules import is_right, spoken


@dataclass(frozen=True)
class Asked:
    """A question of an open attempt, and when its answer was saved."""

    position: int
    text: str
    language: str
    saved_at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """An open attempt: what was asked, and what still needs an answer."""

    questions: list[Asked]

    @property
    def unanswered(self) -> list[int]:
        """The positions of the questions without an answer."""
        return [one.position for one in self.questions if one.saved_at is None]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return len(self.questions) - len(self.unanswered)

    @property
    def last_saved_at(self) -> datetime | None:
        """When the newest answer was saved."""
        return max((one.saved_at for one in self.questions if one.saved_at), default=None)


def sheet_of(attempt: Attempt, module: Module, language: str) -> Sheet:
    """Show an open attempt in a language."""
    return Sheet([_asked(row, module, language) for row in attempt.questions])


def _asked(row: AttemptQuestion, module: Module, language: str) -> Asked:
    question = module.by_question_id[row.question_id]
    spoken_in = spoken(question.texts, language)
    return Asked(row.position, question.text(language).text, spoken_in, row.saved_at)


@dataclass(frozen=True)
class Choice:
    """An option that was chosen, or is right, or both; and why."""

    text: str
    why: str
    chosen: bool
    right: bool


@dataclass(frozen=True)
class Explained:
    """A question of a closed attempt with its answer and its explanation."""

    position: int
    text: str
    language: str
    right: bool
    choices: list[Choice]
    fact: str
    source: Source
    lesson: Lesson | None


@dataclass(frozen=True)
class Result:
    """A closed attempt, explained."""

    right: int
    total: int
    percent: int
    explained: list[Explained]

    @property
    def to_read(self) -> list[Lesson]:
        """The lessons that speak of what was not right, each once, in their order."""
        lessons = {
            one.lesson.id: one.lesson for one in self.explained if one.lesson and not one.right
        }
        return sorted(lessons.values(), key=lambda lesson: lesson.number)


def result_of(attempt: Attempt, module: Module, language: str) -> Result:
    """Explain a closed attempt; questions that left the programme count, but are not shown."""
    total = len(attempt.questions)
    right = attempt.right_count or 0
    explained = [_explained(row, module, language) for row in attempt.questions]
    return Result(right, total, right * 100 // total, [one for one in explained if one])


def _explained(row: AttemptQuestion, module: Module, language: str) -> Explained | None:
    question = module.by_question_id.get(row.question_id)
    if question is None or not set(row.options) <= set(question.key.options):
        return None
    text = question.text(language)
    chosen = row.chosen or []
    return Explained(
        row.position,
        text.text,
        spoken(question.texts, language),
        is_right(row.key, chosen),
        [
            Choice(text.options[one].text, text.options[one].why, one in chosen, one in row.key)
            for one in row.options
            if one in chosen or one in row.key
        ],
        text.fact,
        question.key.source,
        module.lesson(question.key.lesson),
    )
