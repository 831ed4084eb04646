"""What the demonstration shows of retention: a school in Moldova whose documents are held back from deletion."""

from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.roles import Role
from cissapp.operate.demo.schools.people import StoryContext
from cissapp.operate.demo.schools.wording import in_language
from cissapp.oversee.personal_data.services.holds import hold_school
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing

REASON = N_("The ministry asked to see the documents again.")


def add(stage: StoryContext) -> None:
    """Place a coordinator's hold on the documents of a school whose certificate was withdrawn."""
    with unit_of_work():
        school = session.scalar(
            select(School)
            .where(School.country_code == "MD", School.standing == Standing.WITHDRAWN)
            .order_by(School.name)
            .limit(1)
        )
        if school is None:
            return
        coordinator = session.scalars(
            select(User).where(User.group_id == school.group_id, User.role == Role.COORDINATOR)
        ).first()
        if coordinator is not None:
            until_on = clock.months_after(stage.now.date(), 6)
            hold_school(
                school, in_language(REASON, school.language), until_on, by=coordinator, at=stage.now
            )
