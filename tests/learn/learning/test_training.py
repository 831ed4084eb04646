"""When a school is trained, although nobody has just passed a module."""

import pytest

from cissapp.foundation.core.actor import SYSTEM
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.people import change_duty
from cissapp.people.school_lists.services.merging import merge_schools
from cissapp.people.schools.rules import Progress
from tests.factories import NOW

pytestmark = pytest.mark.one_database("sqlite")
IN_TRAINING = {"progress": Progress.IN_TRAINING}


@pytest.mark.parametrize("is_other_trained", [True, False])
def test_a_school_is_trained_if_the_people_of_one_merged_into_it_complete_its_training(
    context, make, is_other_trained
):
    group = make.group()
    kept, other = (make.school(group_id=group.id, **IN_TRAINING) for _ in range(2))
    _head, designated = make.trained(kept)
    designated.school_id = other.id
    if not is_other_trained:
        designated.duty = Duty.DEPUTY

    merge_schools(kept, other, by=SYSTEM, at=NOW)

    assert (kept.progress is Progress.TRAINED) is is_other_trained


def test_a_school_is_trained_if_somebody_who_has_passed_all_becomes_the_designated_person(
    context, make
):
    school = make.school(**IN_TRAINING)
    _head, person = make.trained(school)
    change_duty(person, Duty.DEPUTY, by=SYSTEM, at=NOW)
    assert school.progress is Progress.IN_TRAINING

    change_duty(person, Duty.DESIGNATED_PERSON, by=SYSTEM, at=NOW)

    assert school.progress is Progress.TRAINED
