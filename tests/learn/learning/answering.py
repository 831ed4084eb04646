"""Answers for tests: full ones and worthless ones, as they are kept and as a page sends them."""

from collections import Counter
from collections.abc import Iterator
from itertools import count
from random import Random

from flask import Flask

from cissapp.foundation.content.schema import QuestionKey, QuestionKind
from cissapp.foundation.content.values import Module
from cissapp.foundation.core.db import session
from cissapp.learn.learning import queries
from cissapp.learn.learning.forms import step_field
from cissapp.learn.learning.models import Attempt, AttemptQuestion
from cissapp.learn.learning.rules.grading import full_answer, worthless_answer
from cissapp.learn.learning.rules.question_draw import draw_questions


def key_of(row: AttemptQuestion) -> QuestionKey:
    """The key of a question as it was drawn; inside a context of the application."""
    return queries.asked_questions(session.get_one(Attempt, row.attempt_id))[row.position].key


def drawing(module: Module, *kinds: QuestionKind, country: str = "MD") -> Random:
    """A chance by which a quiz of the module asks questions of these kinds, whatever stands in its pool.

    A kind that is named twice is asked twice or more often.
    """
    pool, blueprint = module.questions_for(country), module.file.quiz.blueprint
    seed = next(
        seed
        for seed in count()
        if Counter(kinds)
        <= Counter(one.question.key.kind for one in draw_questions(pool, blueprint, Random(seed)))
    )
    return Random(seed)


def sent(row: AttemptQuestion, key: QuestionKey, answer: list[str]) -> Iterator[dict[str, object]]:
    """The fields that a browser sends for an answer: once, or for each step of a scenario."""
    match key.kind:
        case QuestionKind.MATCHING:
            pairs = dict(one.split("=") for one in answer)
            numbers = [row.options.index(pairs[one]) + 1 for one in key.options if one in pairs]
            yield {f"chosen_{line}": str(n) for line, n in enumerate(numbers, start=1)}
        case QuestionKind.ORDERING:
            places = [answer.index(one) + 1 for one in row.options if one in answer]
            yield {f"chosen_{line}": str(place) for line, place in enumerate(places, start=1)}
        case QuestionKind.SHORT_TEXT:
            yield {"chosen": answer[0] if answer else ""}
        case QuestionKind.SCENARIO:
            for one in answer or ["="]:
                step, option = one.split("=")
                offered = [
                    each.split("=")[1] for each in row.options if each.startswith(f"{step}=")
                ]
                if offered:
                    yield {step_field(key, step): str(offered.index(option) + 1)}
                else:
                    yield {}
        case _:
            yield {"chosen": [str(row.options.index(one) + 1) for one in answer]}


class Answers:
    """The answers to the questions of an attempt, by the keys that it was drawn with."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def key(self, row: AttemptQuestion) -> QuestionKey:
        """The key of a question."""
        with self.app.app_context():
            return key_of(row)

    def right(self, row: AttemptQuestion) -> list[str]:
        """An answer that earns everything."""
        return full_answer(self.key(row))

    def wrong(self, row: AttemptQuestion) -> list[str]:
        """An answer that earns nothing."""
        return worthless_answer(self.key(row))
