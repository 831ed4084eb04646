"""Reads of applications: the right rows, in a number of queries that does not grow."""

from datetime import timedelta

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment import services as enrolment
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.applications import queries
from cissapp.prepare.applications.queries import pages as overview
from cissapp.prepare.applications.queries import readiness as facts
from cissapp.prepare.applications.queries.position import find_position
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.assessment.models import SelfScore
from tests import factories
from tests.factories import NOW
from tests.statements import statements_sent

DAY = timedelta(days=1)


def test_the_open_and_the_newest_application_of_a_school(context):
    school, other = factories.school(), factories.school()
    first = factories.application(school, round=1, state=ApplicationState.WITHDRAWN)
    assert (queries.open_application(school.id), queries.newest_application(school.id)) == (
        None,
        first,
    )

    second = factories.application(school, cycle=2)
    factories.application(other)

    assert queries.open_application(school.id) is second
    assert queries.newest_application(school.id) is second
    assert queries.applications_of(school.id) == [second, first]
    assert queries.application(first.id) is first


@pytest.mark.one_database("sqlite")
def test_what_is_missing_is_told_in_the_language_that_is_asked_for(context):
    school = factories.school()
    head = factories.manager(school, name="Ana")
    titles = ", ".join(f"{one.number}. {one.text('en').title}" for one in content().modules)

    found = facts.gather_readiness(None, school, content(), language="en").facts

    assert [(one.kind, one.message % one.values) for one in found.training_left] == [
        ("head-deputy", f"{head.name} still has to pass: {titles}."),
        (
            "designated_person",
            "There is no designated person here yet. Invite them.",
        ),
    ]
    assert [one.message for one in found.documents_left] == ["Upload the school’s safety policy."]
    assert (found.criteria_left[0].message % found.criteria_left[0].values) == (
        f"A1 {content().standard.by_id['A1'].text('en').title}: choose a level."
    )


@pytest.mark.one_database("sqlite")
def test_who_is_invited_already_is_not_to_be_invited_again(context):
    school = factories.school()
    factories.manager(school)
    by = factories.manager(school, duty=Duty.DEPUTY)
    enrolment.invite_to_school(
        school,
        duty=Duty.DESIGNATED_PERSON,
        email="ion@school.example",
        name="Ion Testescu",
        by=by,
        at=NOW,
    )

    left = facts.gather_readiness(None, school, content(), language="en").facts.training_left

    assert [(one.kind, one.message % one.values, one.link) for one in left[1:]] == [
        (
            "designated_person",
            "Ion Testescu has been invited, but has not joined yet.",
            ("enrolment.people", {}),
        )
    ]


def test_the_first_page_takes_the_same_queries_for_much_and_for_little(context):
    counts = []
    for full in (False, True):
        school = factories.school()
        head = factories.manager(school)
        factories.manager(school, duty=Duty.DESIGNATED_PERSON)
        if full:
            factories.complete_dossier(school, head)
        session.expire_all()
        assert head.school_id == school.id

        with statements_sent() as counted:
            overview.first_page(school, head, content(), language="en", at=NOW)
        counts.append(len(counted))

    # The documents behind the scores are fetched with one statement more, however many they are.
    assert counts[1] - counts[0] <= 1
    assert counts[1] <= 20


@pytest.mark.one_database("sqlite")
def test_the_ring_shows_which_share_of_those_who_must_has_passed(context):
    school = factories.school()
    head, _other = factories.manager(school), factories.manager(school, duty=Duty.DESIGNATED_PERSON)
    factories.passed_module(head, content().modules[0].id)

    page = overview.first_page(school, head, content(), language="en", at=NOW)

    assert page.shares == [0.5, 0, 0, 0, 0]
    assert (page.modules_met, page.training.passed) == (0, 1)


def test_a_criterion_that_came_back_is_changed_by_a_save_or_by_a_newer_file(context):
    school = factories.school(progress=Progress.CHANGES_REQUESTED)
    head = factories.manager(school)
    factories.complete_dossier(school, head)
    application = factories.application(
        school,
        round=1,
        state=ApplicationState.CHANGES_REQUESTED,
        open_criteria=["A1", "B2"],
        changed_at=NOW + DAY,
    )

    def changed() -> list[tuple[str, bool]]:
        found = find_position(school, content(), language="en", today=NOW.date())
        return [(one.criterion.id, one.changed) for one in found.open_criteria]

    assert changed() == [("A1", False), ("B2", False)]

    dossier = find_position(school, content(), language="en", today=NOW.date()).readiness.evidence
    session.get_one(SelfScore, (school.id, "A1")).saved_at = NOW + 2 * DAY
    session.flush()
    assert changed() == [("A1", True), ("B2", False)]

    dossier.documents[0].newest.uploaded_at = NOW + 2 * DAY
    session.flush()
    assert changed() == [("A1", True), ("B2", True)]
    assert application.outcome is None


def test_before_says_what_a_school_has_behind_it(context):
    school = factories.school()
    decided = factories.application(
        school, state=ApplicationState.DECIDED, outcome=ApplicationOutcome.MAJOR_GAPS
    )

    assert facts.last_application_of(None, school, NOW.date()).state is None
    before = facts.last_application_of(decided, school, NOW.date())
    assert before.outcome is ApplicationOutcome.MAJOR_GAPS


def test_before_says_how_a_certificate_stood_on_the_day_that_is_asked_about(context):
    """Not on the day that the machine has: the demo writes its past."""
    end = NOW.date()
    school = factories.school(standing=Standing.VALID, level=1, valid_until_on=end)

    days = (end - 91 * DAY, end - 90 * DAY, end, end + DAY)

    assert [facts.last_application_of(None, school, day).standing for day in days] == [
        Standing.VALID,
        Standing.EXPIRING,
        Standing.EXPIRING,
        Standing.EXPIRED,
    ]
