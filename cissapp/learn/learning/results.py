"""What a person sees of an attempt: while it is open without the key, once it is closed as far as allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cissapp.foundation.content.schema import (
    ChoiceKey,
    CitedSource,
    FeedbackLevel,
    MatchingKey,
    OrderingKey,
    QuestionText,
    ScenarioKey,
    ShortTextKey,
)
from cissapp.foundation.content.values import Lesson, Module, Question
from cissapp.learn.learning.models import Attempt, AttemptQuestion, LateAnswer
from cissapp.learn.learning.rules import LateReason, spoken
from cissapp.learn.learning.rules.grading import FULL, is_complete, way
from cissapp.learn.learning.rules.trying import percent_of


@dataclass(frozen=True)
class Asked:
    """A question of an open attempt, and when its answer was saved; `out` says that it was voided."""

    position: int
    text: str
    language: str
    saved_at: datetime | None
    complete: bool
    out: bool = False


@dataclass(frozen=True)
class Sheet:
    """An open attempt: what was asked, and what still needs an answer."""

    questions: list[Asked]

    @property
    def unanswered(self) -> list[int]:
        """The positions of the questions without a whole answer."""
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
    attempt: Attempt, asked: Mapping[int, Question], out: Mapping[str, object], language: str
) -> Sheet:
    """Show an open attempt in a language."""
    return Sheet(
        [
            _asked(row, asked[row.position], language, out=row.question_id in out)
            for row in attempt.questions
            if row.position in asked
        ]
    )


def _asked(row: AttemptQuestion, question: Question, language: str, *, out: bool) -> Asked:
    return Asked(
        row.position,
        question.text(language).text,
        spoken(question.texts, language),
        row.saved_at,
        is_complete(question.key, row.chosen),
        out,
    )


# --- a closed attempt ------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of an answer: what was chosen, whether that is right, what would be, and why."""

    text: str
    why: str = ""
    before: str = ""
    better: str = ""
    chosen: bool = True
    right: bool = True


@dataclass(frozen=True)
class Explained:
    """A question of a closed attempt with its answer and its explanation."""

    position: int
    text: str
    language: str
    points: int
    parts: list[Part]
    fact: str
    source: CitedSource
    lesson: Lesson | None
    out: bool = False

    @property
    def right(self) -> bool:
        """Whether the answer earned all there was."""
        return self.points == FULL

    @property
    def partly(self) -> bool:
        """Whether the answer earned something, but not all."""
        return 0 < self.points < FULL


@dataclass(frozen=True)
class Late:
    """An answer that came too late to count."""

    position: int
    said: str
    reason: LateReason
    made_at: datetime | None
    received_at: datetime


@dataclass(frozen=True)
class Result:
    """A closed attempt, as far as it may be told."""

    level: FeedbackLevel
    points: int
    total: int
    explained: list[Explained] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)

    @property
    def percent(self) -> int:
        """The share of the points, never rounded up."""
        return percent_of(self.points, self.total)

    @property
    def earned(self) -> float:
        """The points in questions: 8.5 of 10."""
        return self.points / FULL

    @property
    def to_read(self) -> list[Lesson]:
        """The lessons that speak of what was not right, each once, in their order."""
        lessons = {
            one.lesson.id: one.lesson
            for one in self.explained
            if one.lesson and not one.right and not one.out
        }
        return sorted(lessons.values(), key=lambda lesson: lesson.number)


def result_of(
    attempt: Attempt,
    asked: Mapping[int, Question],
    module: Module,
    language: str,
    *,
    level: FeedbackLevel,
    out: Mapping[str, object],
    late: Sequence[LateAnswer] = (),
) -> Result:
    """Explain a closed attempt in the words that were asked; the page shows as much as `level` allows."""
    explained = [
        _explained(row, asked[row.position], module, language, out=row.question_id in out)
        for row in attempt.questions
        if row.position in asked
    ]
    kept = [_late(one, asked[one.position], language) for one in late if one.position in asked]
    return Result(level, attempt.points or 0, attempt.total, explained, kept)


def _explained(
    row: AttemptQuestion, question: Question, module: Module, language: str, *, out: bool
) -> Explained:
    text = question.text(language)
    return Explained(
        row.position,
        text.text,
        spoken(question.texts, language),
        row.points or 0,
        _parts(question, text, row),
        text.fact,
        question.key.source,
        module.lesson(question.key.lesson),
        out,
    )


def _parts(question: Question, text: QuestionText, row: AttemptQuestion) -> list[Part]:
    key, chosen = question.key, row.chosen or []
    match key:
        case ChoiceKey():
            return _of_choice(key, text, row.options, chosen)
        case MatchingKey():
            return _of_matching(key, text, chosen)
        case OrderingKey():
            return _of_order(key, text, chosen)
        case ShortTextKey():
            accepted = ", ".join(next(iter(key.accepted.values())))
            right = (row.points or 0) == FULL
            return [
                Part(chosen[0] if chosen else "", better="" if right else accepted, right=right)
            ]
        case ScenarioKey():
            return _of_scenario(key, text, chosen)


def _of_choice(
    key: ChoiceKey, text: QuestionText, options: Sequence[str], chosen: Sequence[str]
) -> list[Part]:
    return [
        Part(
            text.options[one].text,
            text.options[one].why,
            chosen=one in chosen,
            right=one in key.key,
        )
        for one in options
        if one in chosen or one in key.key
    ]


def _of_matching(key: MatchingKey, text: QuestionText, chosen: Sequence[str]) -> list[Part]:
    given = dict(one.split("=", 1) for one in chosen)
    parts = []
    for option in key.options:
        right = given.get(option) == key.pairs[option]
        parts.append(
            Part(
                text.matches.get(given.get(option, ""), ""),
                text.options[option].why,
                text.options[option].text,
                "" if right else text.matches[key.pairs[option]],
                chosen=option in given,
                right=right,
            )
        )
    return parts


def _of_order(key: OrderingKey, text: QuestionText, chosen: Sequence[str]) -> list[Part]:
    parts = []
    for place, option in enumerate(key.key):
        given = chosen[place] if place < len(chosen) else ""
        words = text.options.get(given)
        parts.append(
            Part(
                words.text if words else "",
                text.options[option].why,
                f"{place + 1}.",
                "" if given == option else text.options[option].text,
                chosen=bool(given),
                right=given == option,
            )
        )
    return parts


def _of_scenario(key: ScenarioKey, text: QuestionText, chosen: Sequence[str]) -> list[Part]:
    parts = []
    for step, option in way(key, chosen):
        options = key.steps[step]
        best = max(options, key=lambda one: options[one].points)
        right = options[option].points == options[best].points
        words = text.steps[step].options
        better = "" if right else words[best].text
        parts.append(
            Part(
                words[option].text,
                words[option].why,
                text.steps[step].text,
                better,
                right=right,
            )
        )
    return parts


def _late(row: LateAnswer, question: Question, language: str) -> Late:
    text = question.text(language)
    return Late(
        row.position,
        said(question, text, row.chosen),
        row.reason,
        row.made_at,
        row.received_at,
    )


def said(question: Question, text: QuestionText, chosen: Sequence[str]) -> str:
    """Write an answer as one line of words."""
    match question.key:
        case ChoiceKey():
            return "; ".join(text.options[one].text for one in chosen if one in text.options)
        case MatchingKey():
            pairs = [one.split("=", 1) for one in chosen]
            return "; ".join(f"{text.options[a].text} – {text.matches[b]}" for a, b in pairs)
        case OrderingKey():
            return " → ".join(text.options[one].text for one in chosen)
        case ShortTextKey():
            return chosen[0]
        case ScenarioKey():
            decisions = way(question.key, chosen)
            return " → ".join(text.steps[step].options[one].text for step, one in decisions)
