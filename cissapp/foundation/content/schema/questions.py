"""Shapes of the questions of a pool, one for each kind; `modules/README.md` shows one of each."""

import operator
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cissapp.foundation.content.schema.parts import (
    CitedSource,
    CountryCode,
    CriterionId,
    Id,
    Strict,
    Text,
)

ANY_LANGUAGE = "any"


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT_TEXT = "short_text"
    SCENARIO = "scenario"


class Difficulty(StrEnum):
    """How hard a question is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


def _stands_twice(ids: list[str]) -> bool:
    return len(set(ids)) != len(ids)


class BaseKey(Strict):
    """What every question has in every language, whatever its kind.

    `countries` limits a question to people of these countries; one with `confirm` is open, and not asked.
    With `rule_is_ours` the source covers only the subject: the rule in the question is the programme's own.
    """

    id: Id
    topic: int = Field(ge=1)
    difficulty: Difficulty
    lesson: Id
    criteria: list[CriterionId] = []
    source: CitedSource
    rule_is_ours: bool = False
    countries: list[CountryCode] = []
    confirm: Text | None = None

    def is_asked_in(self, country_code: str | None) -> bool:
        """Return whether people of this country may be asked it; None stands for a country without a pack."""
        return self.confirm is None and (not self.countries or country_code in self.countries)


class ChoiceKey(BaseKey):
    """Options, and which of them are right.

    With `scale` they are steps of a scale, such as levels or dates, and keep their order on the page.
    """

    kind: Literal[QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE]
    options: list[Id] = Field(min_length=2, max_length=6)
    key: list[Id] = Field(min_length=1)
    # Left out where it is false: the digest of all other questions stays what it was.
    scale: bool = Field(default=False, exclude_if=operator.not_)

    @model_validator(mode="after")
    def _key_fits(self) -> Self:
        if _stands_twice(self.options):
            raise ValueError("'options' lists an option twice")
        if not set(self.key) <= set(self.options):
            raise ValueError("'key' names an option that is not in 'options'")
        if self.kind is not QuestionKind.MULTIPLE and len(self.key) != 1:
            raise ValueError(f"a '{self.kind}' question must have exactly one right option")
        if self.kind is QuestionKind.TRUE_FALSE and len(self.options) != 2:
            raise ValueError("a 'true_false' question must have exactly two options")
        if len(self.key) == len(self.options):
            raise ValueError("every option is right, so the question asks nothing")
        return self


class MatchingKey(BaseKey):
    """Options, each of which belongs to one match; a match may be left over."""

    kind: Literal[QuestionKind.MATCHING]
    options: list[Id] = Field(min_length=2, max_length=6)
    matches: list[Id] = Field(min_length=2, max_length=8)
    pairs: dict[Id, Id]

    @model_validator(mode="after")
    def _pairs_fit(self) -> Self:
        if _stands_twice(self.options) or _stands_twice(self.matches):
            raise ValueError("'options' or 'matches' lists something twice")
        if set(self.pairs) != set(self.options):
            raise ValueError("'pairs' must give each of 'options' a match, and nothing else")
        if not set(self.pairs.values()) <= set(self.matches):
            raise ValueError("'pairs' names a match that is not in 'matches'")
        if _stands_twice(list(self.pairs.values())):
            raise ValueError("'pairs' gives two options the same match")
        return self


class OrderingKey(BaseKey):
    """Options, and the one right order of them."""

    kind: Literal[QuestionKind.ORDERING]
    options: list[Id] = Field(min_length=3, max_length=6)
    key: list[Id]

    @model_validator(mode="after")
    def _key_fits(self) -> Self:
        if _stands_twice(self.options) or sorted(self.key) != sorted(self.options):
            raise ValueError("'key' must list each of 'options' once, in the right order")
        return self


class ShortTextKey(BaseKey):
    """A few written words, and the accepted forms, by language or for any."""

    kind: Literal[QuestionKind.SHORT_TEXT]
    accepted: dict[str, list[Text]]

    @model_validator(mode="after")
    def _forms_fit(self) -> Self:
        if not self.accepted.get(ANY_LANGUAGE) and not self.accepted.get("en"):
            raise ValueError("'accepted' needs an answer in 'any' or in 'en'")
        return self


class ScenarioDecision(Strict):
    """The points for an option of a step, and the step that follows; without one the story ends."""

    points: int = Field(ge=0, le=5)
    next: Id | None = None


class ScenarioKey(BaseKey):
    """A short story in steps; it starts with the first, and each decision leads on or ends it."""

    kind: Literal[QuestionKind.SCENARIO]
    steps: dict[Id, dict[Id, ScenarioDecision]] = Field(min_length=1, max_length=8)

    @model_validator(mode="after")
    def _steps_fit(self) -> Self:
        order = list(self.steps)
        for number, (step, options) in enumerate(self.steps.items()):
            if not 2 <= len(options) <= 5:
                raise ValueError(f"step '{step}' needs two to five options")
            for option, decision in options.items():
                if decision.next is not None and decision.next not in order[number + 1 :]:
                    raise ValueError(f"'{step}.{option}' must lead to a later step or to none")
        unreached = set(order[1:]) - {one.next for _, _, one in self.decisions()}
        if unreached:
            raise ValueError(f"no decision leads to these steps: {', '.join(sorted(unreached))}")
        if self.best == 0:
            raise ValueError("no path through the steps earns a point")
        return self

    def decisions(self) -> Iterator[tuple[str, str, ScenarioDecision]]:
        """Yield all decisions, with their step and option."""
        for step, options in self.steps.items():
            for option, decision in options.items():
                yield step, option, decision

    @property
    def first(self) -> str:
        """The step that begins."""
        return next(iter(self.steps))

    @property
    def best(self) -> int:
        """The most points that any path through the steps can earn."""
        worth: dict[str | None, int] = {None: 0}
        for step in reversed(self.steps):
            worth[step] = max(one.points + worth[one.next] for one in self.steps[step].values())
        return worth[self.first]


QuestionKey = Annotated[
    ChoiceKey | MatchingKey | OrderingKey | ShortTextKey | ScenarioKey, Field(discriminator="kind")
]


def asks_a_scale(key: QuestionKey) -> bool:
    """Check whether a question asks for a step of a scale, such as a level."""
    return isinstance(key, ChoiceKey) and key.scale


def keys_for_short_tests(keys: Sequence[QuestionKey]) -> list[QuestionKey]:
    """List what the short test before a module may ask.

    Nobody knows the steps of a scale before the lessons, and a topic needs another question for the test after.
    """
    known = [key for key in keys if not asks_a_scale(key)]
    questions = Counter(key.topic for key in known)
    return [key for key in known if questions[key.topic] > 1]


class OptionText(Strict):
    """An option in one language, and why it is correct or not, or what follows from it."""

    text: Text
    why: Text


class StepText(Strict):
    """A step of a scenario in one language."""

    text: Text
    options: dict[Id, OptionText]


class QuestionText(Strict):
    """A question in one language."""

    text: Text
    fact: Text
    options: dict[Id, OptionText] = {}
    matches: dict[Id, Text] = {}
    steps: dict[Id, StepText] = {}


def words_wanted(key: QuestionKey) -> set[str]:
    """Return the names of all question parts that need words, as `options.a`, `matches.p`, `steps.s.a`."""
    if isinstance(key, ScenarioKey):
        return {f"steps.{step}.{option}" for step, option, _ in key.decisions()}
    if isinstance(key, ShortTextKey):
        return set()
    matches = key.matches if isinstance(key, MatchingKey) else []
    return {f"options.{one}" for one in key.options} | {f"matches.{one}" for one in matches}


def words_given(text: QuestionText) -> set[str]:
    """Return the names of all question parts that have words in this language."""
    return (
        {f"options.{one}" for one in text.options}
        | {f"matches.{one}" for one in text.matches}
        | {f"steps.{step}.{option}" for step, one in text.steps.items() for option in one.options}
    )
