"""Which acts weigh much, and who may confirm what another person proposed."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.roles import Role
from cissapp.people.handover.rules.handovers import is_open
from cissapp.people.handover.rules.powers import (
    ALONE_WAITS,
    KNOWN_AFTER,
    POWERS,
    PROPOSAL_LASTS,
    Others,
    Sharing,
    power_of,
)
from cissapp.people.handover.rules.proposals import Colleague, Proposed, confirm_problem
from tests.factories import NOW

PROPOSER, OTHER = UUID(int=1), UUID(int=2)
YEARS_AGO = NOW - timedelta(days=900)
PROPOSED = Proposed(Colleague(PROPOSER, YEARS_AGO), NOW, NOW + PROPOSAL_LASTS)
COLLEAGUE = Colleague(OTHER, YEARS_AGO)


def code(proposed: Proposed, by: Colleague, after: timedelta = timedelta()) -> str | None:
    problem = confirm_problem(proposed, by, NOW + after)
    return problem.code if problem else None


def test_every_heavy_act_has_others_who_learn_of_it():
    assert {event: power.sharing for event, power in POWERS.items() if not power.others} == {}
    assert {event for event, power in POWERS.items() if power.sharing is Sharing.SECOND_PERSON} == {
        Event.CERTIFICATE_WITHDRAWN
    }
    assert all(Others.SECRETARIAT in power.others for power in POWERS.values())


def test_a_notice_follows_the_act_of_a_person_and_a_key_made_by_command():
    by_command = {event for event in POWERS if power_of(event, {"role": "reviewer"}, None)}

    assert by_command == {Event.KEY_MADE, Event.KEY_RETIRED, Event.KEY_COMPROMISED}
    assert power_of(Event.LESSON_READ, {}, Role.SECRETARIAT) is None
    assert power_of(Event.PERSON_DEACTIVATED, {}, Role.SCHOOL_MANAGER) is None
    assert power_of(Event.PERSON_DEACTIVATED, {}, Role.SCHOOL_MANAGER, own=True)


def test_an_invitation_gives_notice_where_it_gives_a_role():
    roles = {
        role
        for role in Role
        if power_of(Event.PERSON_INVITED, {"role": role.value}, Role.COORDINATOR)
    }

    assert roles == set(Role) - {Role.SCHOOL_MANAGER, Role.GUEST}


def test_another_person_confirms_until_the_time_is_over():
    last = PROPOSAL_LASTS - timedelta(seconds=1)

    assert code(PROPOSED, COLLEAGUE, last) is None
    assert code(PROPOSED, COLLEAGUE, PROPOSAL_LASTS) == "late"
    assert code(PROPOSED, Colleague(PROPOSER, YEARS_AGO), last) == "own"


def test_who_is_alone_waits_and_then_does_it():
    alone = replace(PROPOSED, alone_from=NOW + ALONE_WAITS)
    proposer = Colleague(PROPOSER, YEARS_AGO)

    assert code(alone, proposer, ALONE_WAITS - timedelta(seconds=1)) == "early"
    assert code(alone, proposer, ALONE_WAITS) is None
    assert code(alone, COLLEAGUE) is None


@given(
    st.timedeltas(timedelta(), timedelta(days=30)),
    st.sampled_from([None, PROPOSER, UUID(int=3)]),
    st.booleans(),
)
def test_nobody_shares_an_act_with_an_account_that_was_just_brought_in(age, inviter, proposes):
    """Whichever of the two is new, and also where a third account has invited it."""
    new = Colleague(OTHER, NOW - age, inviter)
    proposed = replace(PROPOSED, proposer=new) if proposes else PROPOSED
    by = Colleague(UUID(int=4), YEARS_AGO) if proposes else new

    assert (code(proposed, by) is None) == (inviter is None or age >= KNOWN_AFTER)


@given(st.integers(0, 40), st.booleans())
def test_a_handover_is_open_until_it_ends(days, ended):
    at = NOW + timedelta(days=days)

    assert is_open(NOW if ended else None, NOW + timedelta(days=14), at) == (
        not ended and days < 14
    )
