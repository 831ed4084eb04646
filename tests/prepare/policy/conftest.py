"""A school with a head and a designated person, its reporting mechanism, and the small library."""

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.policy import services
from tests import factories
from tests.factories import NOW
from tests.prepare.policy.library import ANSWERS, installed


@pytest.fixture(autouse=True)
def _still(request):
    """Stop the clock, and install the small library where a test has an application: rules need none."""
    with clock.at(NOW):
        if "app" not in request.fixturenames:
            yield
            return
        with installed(request.getfixturevalue("app")):
            yield


@pytest.fixture
def head(app, make):
    """The head of a school that has said how to report, but has no document."""
    school = make.school(language="en")
    head = make.manager(school)
    make.manager(school, duty=Duty.DEPUTY)
    with app.app_context(), unit_of_work():
        session.add_all(factories._mechanism_rows(school, head, NOW))
    return head


@pytest.fixture
def answered(app, head):
    """The school has answered every question."""
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        services.save_answers(school, ANSWERS, by=head, at=NOW)
    return head
