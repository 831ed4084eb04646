"""Saves a single answer to a choice question by one guarded statement, without loading the attempt.

Anything not plainly valid is left to `save_answer`, which reports why; nothing is refused here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from msgspec.structs import replace
from sqlalchemy import Table, Text, bindparam, exists, func, insert, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import line_values
from cissapp.foundation.content.schema import ChoiceKey, QuestionKind
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.rows import write_rows, write_told
from cissapp.foundation.core.db import session
from cissapp.learn.learning import queries
from cissapp.learn.learning.models import Attempt, AttemptQuestion
from cissapp.learn.learning.queries import OneQuestion
from cissapp.learn.learning.rules import AttemptState, is_due
from cissapp.learn.learning.rules.grading import answer_problem, normalise_answer

_ANSWER_TABLE = cast("Table", AttemptQuestion.__table__)
_TRAIL_TABLE = cast("Table", AuditEntry.__table__)
_ANSWERS, _TRAIL = _ANSWER_TABLE.c, _TRAIL_TABLE.c
_COLUMNS = ("chosen", "sequence", "saved_at")
_LINE_COLUMNS = [column for column in _TRAIL if column.key != "id"]


def _given(name: str, column: ColumnElement[Any]) -> BindParameter[Any]:
    return bindparam(name, type_=column.type)


_OPEN = (
    Attempt.id == _given("of_attempt", _ANSWERS.attempt_id),
    Attempt.user_id == _given("of_person", Attempt.__table__.c.user_id),
    Attempt.state == AttemptState.OPEN,
    Attempt.expires_at > _given("new_saved_at", _ANSWERS.saved_at),
)
_ANSWER = (
    update(_ANSWER_TABLE)
    .where(
        _ANSWERS.attempt_id == _given("of_attempt", _ANSWERS.attempt_id),
        _ANSWERS.position == _given("at_position", _ANSWERS.position),
        _ANSWERS.sequence == _given("known", _ANSWERS.sequence),
    )
    .values({name: _given(f"new_{name}", _ANSWERS[name]) for name in _COLUMNS})
)
_ANSWER_ALONE = _ANSWER.where(exists().where(*_OPEN))
_LINE_ALONE = insert(_TRAIL_TABLE).values(
    {one.key: _given(f"line_{one.key}", one) for one in _LINE_COLUMNS}
)


def _answer_and_line() -> ReturningInsert[str]:
    """Build the statement that changes the answer, adds its audit line, and locks as `lock_attempt` does.

    It returns the number of its transaction. If it has to wait for a concurrent hand-in, it reads the attempt
    again once the lock is free, and finds that it is no longer open.
    """
    held = select(Attempt.id).where(*_OPEN).with_for_update().cte("held")
    answer = _ANSWER.where(_ANSWERS.attempt_id == held.c.id).returning(_ANSWERS.position)
    saved = answer.cte("saved")
    line = select(*(_given(f"line_{one.key}", one) for one in _LINE_COLUMNS)).select_from(saved)
    names = [one.key for one in _LINE_COLUMNS]
    number = sql_cast(func.pg_current_xact_id(), Text)
    both = insert(_TRAIL_TABLE).from_select(names, line).add_cte(held, saved)
    return both.returning(number)


_BOTH_AT_ONCE = _answer_and_line()


def is_answerable(found: OneQuestion, *, module_id: str, by: Actor, at: datetime) -> bool:
    """Return whether this person may answer this question now, and it is one with choices."""
    if (found.user_id, found.module_id) != (by.id, module_id) or not found.goes_on:
        return False
    if found.state is not AttemptState.OPEN or is_due(found.state, found.expires_at, at):
        return False
    return _key_of(found) is not None


def _key_of(found: OneQuestion) -> ChoiceKey | None:
    question = queries.question_of_version(found.version_id) if found.version_id else None
    return question.key if question and isinstance(question.key, ChoiceKey) else None


def takes_several(found: OneQuestion) -> bool:
    """Return whether a question may have more than one right option."""
    key = _key_of(found)
    return key is not None and key.kind is QuestionKind.MULTIPLE


def save_single_answer(
    found: OneQuestion, chosen: Sequence[str], *, sequence: int, by: Actor, at: datetime
) -> OneQuestion | None:
    """Save an answer as `save_answer` does, and return its question as it is now; None if it was not saved.

    The statement writes only if nothing changed: the attempt is open and belongs to this person, and the
    previous answer is still the same. A concurrent answer is therefore never overwritten unnoticed.
    """
    key = _key_of(found)
    if key is None or answer_problem(key, chosen):
        return None
    kept = normalise_answer(key, chosen)
    if found.saved_at and found.chosen == kept:
        return found
    saved = replace(found, chosen=kept, sequence=max(found.sequence + 1, sequence), saved_at=at)
    facts = {
        "position": saved.position,
        "sequence": saved.sequence,
        "over_newer": sequence < found.sequence,
    }
    line = line_values(
        Event.ANSWER_SAVED,
        (Attempt.__tablename__, saved.attempt_id),
        by=by,
        at=at,
        school_id=by.school_id,
        **facts,
    )
    return saved if _write(found, saved, line) else None


def _write(found: OneQuestion, saved: OneQuestion, line: dict[str, Any]) -> bool:
    values = {
        "of_attempt": saved.attempt_id,
        "at_position": saved.position,
        "known": found.sequence,
        "of_person": saved.user_id,
        "new_chosen": saved.chosen,
        "new_sequence": saved.sequence,
        "new_saved_at": saved.saved_at,
    }
    named = {f"line_{name}": value for name, value in line.items()}
    if session.get_bind().dialect.name == "postgresql":
        return write_told(_BOTH_AT_ONCE, {**values, **named}) == 1
    return write_rows(_ANSWER_ALONE, values) == 1 and write_rows(_LINE_ALONE, named) == 1
