"""Invitations that two people deal with at once."""

import pytest
from sqlalchemy import update

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment import services
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("context")


def test_who_withdraws_an_invitation_after_a_colleague_is_told_so(make):
    head = make.manager(make.school())
    someone = {"duty": Duty.DEPUTY, "email": "new@school.example", "name": "New"}
    invitation = services.invite_to_school(head.school, **someone, by=head, at=NOW)
    withdrawn = update(Invitation).values(revoked_at=NOW)
    session.execute(withdrawn.execution_options(synchronize_session=False))  # after it was read

    with pytest.raises(Refused) as refused:
        services.withdraw(invitation, by=head, at=NOW)

    (problem,) = refused.value.problems
    assert problem.message == "Someone else changed this first. Here is how it stands now."
