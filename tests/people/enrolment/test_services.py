"""Invitations that two people deal with at once."""

import pytest
from sqlalchemy import update

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment import services
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("act", [services.withdraw, services.resend])
def test_whoever_comes_after_a_colleague_who_withdrew_an_invitation_is_told_so(make, act):
    head = make.manager(make.school())
    someone = {"duty": Duty.DEPUTY, "email": "new@school.example", "name": "New"}
    invitation = services.invite_to_school(head.school, **someone, by=head, at=NOW)
    withdrawn = update(Invitation).values(revoked_at=NOW)
    session.execute(withdrawn.execution_options(synchronize_session=False))  # after it was read

    with pytest.raises(Refused) as refused:
        act(invitation, by=head, at=NOW)

    (problem,) = refused.value.problems
    assert problem.message == "Someone else changed this first. Here is how it stands now."


@pytest.mark.parametrize("is_open", [True, False])
def test_whoever_sends_an_invitation_again_did_not_invite_unless_the_inviter_has_left(
    make, is_open
):
    school = make.school()
    inviter, colleague = make.manager(school), make.manager(school)
    someone = {"duty": Duty.DEPUTY, "email": "new@school.example", "name": "New"}
    invitation = services.invite_to_school(school, **someone, by=inviter, at=NOW)
    if not is_open:
        expired = update(Invitation).values(
            expires_at=NOW
        )  # closing an account withdraws the others
        session.execute(expired.execution_options(synchronize_session=False))
        accounts.deactivate(inviter, by=colleague, at=NOW)

    again = services.resend(invitation, by=colleague, at=NOW)
    person = accounts.accept_invitation(again, name="New", password=None, at=NOW)

    assert person.invited_by_id == (inviter if is_open else colleague).id
