"""Who looks at the form of the options alone does not pass: not the longest, the shortest, a place, big words."""

import re
from collections.abc import Callable
from random import Random

import pytest

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.schema import (
    ChoiceKey,
    MatchingKey,
    OrderingKey,
    QuestionKind,
    ScenarioKey,
)
from cissapp.foundation.content.values import Module, Question
from cissapp.learn.learning.rules.grading import FULL, points
from cissapp.learn.learning.rules.question_draw import draw_questions
from config import ROOT

MODULES = load(ROOT / "modules").modules
ABSOLUTE = re.compile(r"\b(always|never|only|every|all|nobody|everybody|none)\b", re.IGNORECASE)
ATTEMPTS = 400
Choice = Callable[[dict[str, str], list[str]], str]


def longest(texts: dict[str, str], options: list[str]) -> str:
    return max(options, key=lambda one: len(texts[one]))


def shortest(texts: dict[str, str], options: list[str]) -> str:
    return min(options, key=lambda one: len(texts[one]))


def at(place: int) -> Choice:
    return lambda _, options: options[min(place, len(options) - 1)]


def without_big_words(texts: dict[str, str], options: list[str]) -> str:
    plain = [one for one in options if not ABSOLUTE.search(texts[one])]
    return longest(texts, plain or options)


STRATEGIES = {
    "the longest": longest,
    "the shortest": shortest,
    "the first": at(0),
    "the second": at(1),
    "the third": at(2),
    "no big words": without_big_words,
}


def earned(question: Question, choose: Choice) -> int:
    """The points of a strategy for a question, its options in the order of the file."""
    key, text = question.key, question.text("en")
    words = {one: option.text for one, option in text.options.items()}
    match key:
        case ChoiceKey():
            first = choose(words, key.options)
            chosen = [first]
            if key.kind is QuestionKind.MULTIPLE:
                chosen.append(choose(words, [one for one in key.options if one != first]))
            return points(key, chosen)
        case MatchingKey():
            return points(
                key, [f"{one}={choose(text.matches, key.matches)}" for one in key.options]
            )
        case OrderingKey():
            left, order = list(key.options), []
            while left:
                order.append(choose(words, left))
                left.remove(order[-1])
            return points(key, order)
        case ScenarioKey():
            step: str | None = key.first
            way = []
            while step:
                said = {one: option.text for one, option in text.steps[step].options.items()}
                option = choose(said, list(said))
                way.append(f"{step}={option}")
                step = key.steps[step][option].next
            return points(key, way)
        case _:
            return 0


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.id)
def test_no_look_at_the_form_passes(module: Module, strategy: str):
    worth = {one.id: earned(one, STRATEGIES[strategy]) for one in module.questions_for("MD")}
    random = Random(strategy)
    quiz = module.file.quiz
    passes = 0
    for _ in range(ATTEMPTS):
        drawn = draw_questions(module.questions_for("MD"), quiz.blueprint, random)
        total = sum(worth[one.question.id] for one in drawn)
        passes += total * 100 >= quiz.pass_percent * FULL * len(drawn)

    assert passes / ATTEMPTS < 0.01
