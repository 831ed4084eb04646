"""A certified school with its people."""

import pytest

from cissapp.foundation.core.roles import Role
from tests.certify.upkeep.people import START, both


@pytest.fixture
def place(context, make):
    """A certified school with head and designated person, and its coordinator."""
    group = make.group()
    school = make.school(group_id=group.id)
    head, designated = both(school)
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    return make.certified(school, at=START), head, designated, coordinator
