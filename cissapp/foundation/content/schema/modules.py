"""Shapes of a module: plan, quiz, lessons; `modules/README.md` shows one of each."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from cissapp.foundation.content.schema.parts import (
    CitedSource,
    CountryCode,
    CriterionId,
    Id,
    Strict,
    Text,
)
from cissapp.foundation.content.schema.pictures import LessonPicture
from cissapp.foundation.content.schema.questions import Difficulty, QuestionKey, QuestionKind


class FeedbackLevel(StrEnum):
    """How much a learner is told of a closed attempt."""

    NONE = "none"
    SCORE = "score"
    QUESTION = "question"


class Feedback(Strict):
    """How much is told after a pass, after a failure, and after the last failure before a rest."""

    after_pass: FeedbackLevel = FeedbackLevel.QUESTION
    after_fail: FeedbackLevel = FeedbackLevel.SCORE
    after_last_fail: FeedbackLevel = FeedbackLevel.SCORE


class Draw(Strict):
    """A number of questions of these kinds, topics, difficulties and criteria; an empty list means any."""

    draw: int = Field(ge=1, le=50)
    kinds: list[QuestionKind] = []
    topics: list[int] = []
    difficulties: list[Difficulty] = []
    criteria: list[CriterionId] = []

    def takes(self, key: QuestionKey) -> bool:
        """Return whether a question may be drawn here."""
        return (
            (not self.kinds or key.kind in self.kinds)
            and (not self.topics or key.topic in self.topics)
            and (not self.difficulties or key.difficulty in self.difficulties)
            and (not self.criteria or not set(self.criteria).isdisjoint(key.criteria))
        )


class Policy(Strict):
    """The rules for attempting and passing a module's quiz; an attempt keeps the policy it was started with.

    After `attempts` failures in a row the next attempt opens after `rest_days`; an open attempt closes
    automatically after `open_days`; `minutes` sets a time limit, none by default.
    """

    pass_percent: int = Field(ge=1, le=100)
    retake_after_hours: int = Field(ge=0)
    attempts: int = Field(default=3, ge=1)
    rest_days: int = Field(default=7, ge=0)
    open_days: int = Field(default=30, ge=1)
    minutes: int | None = Field(default=None, ge=5)
    feedback: Feedback = Feedback()


class QuizSettings(Policy):
    """The policy of a quiz, and how its questions are drawn.

    `blueprint` draws the quiz and `check` the short test before and after the module; no topic is repeated.
    """

    blueprint: list[Draw] = Field(min_length=1)
    check: list[Draw] = [Draw(draw=5)]

    @property
    def draw(self) -> int:
        """The number of questions in one attempt."""
        return sum(part.draw for part in self.blueprint)

    @property
    def policy(self) -> Policy:
        """The part of the settings that an attempt keeps."""
        return Policy(**{name: getattr(self, name) for name in Policy.model_fields})


class LessonPiece(StrEnum):
    """The part of the school's application that a lesson's activity produces, so it is asked for once."""

    POLICY = "policy"
    WAYS = "ways"
    ESCALATION = "escalation"
    DOCUMENT = "document"
    ASSESSMENT = "assessment"


class LessonPlan(Strict):
    """The part of a lesson that is the same in every language.

    `minutes` is for reading, `doing` for the activity in the reader's own school, which is done once; with
    `piece` it produces a part of the application, for the lesson's criteria.
    Anyone who read a version below `reread_from` is asked to read the lesson again.
    """

    id: Id
    minutes: int = Field(ge=3, le=30)
    doing: int = Field(default=0, ge=0, le=90)
    criteria: list[CriterionId] = []
    piece: LessonPiece | None = None
    version: int = Field(default=1, ge=1)
    reread_from: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _reread_fits(self) -> Self:
        if self.reread_from > self.version:
            raise ValueError("'reread_from' is higher than 'version', so nobody could have read it")
        return self


class ModuleFile(Strict):
    """`module.yaml` of a module.

    Anyone who passed a version below `retest_from` is asked to take the quiz again; the pass stays valid.
    """

    id: Id
    number: int = Field(ge=1, le=5)
    version: int = Field(ge=1)
    retest_from: int = Field(default=1, ge=1)
    criteria: list[CriterionId] = Field(min_length=1)
    quiz: QuizSettings
    lessons: list[LessonPlan] = Field(min_length=1)

    @model_validator(mode="after")
    def _retest_fits(self) -> Self:
        if self.retest_from > self.version:
            raise ValueError(
                "'retest_from' is higher than 'version', so nobody could have passed it"
            )
        return self


class ModuleText(Strict):
    """`<language>/module.yaml`."""

    title: Text
    summary: Text
    notice: Text
    outcomes: list[Text] = Field(min_length=1)


class LessonActivity(Strict):
    """What readers do in their own school."""

    title: Text
    text: Text


class LessonProduct(LessonActivity):
    """What readers take away from the lesson, and a specimen of it, completed for an invented school."""

    specimen: Text


class OpenPoint(Strict):
    """A point that a national group has still to confirm, in these countries or in all."""

    text: Text
    countries: list[CountryCode] = []


class SelfCheck(Strict):
    """A question for readers to ask themselves, with its answer."""

    question: Text
    answer: Text


class LessonText(Strict):
    """A lesson in one language: its front matter and its body.

    `by_country` is the law and practice of a country, shown only to people from there.
    """

    title: Text
    case: Text
    key_messages: list[Text] = Field(min_length=3, max_length=3)
    activity: LessonActivity
    product: LessonProduct
    self_check: list[SelfCheck] = Field(min_length=2, max_length=2)
    sources: list[CitedSource] = Field(min_length=1)
    by_country: dict[CountryCode, Text] = {}
    picture: LessonPicture | None = None
    confirm: list[OpenPoint] = []
    body: Text
