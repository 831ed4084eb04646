"""What the demonstration shows of handovers: a head who leaves, and a successor who has not agreed yet."""

from datetime import datetime, timedelta

from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.operate.demo.schools.people import StoryContext
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.accounts.rules import Duty
from cissapp.people.handover import services
from cissapp.people.handover.rules.handovers import Afterwards
from cissapp.people.handover.services import Successor
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing


def add(stage: StoryContext) -> None:
    """Let the head of a school whose certificate has expired hand over to the designated person."""
    with unit_of_work():
        head = session.scalars(
            select(User)
            .join(School, School.id == User.school_id)
            .where(School.standing == Standing.EXPIRED, User.duty == Duty.HEAD)
            .order_by(User.email)
            .limit(1)
        ).first()
        if head is None or head.school is None:
            return
        hand_over(head.school, head, at=stage.now - timedelta(days=2))


def hand_over(school: School, head: User, *, at: datetime) -> None:
    """Let the head of a school hand over to the designated person, who has not agreed yet."""
    other = next(one for one in people_of_school(school.id) if one.duty is Duty.DESIGNATED_PERSON)
    services.start_handover(school, Successor(user_id=other.id), Afterwards.DEPUTY, by=head, at=at)
