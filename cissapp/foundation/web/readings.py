"""Records who reads data that is not their own: after the page is rendered, before it is sent."""

import logging
from typing import Any
from uuid import UUID

from flask import Response, after_this_request, request
from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.access.guard import actor
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record, was_read_lately
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SystemActor
from cissapp.foundation.core.db import SAFE_METHODS, unit_of_work

log = logging.getLogger(__name__)


class _Reading(Struct, frozen=True):
    """Who reads what, as plain values, because the rows are detached by the time it is written."""

    event: Event
    thing: tuple[str, Any]
    by: SystemActor
    school_id: UUID | None


def note_reading(event: Event, thing: Any, *, school_id: UUID | None) -> None:
    """Record, at most once an hour, that the person of this request reads a row, if the page succeeds.

    A change leaves its own line in the audit trail. If nothing can be written, as on a full disk, the page is
    shown anyway, and the log says that the line is missing from the trail.
    """
    if request.method not in SAFE_METHODS:
        return
    person = actor()
    reading = _Reading(
        event,
        (thing.__tablename__, thing.id),
        SystemActor(id=person.id, role=person.role),
        school_id,
    )

    @after_this_request
    def write(answer: Response) -> Response:
        if answer.status_code < 400:
            _write(reading)
        return answer


def _write(reading: _Reading) -> None:
    event, thing, by, at = reading.event, reading.thing, reading.by, clock.now()
    try:
        # Looked up before the write begins: on SQLite whoever writes keeps others waiting.
        if was_read_lately(event, thing, by=by, at=at):
            return
        with unit_of_work():
            record(event, thing, by=by, at=at, school_id=reading.school_id)
    except DBAPIError:
        log.exception("the reading of %s %s could not be recorded", *reading.thing)
