"""The mails about tasks: one a person, and no promise of a day that does not exist yet."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.notices.models import Mail
from cissapp.review.independence import services
from cissapp.review.independence.rules import CaseRole
from tests import factories as make
from tests.factories import NOW
from tests.review.independence.test_services import coordinator_of, member_of

pytestmark = [
    pytest.mark.usefixtures("stopped_clock", "context"),
    pytest.mark.one_database("sqlite"),
]


def mails_of_tasks() -> list[Mail]:
    return list(session.scalars(select(Mail).where(Mail.kind == "task_given").order_by(Mail.to)))


def test_many_tasks_given_at_once_are_one_mail_a_person_that_lists_them():
    group = make.group("MD")
    cases = [make.handed_in(make.school(group_id=group.id, name=name)) for name in "ABC"]
    coordinator = coordinator_of(cases[0])
    busy, other = member_of(cases[0]), member_of(cases[0])
    lines = [(one, CaseRole.REVIEWER, busy.id) for one in cases]
    lines += [(cases[1], CaseRole.DECIDER, other.id), (cases[2], CaseRole.DECIDER, coordinator.id)]
    services.assign(
        cases[0], other.id, CaseRole.DECIDER, by=coordinator, at=NOW - timedelta(days=1)
    )
    before = {one.id for one in mails_of_tasks()}

    # The first case has a decider; nobody is told of what is refused, or of what they had before.
    lines += [
        (cases[0], CaseRole.DECIDER, busy.id),
        (cases[0], CaseRole.DECIDER, other.id),
    ]
    failed = services.assign_many(lines, by=coordinator, at=NOW)

    new = {one.to: one for one in mails_of_tasks() if one.id not in before}
    assert [(one.application.id, one.person_id) for one in failed] == [(cases[0].id, busy.id)]
    assert len(mails_of_tasks()) == len(before) + 2
    assert set(new) == {busy.email, other.email}
    listed = [line for line in new[busy.email].body.splitlines() if line.startswith("–")]
    assert [line.partition(",")[0] for line in listed] == [f"– {name}: Reviewer" for name in "ABC"]
    assert all(", due " in line for line in listed)
    assert new[busy.email].subject == "New tasks for you: 3"
    assert "– " not in new[other.email].body, "a single task needs no list"
    assert "B" in new[other.email].subject


def test_who_is_named_in_advance_is_not_promised_a_day():
    application = make.handed_in()
    coordinator = coordinator_of(application)
    reviewer, second, decider = (member_of(application) for _ in range(3))

    for person, role in (
        (reviewer, CaseRole.REVIEWER),
        (second, CaseRole.SECOND_REVIEWER),
        (decider, CaseRole.DECIDER),
    ):
        services.assign(application, person.id, role, by=coordinator, at=NOW)

    text = {one.to: one.body for one in mails_of_tasks()}
    assert "what to do next and by when" in text[reviewer.email]
    for one in (second, decider):
        assert "by when" not in text[one.email]
        assert "comes later in the case" in text[one.email]


def test_in_a_list_what_comes_later_says_so():
    group = make.group("MD")
    cases = [make.handed_in(make.school(group_id=group.id, name=name)) for name in "AB"]
    person = make.user(Role.REVIEWER, group_id=group.id)
    lines = [(cases[0], CaseRole.REVIEWER, person.id), (cases[1], CaseRole.DECIDER, person.id)]

    services.assign_many(lines, by=coordinator_of(cases[0]), at=NOW)

    (mail,) = mails_of_tasks()
    assert "– B: Person who decides, later in the case" in mail.body.splitlines()
