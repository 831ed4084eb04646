"""Saves a choice sent by a script from the request alone, the fast path of nearly every answer.

Anything not plainly valid takes the slow path, which loads the attempt and reports what is wrong.
"""

from uuid import UUID

from flask import request

from cissapp.foundation.access.guard import actor
from cissapp.foundation.content.values import Module
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import release_transaction
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.forms import chosen_by_numbers, read_sequence
from cissapp.learn.learning.queries import OneQuestion
from cissapp.people.accounts.sessions import row_beside


def named_question(position: int, **_rest: str) -> dict[str, object]:
    """Return the values that identify the question an answer was sent to."""
    return {"attempt_id": _sent_attempt(), "position": position}


def save_at_once(module: Module) -> OneQuestion | None:
    """Save the answer that was sent, and return its question as it is now; None if the slow path is needed."""
    row = row_beside()
    if row is None:
        return None
    found = OneQuestion(*row)
    queries.know_question(found)
    return _saved(found, module, tries=2)


def _saved(found: OneQuestion, module: Module, *, tries: int) -> OneQuestion | None:
    """Save an answer to a question as it was read.

    If another answer by the same person came in between, it is read again: by now the write has its turn.
    """
    person, at = actor(), clock.now()
    if not services.is_answerable(found, module_id=module.id, by=person, at=at):
        return None
    chosen = chosen_by_numbers(
        found.options, request.form.getlist("chosen"), several=services.takes_several(found)
    )
    if chosen is None:
        return None
    sequence = read_sequence(request.form.get("sequence"))
    saved = services.save_single_answer(found, chosen, sequence=sequence, by=person, at=at)
    if saved is None and tries > 1:
        now = queries.one_question(found.attempt_id, found.position)
        saved = _saved(now, module, tries=tries - 1) if now else None
    if saved is None:
        release_transaction()
    return saved


def _sent_attempt() -> UUID | None:
    try:
        return UUID(request.form.get("attempt", ""))
    except ValueError:
        return None
