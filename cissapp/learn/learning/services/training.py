"""Advances the school's progress when training begins and when it is complete."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cissapp.foundation.content.installed import content as current_content
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Forbidden
from cissapp.learn.learning import queries
from cissapp.people.accounts.models import User
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress

BEFORE_TRAINED = frozenset({Progress.REGISTERED, Progress.IN_TRAINING})


def person_id_of(by: Actor) -> UUID:
    """Return the id of the person who learns; raise `Forbidden` for the system."""
    if by.id is None:
        raise Forbidden
    return by.id


def begin_training(by: Actor, *, at: datetime) -> None:
    """Record that the person's school has begun its training."""
    school = _school_at(by.school_id, frozenset({Progress.REGISTERED}))
    if school:
        schools.place(school, progress=Progress.IN_TRAINING, at=at)


def follow_joined(person: Actor, *, at: datetime, **_more: Any) -> None:
    """Record that a school has begun, or is trained, when a person comes who has passed modules already."""
    own = [person.id] if person.id else []
    if any(queries.passed_modules(own).values()):
        begin_training(person, at=at)
        end_training(person.school_id, current_content(), at=at)


def end_training(school_id: UUID | None, content: Content, *, at: datetime) -> None:
    """Record that a school is trained, once everyone who is required to has passed every module."""
    school = _school_at(school_id, BEFORE_TRAINED)
    duties = content.standard.decision.gate_duties
    if school and not queries.training_left(school.id, content.modules, duties):
        schools.place(school, progress=Progress.TRAINED, at=at)


def end_training_after_merge(school: School, *, at: datetime) -> None:
    """Record that a school is trained, if the people of the one merged into it complete its training."""
    end_training(school.id, current_content(), at=at)


def end_training_by_duty(person: User, *, at: datetime, **_was: Any) -> None:
    """Record that a school is trained, if the person with a new duty has passed every module already."""
    end_training(person.school_id, current_content(), at=at)


def _school_at(school_id: UUID | None, places: frozenset[Progress]) -> School | None:
    """Lock and return the school, if its progress is one of these.

    The lock is for two people who finish at the same time: one of them must see the other's pass.
    """
    school = session.get(School, school_id) if school_id else None
    if school is None or school.progress not in places:
        return None
    session.refresh(school, with_for_update=True)
    return school if school.progress in places else None
