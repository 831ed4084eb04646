"""What a person sees of a closed attempt, as far as its policy allows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from msgspec import Struct, field

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
from cissapp.learn.learning.rules import LateReason, text_language
from cissapp.learn.learning.rules.attempts import percent_of
from cissapp.learn.learning.rules.grading import FULL, follow_decisions


class AnswerPart(Struct, frozen=True):
    """Part of an answer: what was chosen, whether it is right, what would have been right, and why."""

    text: str
    why: str = ""
    before: str = ""
    better: str = ""
    chosen: bool = True
    right: bool = True


class ExplainedQuestion(Struct, frozen=True):
    """A question of a closed attempt with its answer and its explanation."""

    position: int
    text: str
    language: str
    points: int
    parts: list[AnswerPart]
    fact: str
    source: CitedSource
    rule_is_ours: bool
    lesson: Lesson | None
    out: bool = False

    @property
    def right(self) -> bool:
        """Whether the answer earned full points."""
        return self.points == FULL

    @property
    def partly(self) -> bool:
        """Whether the answer earned something, but not all."""
        return 0 < self.points < FULL


class ShownLateAnswer(Struct, frozen=True):
    """An answer that came too late to count."""

    position: int
    answer_text: str
    reason: LateReason
    made_at: datetime | None
    received_at: datetime


class AttemptResult(Struct, frozen=True):
    """A closed attempt, as far as it may be disclosed."""

    level: FeedbackLevel
    points: int
    total: int
    explained: list[ExplainedQuestion] = field(default_factory=list)
    late: list[ShownLateAnswer] = field(default_factory=list)

    @property
    def percent(self) -> int:
        """The percentage of points earned, never rounded up."""
        return percent_of(self.points, self.total)

    @property
    def earned(self) -> float:
        """The points in questions: 8.5 of 10."""
        return self.points / FULL

    @property
    def to_read(self) -> list[Lesson]:
        """The lessons that cover what was not answered fully right, each once, in order."""
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
) -> AttemptResult:
    """Return a closed attempt with its questions explained; the page shows as much as `level` allows."""
    explained = [
        _explained(row, asked[row.position], module, language, out=row.question_id in out)
        for row in attempt.questions
        if row.position in asked
    ]
    kept = [_late(one, asked[one.position], language) for one in late if one.position in asked]
    return AttemptResult(level, attempt.points or 0, attempt.total, explained, kept)


def _explained(
    row: AttemptQuestion, question: Question, module: Module, language: str, *, out: bool
) -> ExplainedQuestion:
    text = question.text(language)
    return ExplainedQuestion(
        row.position,
        text.text,
        text_language(question.texts, language),
        row.points or 0,
        _parts(question, text, row),
        text.fact,
        question.key.source,
        question.key.rule_is_ours,
        module.lesson(question.key.lesson),
        out,
    )


def _parts(question: Question, text: QuestionText, row: AttemptQuestion) -> list[AnswerPart]:
    key, chosen = question.key, row.chosen or []
    match key:
        case ChoiceKey():
            return _parts_of_choice(key, text, row.options, chosen)
        case MatchingKey():
            return _parts_of_matching(key, text, chosen)
        case OrderingKey():
            return _parts_of_order(key, text, chosen)
        case ShortTextKey():
            accepted = ", ".join(next(iter(key.accepted.values())))
            right = (row.points or 0) == FULL
            return [
                AnswerPart(
                    chosen[0] if chosen else "", better="" if right else accepted, right=right
                )
            ]
        case ScenarioKey():
            return _parts_of_scenario(key, text, chosen)
        case _:
            assert_never(key)


def _parts_of_choice(
    key: ChoiceKey, text: QuestionText, options: Sequence[str], chosen: Sequence[str]
) -> list[AnswerPart]:
    return [
        AnswerPart(
            text.options[one].text,
            text.options[one].why,
            chosen=one in chosen,
            right=one in key.key,
        )
        for one in options
        if one in chosen or one in key.key
    ]


def _parts_of_matching(
    key: MatchingKey, text: QuestionText, chosen: Sequence[str]
) -> list[AnswerPart]:
    given = dict(one.split("=", 1) for one in chosen)
    parts = []
    for option in key.options:
        right = given.get(option) == key.pairs[option]
        parts.append(
            AnswerPart(
                text.matches.get(given.get(option, ""), ""),
                text.options[option].why,
                text.options[option].text,
                "" if right else text.matches[key.pairs[option]],
                chosen=option in given,
                right=right,
            )
        )
    return parts


def _parts_of_order(
    key: OrderingKey, text: QuestionText, chosen: Sequence[str]
) -> list[AnswerPart]:
    parts = []
    for place, option in enumerate(key.key):
        given = chosen[place] if place < len(chosen) else ""
        words = text.options.get(given)
        parts.append(
            AnswerPart(
                words.text if words else "",
                text.options[option].why,
                f"{place + 1}.",
                "" if given == option else text.options[option].text,
                chosen=bool(given),
                right=given == option,
            )
        )
    return parts


def _parts_of_scenario(
    key: ScenarioKey, text: QuestionText, chosen: Sequence[str]
) -> list[AnswerPart]:
    parts = []
    for step, option in follow_decisions(key, chosen):
        options = key.steps[step]
        best = max(options, key=lambda one: options[one].points)
        right = options[option].points == options[best].points
        words = text.steps[step].options
        better = "" if right else words[best].text
        parts.append(
            AnswerPart(
                words[option].text,
                words[option].why,
                text.steps[step].text,
                better,
                right=right,
            )
        )
    return parts


def _late(row: LateAnswer, question: Question, language: str) -> ShownLateAnswer:
    text = question.text(language)
    return ShownLateAnswer(
        row.position,
        answer_text(question, text, row.chosen),
        row.reason,
        row.made_at,
        row.received_at,
    )


def answer_text(question: Question, text: QuestionText, chosen: Sequence[str]) -> str:
    """Return an answer as one line of text."""
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
            decisions = follow_decisions(question.key, chosen)
            return " → ".join(text.steps[step].options[one].text for step, one in decisions)
        case _:
            assert_never(question.key)
