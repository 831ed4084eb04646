"""Which questions an attempt asks, and in which order it shows their parts."""

from collections.abc import Collection, Sequence
from random import Random

from msgspec import Struct

from cissapp.foundation.content.schema import (
    ChoiceKey,
    Draw,
    MatchingKey,
    OrderingKey,
    QuestionKey,
    ScenarioKey,
    asks_a_scale,
    keys_for_short_tests,
)
from cissapp.foundation.content.values import Question


class DrawnQuestion(Struct, frozen=True):
    """A drawn question, and its parts in the order of this attempt.

    The parts are `step=option` for a scenario, and the matches for a matching; a short text has none.
    """

    question: Question
    options: tuple[str, ...]


def draw_questions(
    pool: Sequence[Question],
    blueprint: Sequence[Draw],
    random: Random,
    *,
    without: Collection[str] = (),
) -> list[DrawnQuestion]:
    """Draw questions by a blueprint, never two on one topic; the draw does not depend on the language.

    Each topic that fits a part has the same chance, and so has each question within it; `without` holds
    the ids of questions to leave out. The order of the questions and of their parts is random.
    """
    taken: set[int] = set()
    drawn: list[Question] = []
    for part in blueprint:
        fitting = [one for one in pool if part.takes(one.key) and one.id not in without]
        for _ in range(part.draw):
            left = sorted({one.key.topic for one in fitting} - taken)
            if not left:
                break  # a voided question may leave a topic without any
            topic = random.choice(left)
            taken.add(topic)
            drawn.append(random.choice([one for one in fitting if one.key.topic == topic]))
    random.shuffle(drawn)
    return [DrawnQuestion(one, tuple(shuffled_parts(one.key, random))) for one in drawn]


def draw_short_test(
    pool: Sequence[Question],
    blueprint: Sequence[Draw],
    random: Random,
    *,
    without: Collection[str] = (),
) -> list[DrawnQuestion]:
    """Draw the short test before a module, so that its counterpart can be as hard."""
    asked = [one for one in pool if one.id not in without]
    ids = {key.id for key in keys_for_short_tests([one.key for one in asked])}
    return draw_questions([one for one in asked if one.id in ids], blueprint, random)


def draw_counterpart(
    pool: Sequence[Question],
    asked: Sequence[Question],
    random: Random,
    *,
    without: Collection[str] = (),
) -> list[DrawnQuestion]:
    """Draw the other form of a test: the same topics, and other questions where the pool has them.

    A question about a scale stands for no other kind, or the two forms would not be equally hard.
    """
    drawn, used = [], {one.id for one in asked}
    for first in asked:
        same = [one for one in pool if one.id not in without and _is_alike(one.key, first.key)]
        others = [one for one in same if one.id not in used] or same
        if others:
            drawn.append(random.choice(others))
    random.shuffle(drawn)
    return [DrawnQuestion(one, tuple(shuffled_parts(one.key, random))) for one in drawn]


def _is_alike(key: QuestionKey, first: QuestionKey) -> bool:
    return key.topic == first.topic and asks_a_scale(key) == asks_a_scale(first)


def shuffled_parts(key: QuestionKey, random: Random) -> list[str]:
    """Shuffle what is shown, so that a position reveals nothing about the key; a scale keeps its order."""
    if isinstance(key, ChoiceKey):
        return list(key.options) if key.scale else random.sample(key.options, len(key.options))
    if isinstance(key, OrderingKey):
        return _not_in_order(key, random)
    if isinstance(key, MatchingKey):
        return random.sample(key.matches, len(key.matches))
    if isinstance(key, ScenarioKey):
        return [
            f"{step}={option}"
            for step, options in key.steps.items()
            for option in random.sample(list(options), len(options))
        ]
    return []


def _not_in_order(key: OrderingKey, random: Random) -> list[str]:
    """Shuffle the steps until they are not in the right order by chance."""
    while True:
        order = random.sample(key.options, len(key.options))
        if order != key.key:
            return order
