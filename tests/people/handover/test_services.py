"""Handovers, proposals of two people, and the coordinator who is lost: what changes, when, and what never does."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Forbidden, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User, UserSession
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.handover import queries, services
from cissapp.people.handover.models import ActProposal, Handover
from cissapp.people.handover.rules.handovers import Afterwards, HandoverOutcome
from cissapp.people.handover.rules.powers import ActOutcome, SharedAct
from cissapp.people.handover.services import ActDraft, Replacement, Successor
from cissapp.people.notices.models import Mail
from tests.factories import NOW
from tests.refusals import codes

pytestmark = pytest.mark.usefixtures("context")
LATER = NOW + timedelta(hours=1)
REASON = "Nobody has reached the person for two months."


def open_sessions(*people: User) -> int:
    query = select(UserSession).where(
        UserSession.user_id.in_([one.id for one in people]), UserSession.closed_at.is_(None)
    )
    return len(session.scalars(query).all())


def told(kind: str) -> set[str]:
    return set(session.scalars(select(Mail.to).where(Mail.kind == kind)))


def events() -> list[Event]:
    return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


# --- a head leaves -------------------------------------------------------------------------------


@pytest.fixture
def people(make):
    """Head, deputy and designated person of a school, and the coordinator of its group, all signed in."""
    group = make.group()
    school = make.school(group_id=group.id)
    found = {
        "head": make.manager(school),
        "deputy": make.manager(school, duty=Duty.DEPUTY),
        "designated": make.manager(school, duty=Duty.DESIGNATED_PERSON),
        "coordinator": make.user(Role.COORDINATOR, group_id=group.id),
    }
    for one in found.values():
        accounts.sign_in_joined(one, at=NOW)
    return found


def start(people, by: str = "head", **values) -> Handover:
    successor = Successor(**values) if values else Successor(user_id=people["deputy"].id)
    return services.start_handover(
        people["head"].school, successor, Afterwards.DESIGNATED_PERSON, by=people[by], at=NOW
    )


@pytest.mark.one_database("sqlite")
def test_nothing_changes_before_the_successor_agrees_and_all_learn_of_it(people):
    handover = start(people)

    assert (people["head"].duty, people["deputy"].duty) == (Duty.HEAD, Duty.DEPUTY)
    assert open_sessions(people["head"], people["deputy"]) == 2
    assert told("handover") == {
        people[name].email for name in ("deputy", "designated", "coordinator")
    }
    assert handover.expires_at == NOW + timedelta(days=14)


def test_both_agreed_so_the_duties_change_at_once_and_both_sign_in_anew(people):
    handover = start(people)

    services.confirm_handover(handover, by=people["deputy"], at=LATER)

    assert (people["head"].duty, people["deputy"].duty) == (Duty.DESIGNATED_PERSON, Duty.HEAD)
    assert (people["head"].duty_since, people["deputy"].duty_since) == (LATER, LATER)
    assert open_sessions(people["head"], people["deputy"]) == 0
    assert open_sessions(people["designated"], people["coordinator"]) == 2
    assert (handover.outcome, handover.email, handover.name) == (HandoverOutcome.DONE, "", "")
    assert events()[-3:] == [Event.DUTY_CHANGED, Event.DUTY_CHANGED, Event.HANDOVER_DONE]
    assert told("handover") == {one.email for one in people.values()}


@pytest.mark.one_database("sqlite")
def test_what_a_closed_account_began_ends_and_what_a_coordinator_began_goes_on(people):
    """An accomplice must not become head by what the head started who was closed out since."""
    handover = start(people)
    accounts.deactivate(people["head"], by=people["coordinator"], at=LATER)

    with pytest.raises(Refused):
        services.confirm_handover(handover, by=people["deputy"], at=LATER)
    assert (handover.outcome, handover.ended_by_id) == (HandoverOutcome.STOPPED, None)
    assert people["deputy"].duty is Duty.DEPUTY
    bodies = session.scalars(select(Mail.body).where(Mail.to == people["deputy"].email)).all()
    assert any("The account of one of the two people was closed." in body for body in bodies)

    again = services.start_handover(
        people["deputy"].school,
        Successor(user_id=people["deputy"].id),
        Afterwards.CLOSED,
        by=people["coordinator"],
        at=LATER,
    )
    accounts.deactivate(people["designated"], by=people["coordinator"], at=LATER)
    services.confirm_handover(again, by=people["deputy"], at=LATER)
    assert people["deputy"].duty is Duty.HEAD


def test_the_link_of_a_handover_is_worth_nothing_once_its_head_is_closed_out(people):
    start(people, email="new@school.example", name="New")
    invitation = session.scalars(select(Invitation)).one()

    accounts.deactivate(people["head"], by=people["coordinator"], at=LATER)

    with pytest.raises(Refused):
        accounts.accept_invitation(invitation, name="N", password=None, at=LATER)


@pytest.mark.one_database("sqlite")
def test_a_head_who_leaves_is_closed_out(people):
    handover = services.start_handover(
        people["head"].school,
        Successor(user_id=people["deputy"].id),
        Afterwards.CLOSED,
        by=people["head"],
        at=NOW,
    )

    services.confirm_handover(handover, by=people["deputy"], at=LATER)

    assert people["head"].deactivated_at == LATER
    assert people["head"].duty is Duty.HEAD  # as which they left
    assert told("act_notice") == set()


def test_a_new_person_becomes_head_by_the_link_and_earlier_links_are_worth_nothing(people):
    school = people["head"].school
    earlier = accounts.invite(
        Invitee("new@school.example", "New", "ro"),
        role=Role.SCHOOL_MANAGER,
        duty=Duty.DEPUTY,
        scope=Scope(school_id=school.id, country_code="MD"),
        by=people["head"],
        at=NOW,
    )
    handover = start(people, email="New@School.example", name="New Person")
    invitation = session.get_one(Invitation, handover.invitation_id)

    session.refresh(earlier)
    assert earlier.revoked_at == NOW
    assert (invitation.duty, invitation.email) == (Duty.HEAD, "new@school.example")
    session.commit()  # as the view that takes the password leaves its transaction
    joined = accounts.accept_invitation(
        invitation, name="New Person", password="a quiet river in spring", at=LATER
    )
    assert (joined.duty, people["head"].duty) == (Duty.HEAD, Duty.DESIGNATED_PERSON)
    assert handover.successor_id == joined.id


@pytest.mark.parametrize("way", ["stopped", "lapsed"])
def test_the_link_of_a_handover_that_ended_makes_nobody_head(people, way):
    handover = start(people, email="new@school.example", name="New Person")
    invitation = session.get_one(Invitation, handover.invitation_id)
    after = handover.expires_at

    if way == "stopped":
        services.stop_handover(handover, by=people["head"], at=LATER)
    else:
        assert services.end_expired_handovers(at=after) == 1

    session.refresh(invitation)
    assert invitation.revoked_at is not None
    assert people["head"].duty is Duty.HEAD
    assert handover.email == ""


@pytest.mark.one_database("sqlite")
def test_a_link_that_outlives_its_handover_is_refused(people):
    handover = start(people, email="new@school.example", name="New Person")
    late = handover.expires_at
    invitation = session.get_one(Invitation, handover.invitation_id)
    person = User(email="new@school.example", duty=Duty.HEAD, school_id=handover.school_id)

    with pytest.raises(Refused) as refused:
        services.complete_by_joining(person, invitation=invitation, at=late)

    assert codes(refused) == ["used"]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("name", ["head", "deputy", "coordinator"])
def test_either_side_and_the_coordinator_can_stop_it(people, name):
    handover = start(people)

    services.stop_handover(handover, by=people[name], at=LATER)

    assert handover.outcome is HandoverOutcome.STOPPED
    with pytest.raises(Refused):
        services.confirm_handover(handover, by=people["deputy"], at=LATER)
    assert people["head"].duty is Duty.HEAD


@pytest.mark.one_database("sqlite")
def test_nobody_else_starts_confirms_or_stops(people, make):
    school = people["head"].school
    for name in ("deputy", "designated"):
        with pytest.raises(Forbidden):
            services.start_handover(
                school,
                Successor(user_id=people[name].id),
                Afterwards.CLOSED,
                by=people[name],
                at=NOW,
            )
    handover = start(people)
    for name in ("head", "designated", "coordinator"):
        with pytest.raises(Missing):
            services.confirm_handover(handover, by=people[name], at=NOW)
    for person in (people["designated"], make.manager()):
        with pytest.raises(Missing):
            services.stop_handover(handover, by=person, at=NOW)


def test_one_at_a_time_and_once(people):
    handover = start(people)
    with pytest.raises(Refused) as refused:
        start(people, by="coordinator")
    assert codes(refused) == ["open"]

    services.confirm_handover(handover, by=people["deputy"], at=LATER)
    with pytest.raises(Refused):
        services.confirm_handover(handover, by=people["deputy"], at=LATER)
    with pytest.raises(Refused):
        services.stop_handover(handover, by=people["deputy"], at=LATER)
    with pytest.raises(Forbidden):  # who was the head has no say any more
        start(people, by="head")


@pytest.mark.one_database("sqlite")
def test_after_its_time_it_can_be_started_anew(people):
    first = start(people)

    second = services.start_handover(
        people["head"].school,
        Successor(user_id=people["designated"].id),
        Afterwards.CLOSED,
        by=people["head"],
        at=first.expires_at,
    )

    assert (first.outcome, second.outcome) == (HandoverOutcome.LAPSED, None)


@pytest.mark.one_database("sqlite")
def test_whom_it_cannot_go_to_is_said_in_words(people, make):
    elsewhere = make.manager(make.school(group_id=people["coordinator"].group_id))
    wrong = {
        "elsewhere": {"email": elsewhere.email, "name": "E", "by": "coordinator"},
        "by id": {"user_id": elsewhere.id},
        "the head": {"email": people["head"].email, "name": "H"},
    }
    found = {}
    for name, values in wrong.items():
        with pytest.raises(Refused) as refused:
            start(people, **values)
        found[name] = codes(refused)

    assert found == {"elsewhere": ["email"], "by id": ["successor"], "the head": ["email"]}


def test_a_head_does_not_learn_who_has_an_account_elsewhere(people, make):
    elsewhere = make.manager()

    handover = start(people, email=elsewhere.email, name="E")

    assert handover.successor_id is None
    query = select(Mail.body).where(Mail.to == elsewhere.email, Mail.kind == "invitation")
    body = session.scalars(query).one()
    assert "You already have an account with this email address." in body
    assert "/invitations/" not in body


@pytest.mark.one_database("sqlite")
def test_the_address_of_a_colleague_means_the_colleague(people):
    handover = start(people, email=people["deputy"].email.upper(), name="typed")

    assert (handover.successor_id, handover.invitation_id) == (people["deputy"].id, None)


@pytest.mark.one_database("sqlite")
def test_the_coordinator_starts_it_where_the_head_is_gone(people, make):
    accounts.deactivate(people["head"], by=make.user(), at=NOW)

    handover = start(people, by="coordinator")
    services.confirm_handover(handover, by=people["deputy"], at=LATER)

    assert handover.head_id is None
    assert people["deputy"].duty is Duty.HEAD


# --- a second person -----------------------------------------------------------------------------


def draft(make) -> ActDraft:
    return ActDraft(SharedAct.REPLACE_COORDINATOR, make.group().id, "A group", REASON, {})


def test_the_others_are_asked_and_the_proposer_cannot_confirm(make):
    by, other = make.user(), make.user()
    proposal = services.propose_act(draft(make), by=by, at=NOW)

    assert told("second_person") == {other.email}
    with pytest.raises(Refused) as refused:
        services.confirm_act(proposal, by=by, at=NOW + timedelta(days=6))
    assert codes(refused) == ["own"]
    with pytest.raises(Refused):
        services.propose_act(
            ActDraft(proposal.act, proposal.subject_id, "", REASON, {}), by=other, at=NOW
        )


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REVIEWER, Role.MINISTRY])
def test_nobody_but_the_secretariat_proposes_confirms_or_refuses(make, role):
    by, stranger = make.user(), make.user(role)
    proposal = services.propose_act(draft(make), by=by, at=NOW)

    for act in (services.confirm_act, services.refuse_act):
        with pytest.raises(Forbidden):
            act(proposal, by=stranger, at=NOW)
    with pytest.raises(Forbidden):
        services.propose_act(draft(make), by=stranger, at=NOW)
    with pytest.raises(Missing):
        services.stop_act(proposal, by=stranger, at=NOW)


def test_what_was_refused_taken_back_or_lapsed_cannot_be_confirmed(make):
    by, other = make.user(), make.user()
    ended = {}
    for way in ("refused", "taken back", "lapsed"):
        proposal = services.propose_act(draft(make), by=by, at=NOW)
        if way == "lapsed":
            assert services.end_expired_acts(at=proposal.expires_at) == 1
        else:
            services.refuse_act(proposal, by=other if way == "refused" else by, at=NOW)
        with pytest.raises(Refused):
            services.confirm_act(proposal, by=other, at=NOW)
        ended[way] = (proposal.outcome, proposal.values)

    assert ended == {
        "refused": (ActOutcome.REFUSED, {}),
        "taken back": (ActOutcome.TAKEN_BACK, {}),
        "lapsed": (ActOutcome.LAPSED, {}),
    }


def test_what_somebody_proposed_who_was_closed_out_is_not_done(make):
    by, other = make.user(), make.user()
    proposal = services.propose_act(draft(make), by=by, at=NOW)
    accounts.deactivate(by, by=other, at=NOW)

    with pytest.raises(Refused) as refused:
        services.confirm_act(proposal, by=other, at=NOW)

    assert codes(refused) == ["gone"]
    assert (proposal.outcome, proposal.ended_by_id) == (ActOutcome.LEFT, None)
    assert services.carry_out_ripe_acts(at=NOW + timedelta(hours=73)) == 0


@pytest.mark.one_database("sqlite")
def test_nobody_becomes_alone_by_closing_the_accounts_of_the_others(make):
    by, other = make.user(), make.user()
    assert services.needs_second_person(by, NOW)
    accounts.deactivate(other, by=by, at=NOW)

    needs = [services.needs_second_person(by, NOW + timedelta(days=days)) for days in (0, 6, 8)]
    proposal = services.propose_act(draft(make), by=by, at=NOW)

    assert needs == [True, True, False]
    assert proposal.alone_from is None


# --- a coordinator is lost -----------------------------------------------------------------------


def group_of(make, **values):
    group = make.group()
    lost = make.user(Role.COORDINATOR, group_id=group.id)
    reviewer = make.user(Role.REVIEWER, group_id=group.id)
    accounts.sign_in_joined(lost, at=NOW)
    accounts.sign_in_joined(reviewer, at=NOW)
    return group, lost, reviewer


def propose(group, replacement: Replacement, by: User) -> ActProposal:
    return services.propose_replacement(group, replacement, reason=REASON, by=by, at=NOW)


def test_two_people_make_a_reviewer_coordinator_and_the_lost_account_is_out(make):
    group, lost, reviewer = group_of(make)
    by, other = make.user(), make.user()

    proposal = propose(group, Replacement(reviewer_id=reviewer.id), by)
    assert (lost.is_active, reviewer.role, open_sessions(lost)) == (True, Role.REVIEWER, 1)
    assert told("second_person") == {other.email, lost.email, reviewer.email}
    services.confirm_act(proposal, by=other, at=LATER)

    assert (lost.deactivated_at, lost.deactivated_by_id) == (LATER, other.id)
    assert reviewer.role is Role.COORDINATOR
    assert open_sessions(lost, reviewer) == 0
    assert proposal.token_hash is None


@pytest.mark.one_database("sqlite")
def test_a_new_address_is_invited_when_it_is_confirmed_and_not_before(make):
    group, lost, _reviewer = group_of(make)
    by, other = make.user(), make.user()
    invitee = Invitee("new@group.example", "New Coordinator", "uk")

    proposal = propose(group, Replacement(invitee=invitee), by)
    before = session.scalars(select(Invitation)).all()
    services.confirm_act(proposal, by=other, at=LATER)

    made = session.scalars(select(Invitation)).one()
    assert before == []
    assert (made.role, made.group_id, made.email, made.language) == (
        Role.COORDINATOR, group.id, "new@group.example", "uk",
    )  # fmt: skip
    assert not lost.is_active


def test_one_person_alone_waits_72_hours_and_the_daily_work_does_it(make):
    group, lost, reviewer = group_of(make)
    by = make.user()
    proposal = propose(group, Replacement(reviewer_id=reviewer.id), by)
    ripe = NOW + timedelta(hours=72)

    assert services.carry_out_ripe_acts(at=ripe - timedelta(seconds=1)) == 0
    with pytest.raises(Refused):
        services.confirm_act(proposal, by=by, at=LATER)
    assert lost.is_active
    assert services.carry_out_ripe_acts(at=ripe) == 1
    assert services.carry_out_ripe_acts(at=ripe) == 0
    assert (lost.is_active, reviewer.role) == (False, Role.COORDINATOR)


def test_an_act_whose_proposer_is_closed_out_at_that_moment_waits(make):
    group, lost, _reviewer = group_of(make)
    by = make.user()
    proposal = propose(group, Replacement(invitee=Invitee("a@b.example", "A", "uk")), by)
    who = {"deactivated_at": LATER, "deactivated_by_id": make.user().id}
    closed = update(User).where(User.id == by.id).values(who)
    session.execute(closed.execution_options(synchronize_session=False))  # after it was read

    assert services.carry_out_ripe_acts(at=NOW + timedelta(hours=72)) == 0

    session.expire_all()
    assert (proposal.ended_at, lost.deactivated_at) == (None, None)


@pytest.mark.one_database("sqlite")
def test_the_coordinator_who_is_still_there_stops_it(make):
    group, lost, reviewer = group_of(make)
    by = make.user()
    proposal = propose(group, Replacement(reviewer_id=reviewer.id), by)

    with pytest.raises(Missing):
        services.stop_act(proposal, by=reviewer, at=LATER)
    services.stop_act(proposal, by=lost, at=LATER)

    assert services.carry_out_ripe_acts(at=NOW + timedelta(days=4)) == 0
    assert (proposal.outcome, lost.is_active) == (ActOutcome.STOPPED, True)


def test_a_group_that_changed_meanwhile_is_left_alone(make):
    group, lost, reviewer = group_of(make)
    by, other = make.user(), make.user()
    proposal = propose(group, Replacement(reviewer_id=reviewer.id), by)
    make.user(Role.COORDINATOR, group_id=group.id)

    with pytest.raises(Refused) as refused:
        services.confirm_act(proposal, by=other, at=LATER)

    assert codes(refused) == ["others"]
    assert lost.is_active


def test_whom_nobody_can_be_replaced_by_is_said(make):
    group, _lost, _reviewer = group_of(make)
    by, stranger = make.user(), make.user(Role.REVIEWER)
    found = []
    for replacement in (
        Replacement(reviewer_id=stranger.id),
        Replacement(invitee=Invitee(stranger.email, "S", "en")),
    ):
        with pytest.raises(Refused) as refused:
            propose(group, replacement, by)
        found += codes(refused)
    with pytest.raises(Refused) as refused:
        propose(make.group(), Replacement(reviewer_id=stranger.id), by)

    assert [*found, *codes(refused)] == ["person", "email", "none"]


def test_the_link_that_stops_it_is_kept_as_a_hash(make):
    group, lost, reviewer = group_of(make)
    proposal = propose(group, Replacement(reviewer_id=reviewer.id), make.user())
    body = session.scalars(select(Mail.body).where(Mail.to == lost.email)).one()
    token = body.partition("/second-person/")[2].partition("/stop")[0]

    assert len(token) >= 43
    assert proposal.token_hash != token
    found = queries.proposal_by_token(token)
    assert found is not None
    assert found.id == proposal.id
