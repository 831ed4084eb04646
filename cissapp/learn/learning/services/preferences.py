"""Writes of a person's learning preferences: extra time and reminders."""

from datetime import datetime

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import Learner
from cissapp.learn.learning.rules import ExtraTime
from cissapp.learn.learning.services.training import person_id_of


def preferences_of(by: Actor) -> Learner:
    """Find or create the row of a person's preferences."""
    person = person_id_of(by)
    found = session.get(Learner, person)
    if found is None:
        found = Learner(user_id=person, extra_time=ExtraTime.NONE, reminders_sent=0)
        session.add(found)
        session.flush()
    return found


def set_extra_time(extra: ExtraTime, *, by: Actor) -> None:
    """Record the extra time that the person takes from the next attempt on; no reason is asked for."""
    preferences_of(by).extra_time = extra
    session.flush()


def stop_reminders(*, by: Actor, at: datetime) -> None:
    """Send this person no more reminders to learn; a second time changes nothing."""
    row = preferences_of(by)
    row.reminders_stopped_at = row.reminders_stopped_at or at
    session.flush()


def resume_reminders(*, by: Actor) -> None:
    """Resume sending this person reminders to learn."""
    preferences_of(by).reminders_stopped_at = None
    session.flush()
