"""Shapes of a module: plan, lessons, questions; `modules/README.md` shows one of each."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from cissapp.content.schema.parts import CriterionId, Id, Source, Strict, Text


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class Difficulty(StrEnum):
    """How hard a question is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class QuizSettings(Strict):
    """How the quiz of a module is drawn and passed."""

    draw: int = Field(ge=1, le=50)
    pass_percent: int = Field(ge=1, le=100)
    retake_after_hours: int = Field(ge=0)


class LessonPlan(Strict):
    """What of a lesson is the same in every language."""

    id: Id
    minutes: int = Field(ge=5, le=30)
    criteria: list[CriterionId] = []


class ModuleFile(Strict):
    """`module.yaml` of a module."""

    id: Id
    number: int = Field(ge=1, le=5)
    version: int = Field(ge=1)
    criteria: list[CriterionId] = Field(min_length=1)
    quiz: QuizSettings
    lessons: list[LessonPlan] = Field(min_length=1)


class ModuleText(Strict):
    """`<language>/module.yaml`."""

    title: Text
    summary: Text
    notice: Text
    outcomes: list[Text] = Field(min_length=1)


class Activity(Strict):
    """What the reader does with the own school."""

    title: Text
    text: Text


class SelfCheck(Strict):
    """A question to oneself, with its answer."""

    question: Text
    answer: Text


class LessonText(Strict):
    """A lesson in one language: the front matter, and the body under it."""

    title: Text
    case: Text
    key_messages: list[Text] = Field(min_length=3, max_length=3)
    activity: Activity
    product: Activity
    self_check: list[SelfCheck] = Field(min_length=2, max_length=2)
    sources: list[Source] = Field(min_length=1)
    confirm: list[Text] = []
    body: Text


class QuestionKey(Strict):
    """What of a question is the same in every language, the right options included."""

    id: Id
    topic: int = Field(ge=1)
    kind: Kind
    difficulty: Difficulty
    lesson: Id
    criteria: list[CriterionId] = []
    options: list[Id] = Field(min_length=2, max_length=6)
    key: list[Id] = Field(min_length=1)
    source: Source
    confirm: Text | None = None

    @model_validator(mode="after")
    def _key_fits(self) -> Self:
        if len(set(self.options)) != len(self.options):
            raise ValueError("'options' names an option twice")
        if not set(self.key) <= set(self.options):
            raise ValueError("'key' names an option that is not in 'options'")
        if self.kind is not Kind.MULTIPLE and len(self.key) != 1:
            raise ValueError(f"a '{self.kind}' question has exactly one right option")
        if self.kind is Kind.TRUE_FALSE and len(self.options) != 2:
            raise ValueError("a 'true_false' question has exactly two options")
        if len(self.key) == len(self.options):
            raise ValueError("every option is right: nothing is asked")
        return self


class OptionText(Strict):
    """An option in one language, and why it is right or not."""

    text: Text
    why: Text


class QuestionText(Strict):
    """A question in one language."""

    text: Text
    fact: Text
    options: dict[Id, OptionText]
