"""How far "own group" reaches: to a file of one person for that person only, by row and by query."""

from uuid import uuid4

from sqlalchemy import select

from cissapp.foundation.access.scopes import own_group
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines.models import Deadline
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application
from cissapp.prepare.drills.models import Drill
from cissapp.review.discussions.models import Thread
from cissapp.review.visits.models import Visit
from tests import factories as make

# Everything that a person of a group reaches by the group, and that may hang on such a file.
KINDS = (School, Application, Deadline, Thread, Visit, Drill)


def test_a_file_for_one_person_is_reached_by_that_person_only(context):
    person = make.user(Role.REVIEWER)
    colleague = make.user(Role.REVIEWER, group_id=person.group_id)
    real = make.school(group_id=person.group_id)
    invented = make.school(group_id=person.group_id, only_for_id=person.id)
    for school in (real, invented):
        make.application(school)

    for one, reached in ((person, {real.id, invented.id}), (colleague, {real.id})):
        for kind, key in ((School, School.id), (Application, Application.school_id)):
            rows = session.scalars(select(kind)).all()
            by_row = {getattr(row, "school_id", row.id) for row in rows if own_group(one, row)}
            by_query = set(session.scalars(select(key).where(own_group(one, kind))))
            assert by_row == by_query == reached


def test_everything_that_hangs_on_a_school_or_a_case_knows_whom_it_is_for():
    assert [kind.__name__ for kind in KINDS if not hasattr(kind, "only_for_id")] == []


def test_nobody_without_a_group_reaches_anything(context):
    make.school()
    secretariat = make.user(Role.SECRETARIAT)

    assert not own_group(secretariat, make.school(only_for_id=uuid4()))
    assert session.scalars(select(School).where(own_group(secretariat, School))).all() == []
