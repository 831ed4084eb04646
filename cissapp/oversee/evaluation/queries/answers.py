"""Reads of answers, added up by question in the database; never those of a single person."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Select, Subquery, Text, case, cast, func, select
from sqlalchemy.orm import aliased

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import ChoiceKey
from cissapp.foundation.content.values import Module, Question
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import Attempt, AttemptQuestion, QuestionVersion
from cissapp.learn.learning.rules import AttemptState
from cissapp.learn.learning.rules.states import AttemptPurpose
from cissapp.oversee.evaluation.rules import AnswerBundle, AnswerKey

FULL_POINTS = 100
# The parts of a key that decide the points; the rest (its lesson, its source) may change.
GRADED = ("kind", "options", "key", "matches", "pairs", "accepted", "steps")
# The newest quizzes, up to this many, are enough; query time does not grow with the programme.
QUIZZES_MOST = 20_000
# The strong are the top third by their results on the other questions, ties included.
STRONG_ABOVE = 2 / 3


def bundles(module: Module, question_id: str | None = None) -> dict[str, list[AnswerBundle]]:
    """Count identical answers by question, for all questions or for one; two statements.

    Only the first quiz of the module counts for each person, and only the newest 20,000 of these.
    An answer counts only if the key and the text in its language have not changed since it was asked.
    """
    rows = session.execute(_answers(module, question_id))
    as_now = _unchanged(module)
    found: dict[str, list[AnswerBundle]] = defaultdict(list)
    for version_id, asked, language, chosen, points, *sums in rows:
        if (version_id, language) in as_now:
            options = tuple(json.loads(chosen or "null") or ())
            count, rest, squares, strong = sums
            found[asked].append(
                AnswerBundle(asked, language, options, points, count, rest, squares, int(strong))
            )
    return found


def _answers(module: Module, question_id: str | None) -> Select[Any]:
    first = _first_quiz(module.id)
    # Which options were chosen matters only for choice questions; free text is not read.
    with_options = [one.id for one in module.questions if isinstance(one.key, ChoiceKey)]
    row = aliased(AttemptQuestion)
    rest = cast(first.c.points - row.points, Float) / (first.c.total - 1) / FULL_POINTS
    place = func.cume_dist().over(
        partition_by=(row.question_id, first.c.language, row.version_id), order_by=rest
    )
    single = (
        select(
            row.version_id,
            row.question_id,
            first.c.language,
            case((row.question_id.in_(with_options), cast(row.chosen, Text))).label("chosen"),
            row.points,
            rest.label("rest"),
            place.label("place"),
        )
        .join(first, first.c.id == row.attempt_id)
        .where(row.points.is_not(None))
    )
    if question_id is not None:
        single = single.where(row.question_id == question_id)
    one = single.subquery("answer").c
    alike = (one.version_id, one.question_id, one.language, one.chosen, one.points)
    return select(
        *alike,
        func.count(),
        func.sum(one.rest),
        func.sum(one.rest * one.rest),
        func.count().filter(one.place > STRONG_ABOVE),
    ).group_by(*alike)


def asked_of(question: Question) -> AnswerKey:
    """Return the options of a choice question; an empty key for any other."""
    key = question.key
    if not isinstance(key, ChoiceKey):
        return AnswerKey()
    return AnswerKey(tuple(key.options), frozenset(key.key))


def _first_quiz(module_id: str) -> Subquery:
    number = func.row_number().over(
        partition_by=Attempt.user_id, order_by=(Attempt.closed_at, Attempt.id)
    )
    every = (
        select(
            Attempt.id,
            Attempt.language,
            Attempt.points,
            Attempt.total,
            Attempt.closed_at,
            number.label("number"),
        )
        .where(
            Attempt.module_id == module_id,
            Attempt.purpose == AttemptPurpose.QUIZ,
            Attempt.state.in_((AttemptState.PASSED, AttemptState.FAILED)),
        )
        .subquery("every")
    )
    return (
        select(every)
        .where(every.c.number == 1, every.c.total > 1)
        .order_by(every.c.closed_at.desc(), every.c.id)
        .limit(QUIZZES_MOST)
        .subquery("quiz")
    )


def _unchanged(module: Module) -> set[tuple[UUID, str]]:
    """Return the question versions, by language, that are the same as the current question."""
    versions = session.execute(
        select(QuestionVersion.id, QuestionVersion.question_id, QuestionVersion.document).where(
            QuestionVersion.module_id == module.id
        )
    )
    return {
        (version_id, language)
        for version_id, question_id, document in versions
        if question_id in module.by_question_id
        for language in _same_in(document, module.by_question_id[question_id])
    }


def _same_in(document: Mapping[str, Any], question: Question) -> Iterable[str]:
    """List the languages in which a question is unchanged, including those that fall back to English."""
    now = question.document
    if any(document["key"].get(part) != now["key"].get(part) for part in GRADED):
        return
    then, texts = document["texts"], now["texts"]
    for language in content().languages:
        own, other = then.get(language, then["en"]), texts.get(language, texts["en"])
        if _words(own) == _words(other):
            yield language


def _words(text: Mapping[str, Any]) -> list[Any]:
    """Return what a learner reads before answering, without explanations, which may change."""
    steps = [
        (text["text"], text.get("options", {})),
        *((one["text"], one["options"]) for _, one in sorted(text.get("steps", {}).items())),
    ]
    asked = [
        (said, {name: one["text"] for name, one in options.items()}) for said, options in steps
    ]
    return [asked, text.get("matches", {})]
