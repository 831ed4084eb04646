"""Writes of lessons opened and read."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Lesson
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import LessonProgress
from cissapp.learn.learning.services.training import begin_training, person_id_of


def record_opened(lesson: Lesson, *, by: Actor, at: datetime) -> LessonProgress:
    """Record that the person opened this lesson, so that it can be found again."""
    key = (person_id_of(by), lesson.module_id, lesson.id)
    found = session.get(LessonProgress, key)
    if found:
        return found
    row = LessonProgress(user_id=key[0], module_id=key[1], lesson_id=key[2], opened_at=at)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.get_one(LessonProgress, key)
    return row


def mark_read(lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """Record that the person has read the lesson as it is now; a second time changes nothing."""
    row = record_opened(lesson, by=by, at=at)
    if row.read_at is None or row.read_version < lesson.plan.version:
        row.read_at = at
        row.read_version = lesson.plan.version
        subject = ("lesson", f"{lesson.module_id}/{lesson.id}")
        record(Event.LESSON_READ, subject, by=by, at=at, school_id=by.school_id)
    begin_training(by, at=at)
    session.flush()
