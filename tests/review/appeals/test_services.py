"""An appeal from the filing to what follows from the ruling, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.notices.models import Mail
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications import services as handing
from cissapp.prepare.applications.queries.submissions import completeness_checks
from cissapp.prepare.applications.rules.states import ApplicationOutcome as Decided
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.documents import queries as documents
from cissapp.review.appeals import queries, services
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.queries import hearing
from cissapp.review.appeals.rules import AppealOutcome, AppealState, ProposalStatus
from cissapp.review.appeals.services import ProposalInput
from cissapp.review.independence import queries as independence
from cissapp.review.independence.rules.reasons import THIRD_PERSON
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.models import Decision, Letter
from cissapp.review.visits.models import Visit, VisitItem, VisitSignature
from cissapp.review.visits.rules import VisitKind
from tests import factories as make
from tests.factories import NOW
from tests.refusals import codes
from tests.statements import statements_sent

GROUNDS = "Page 4 of the policy names person and deputy with their duties and hours."
REASONS = "The page that the school names shows what the criterion asks for."
LOW = {"A3": 1, "A5": 1}


@pytest.fixture(autouse=True)
def still():
    with clock.at(NOW + timedelta(days=3)):
        yield


@make.a_beginning()
@make.in_one_unit
def major_gaps(at: datetime = NOW) -> Decision:
    """A decision of major gaps: two criteria at level 1, one of them critical."""
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.scored(make.begun(application, assessor), **{**LOW, "A1": 0})
    recommended = make.recommended(review, recommendation=Decided.MAJOR_GAPS, level=None)
    return make.ruled(recommended, decider, outcome=Decided.MAJOR_GAPS, level=None, at=at)


@pytest.fixture
def refused(context) -> Decision:
    return major_gaps()


def head_of(decision):
    return people_of_school(decision.review.application.school_id)[0]


def filed(decision, *, criteria=("A1", "A3", "A5"), at=NOW) -> Appeal:
    return services.file(
        decision,
        grounds=GROUNDS,
        criteria=list(criteria),
        issuer=make.issuer(),
        by=head_of(decision),
        at=at,
    )


def deadline_of(appeal) -> Deadline:
    query = select(Deadline).where(Deadline.kind == DeadlineKind.APPEAL)
    return session.scalars(query.where(Deadline.subject_id == appeal.id)).one()


def secretary():
    return make.user(Role.SECRETARIAT)


def panel_of(appeal, number=2, *, declare=True):
    people = [make.user(Role.REVIEWER, group_id=make.group().id) for _ in range(number)]
    services.name_panel(appeal, [one.id for one in people], by=secretary(), at=NOW)
    for one in people if declare else []:
        declared(appeal, one)
    return people


def declared(appeal, by, *grounds):
    services.declare(
        appeal, grounds=list(grounds), note="", answers={}, issuer=make.issuer(), by=by, at=NOW
    )


def visit_of(application, planner) -> Visit:
    return make.kept(
        Visit(
            application_id=application.id,
            round=application.round,
            kind=VisitKind.VIDEO,
            planned_at=NOW,
            planned_by_id=planner.id,
        )
    )


def proposed(appeal, by, outcome=AppealOutcome.UPHELD, level=None, **levels):
    return services.propose(
        appeal,
        ProposalInput(outcome, level, levels, REASONS),
        issuer=make.issuer(),
        by=by,
        at=NOW,
    )


def voted(proposal, by, *, agrees=True, note=""):
    services.vote(proposal, agrees=agrees, note=note, issuer=make.issuer(), by=by, at=NOW)


def test_filing_opens_the_clock_and_tells_who_must_know(refused):
    make.user(Role.SECRETARIAT)
    appeal = filed(refused)

    deadline = deadline_of(appeal)
    assert (appeal.state, appeal.criteria) == (AppealState.FILED, ["A1", "A3", "A5"])
    assert deadline.due_on == NOW.date() + timedelta(days=30)
    subjects = [one.subject for one in session.scalars(select(Mail).where(Mail.kind == "appeal"))]
    assert set(subjects) == {"A school has filed an appeal"}


def test_the_decision_stands_meanwhile(refused):
    filed(refused)

    application = refused.review.application
    assert (application.state, application.outcome) == (
        ApplicationState.DECIDED,
        Decided.MAJOR_GAPS,
    )


def test_one_appeal_a_decision_and_in_time_only(refused):
    with pytest.raises(Refused) as late:
        filed(refused, at=NOW + timedelta(days=40))
    filed(refused)
    with pytest.raises(Refused) as twice:
        filed(refused)

    assert (codes(late), codes(twice)) == (["late"], ["again"])


def test_the_last_day_is_the_one_in_the_letter_and_ends_at_midnight_at_the_school(context):
    """Decided in Moldova half an hour after midnight, on what is the day before in universal time."""
    night = datetime(2026, 12, 4, 22, 30, tzinfo=UTC)
    decision = major_gaps(at=night)
    midnight = datetime(2027, 1, 4, 22, 0, tzinfo=UTC)

    letter = session.scalars(select(Letter.content)).first()
    with pytest.raises(Refused) as late:
        filed(decision, at=midnight)
    appeal = filed(decision, at=midnight - timedelta(seconds=1))

    assert "5 decembrie 2026" in letter
    assert "4 ianuarie 2027" in letter
    assert codes(late) == ["late"]
    assert deadline_of(appeal).due_on == date(2027, 2, 3)


@pytest.mark.one_database("sqlite")
def test_only_findings_below_the_target_can_be_appealed(refused):
    assert hearing.contestable_criteria(refused, make.content()) == ["A1", "A3", "A5"]


@pytest.mark.one_database("sqlite")
def test_who_took_part_is_not_named_and_the_page_says_why(refused):
    appeal = filed(refused)
    took_part = {refused.assessor_id, refused.decider_id}
    barred = {
        one.person.id: one.reasons
        for one in queries.panel_candidates(appeal, today=NOW.date()).rows
        if one.reasons
    }

    assert took_part <= set(barred)
    for person_id in took_part:
        other = make.user(Role.REVIEWER, group_id=make.group().id)
        with pytest.raises(Refused) as why:
            services.name_panel(appeal, [person_id, other.id], by=secretary(), at=NOW)
        # The secretariat reads about others, not about itself.
        assert why.value.problems == tuple(barred[person_id])
        assert not any("You " in one.message for one in barred[person_id])


def test_nobody_hears_an_appeal_who_checked_the_case_or_was_at_the_visit(refused):
    """They hold no role in the case, so nothing barred them; the school reads that its panel took no part."""
    application = refused.review.application
    noted, signed = make.reviewers(application)
    visit = visit_of(application, noted)
    visit.items.append(VisitItem(criterion_id="A1", note="", saved_at=NOW, saved_by_id=noted.id))
    visit.signatures.append(
        VisitSignature(person_id=signed.id, assesses=False, sha256="0" * 64, signed_at=NOW)
    )
    checked = completeness_checks(application)[1].sifter_id
    appeal = filed(refused)
    outside = make.user(Role.REVIEWER, group_id=make.group().id)

    rows = queries.panel_candidates(appeal, today=NOW.date()).rows
    codes_of = {one.person.id: [reason.code for reason in one.reasons] for one in rows}

    for person_id in (checked, noted.id, signed.id):
        assert codes_of[person_id] == ["took_part"]
        with pytest.raises(Refused) as why:
            services.name_panel(appeal, [person_id, outside.id], by=secretary(), at=NOW)
        assert codes(why) == ["took_part"]
    assert codes_of[outside.id] == []


def test_a_member_who_was_at_the_visit_reads_and_rules_nothing(refused):
    """A panel named before this was asked may still have such a member, and a visit may follow the naming."""
    appeal = filed(refused)
    member, other = panel_of(appeal)
    proposal = proposed(appeal, other)
    visit = visit_of(refused.review.application, member)
    visit.signatures.append(
        VisitSignature(person_id=member.id, assesses=False, sha256="0" * 64, signed_at=NOW)
    )

    with pytest.raises(Refused) as why:
        voted(proposal, member)

    assert codes(why) == ["took_part"]
    assert appeal.state is AppealState.FILED


def signed_visit(application, person) -> None:
    visit = visit_of(application, secretary())
    visit.signatures.append(
        VisitSignature(person_id=person.id, assesses=False, sha256="0" * 64, signed_at=NOW)
    )
    session.flush()


def excused_mails():
    query = select(Mail).where(Mail.subject == "A panel member cannot hear the appeal")
    return session.scalars(query).all()


@pytest.mark.one_database("sqlite")
def test_the_vote_of_a_member_who_was_at_the_visit_decides_nothing(refused):
    """In a panel of three, such a member's proposal and the vote of another decided the appeal."""
    appeal = filed(refused)
    barred, second, _third = panel_of(appeal, 3)
    secretary()
    proposal = proposed(appeal, barred)
    signed_visit(refused.review.application, barred)

    voted(proposal, second)

    assert (appeal.state, proposal.standing) == (AppealState.FILED, ProposalStatus.REJECTED)
    assert barred.id not in {one.person_id for one in appeal.hearing}
    assert excused_mails()


@pytest.mark.one_database("sqlite")
def test_nobody_waits_for_the_vote_of_a_barred_member_to_propose(refused):
    appeal = filed(refused)
    barred, second, third = panel_of(appeal, 3)
    proposed(appeal, barred)
    signed_visit(refused.review.application, barred)

    proposal = proposed(appeal, second)
    voted(proposal, third)

    assert (appeal.state, appeal.accepted_proposal) == (AppealState.DECIDED, proposal)


def test_a_member_who_is_barred_after_declaring_is_excused_the_next_day(refused):
    """They stayed on the panel, and nobody was told: a panel of two could never decide."""
    appeal = filed(refused)
    barred, second, third, fourth = panel_of(appeal, 4)
    secretary()
    proposal = proposed(appeal, second)
    voted(proposal, third)
    signed_visit(refused.review.application, barred)
    assert (appeal.state, excused_mails()) == (AppealState.FILED, [])

    counts = [services.excuse_barred(at=NOW) for _ in range(2)]

    assert counts == [1, 0]
    assert {one.person_id for one in appeal.hearing} == {second.id, third.id, fourth.id}
    (left,) = queries.excused_members(appeal)
    assert (left.person_id, left.left_reason) == (barred.id, THIRD_PERSON["took_part"])
    assert excused_mails()
    # Two of the three who remain had agreed.
    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.UPHELD)


@pytest.mark.one_database("sqlite")
def test_a_member_who_has_not_declared_yet_is_not_excused_for_it(refused):
    appeal = filed(refused)
    panel_of(appeal, declare=False)

    assert services.excuse_barred(at=NOW) == 0
    assert len(appeal.hearing) == 2


@pytest.mark.one_database("sqlite")
def test_a_mail_about_a_panel_without_a_deadline_names_no_day(refused):
    """It named the day on which it was sent."""
    appeal = filed(refused)
    session.delete(deadline_of(appeal))
    session.flush()

    panel_of(appeal)

    query = select(Mail.body).where(Mail.subject == "You have been asked to hear an appeal")
    (body, _other) = session.scalars(query)
    assert "Then you can read the application.\n\nStart here:" in body


def test_a_large_programme_offers_the_first_people_and_finds_the_others_by_name(refused):
    appeal = filed(refused)
    group_id = make.group().id
    for number in range(queries.CANDIDATES_SHOWN + 1):
        make.user(Role.REVIEWER, group_id=group_id, name=f"Candidate {number:02}")
    last = make.user(Role.REVIEWER, group_id=group_id, name="Zoe Last")

    def names(**asked):
        found = queries.panel_candidates(appeal, today=NOW.date(), **asked)
        return [one.person.name for one in found.rows], found.more

    shown, more = names()
    assert (len(shown), more, last.name in shown) == (queries.CANDIDATES_SHOWN, True, False)
    assert names(name="zoe") == (["Zoe Last"], False)
    assert names(name="candidate 07", chosen=[last.id]) == (["Candidate 07", "Zoe Last"], False)


@pytest.mark.one_database("sqlite")
def test_candidates_for_a_panel_cost_no_statement_each(refused):
    appeal = filed(refused)

    def cost() -> int:
        session.expunge_all()
        again = session.get_one(Appeal, appeal_id)
        with statements_sent() as seen:
            queries.panel_candidates(again, today=NOW.date())
        return len(seen)

    appeal_id, group_id = appeal.id, make.group().id
    session.flush()
    few = cost()
    for _ in range(3):
        make.user(Role.REVIEWER, group_id=group_id)
    session.flush()

    assert cost() == few


def test_only_the_panel_reads_an_appeal_to_hear(refused):
    appeal = filed(refused)
    panel = [make.user(Role.REVIEWER, group_id=make.group().id) for _ in range(2)]
    services.name_panel(appeal, [one.id for one in panel], by=secretary(), at=NOW)
    other = make.user(Role.REVIEWER, group_id=make.group().id)

    found = queries.appeals_to_hear(panel[0])

    assert ([one.id for one in found.waiting.rows], found.decided.rows) == ([appeal.id], [])
    assert queries.appeals_to_hear(other).waiting.rows == []


@pytest.mark.one_database("sqlite")
def test_a_panel_needs_two(refused):
    appeal = filed(refused)
    one = make.user(Role.REVIEWER, group_id=make.group().id)

    with pytest.raises(Refused) as refusal:
        services.name_panel(appeal, [one.id], by=secretary(), at=NOW)

    assert codes(refusal) == ["members"]


@pytest.mark.one_database("sqlite")
def test_nobody_rules_before_the_declaration_or_from_outside(refused):
    appeal = filed(refused)
    first, _second = panel_of(appeal, declare=False)

    with pytest.raises(Refused) as undeclared:
        proposed(appeal, first)
    with pytest.raises(Missing):
        proposed(appeal, make.user(Role.REVIEWER, group_id=make.group().id))

    assert codes(undeclared) == ["declaration"]


@pytest.mark.one_database("sqlite")
def test_who_declares_a_tie_leaves_the_count_and_the_secretariat_hears(refused):
    appeal = filed(refused)
    first, second, third = panel_of(appeal, 3, declare=False)
    declared(appeal, first, "paid_by_school")

    assert {one.person_id for one in appeal.hearing} == {second.id, third.id}
    with pytest.raises(Refused):
        proposed(appeal, first)
    subjects = {one.subject for one in session.scalars(select(Mail))}
    assert "A panel member cannot hear the appeal" in subjects


def test_reminders_go_to_those_of_a_panel_whose_account_is_open(refused):
    appeal = filed(refused)
    first, second = panel_of(appeal)
    second.deactivated_at, second.deactivated_by_id = NOW, first.id
    session.flush()

    assert queries.panels_of([appeal.id, refused.id]) == {appeal.id: [first]}
    assert queries.panels_of([]) == {}


def test_upheld_changes_nothing_but_the_appeal(refused):
    appeal = filed(refused)
    first, second = panel_of(appeal)
    proposal = proposed(appeal, first)
    assert appeal.state is AppealState.FILED
    voted(proposal, second)

    application = refused.review.application
    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.UPHELD)
    assert (application.state, application.outcome, application.round) == (
        ApplicationState.DECIDED,
        Decided.MAJOR_GAPS,
        1,
    )
    open_ = select(Deadline).where(Deadline.kind == DeadlineKind.APPEAL, Deadline.met_at.is_(None))
    assert session.scalars(open_).all() == []


@pytest.mark.one_database("sqlite")
def test_a_proposal_that_is_voted_down_makes_room_for_another(refused):
    appeal = filed(refused)
    first, second = panel_of(appeal)
    proposal = proposed(appeal, first)
    with pytest.raises(Refused) as silent:
        voted(proposal, second, agrees=False)
    voted(proposal, second, agrees=False, note="Page 4 does show the hours.")

    assert codes(silent) == ["note"]
    assert proposal.standing is ProposalStatus.REJECTED
    with pytest.raises(Refused):
        voted(proposal, first)
    assert proposed(appeal, second, AppealOutcome.RETURNED).number == 2


def test_a_member_whose_account_is_closed_is_told_of_no_proposal(refused):
    appeal = filed(refused)
    one, other, gone = panel_of(appeal, 3)
    accounts.deactivate(gone, by=secretary(), at=NOW)

    proposed(appeal, one)

    asked = select(Mail.to).where(Mail.subject == "Please vote on a proposed decision")
    assert session.scalars(asked).all() == [other.email]


@pytest.mark.one_database("sqlite")
def test_a_certificate_against_the_rule_cannot_be_proposed(refused):
    appeal = filed(refused)
    first, _second = panel_of(appeal)

    with pytest.raises(Refused):
        proposed(appeal, first, AppealOutcome.ALTERED, 1, A1=2)
    with pytest.raises(Refused) as foreign:
        proposed(appeal, first, AppealOutcome.ALTERED, 1, A1=2, A3=2, B1=3)

    assert codes(foreign) == ["levels"]
    assert session.scalars(select(Certificate)).all() == []


@pytest.mark.one_database("sqlite")
def test_altered_certifies_with_the_levels_of_the_panel(refused):
    appeal = filed(refused)
    first, second = panel_of(appeal)
    proposal = proposed(appeal, first, AppealOutcome.ALTERED, 1, A1=2, A3=2, A5=2)
    voted(proposal, second)

    application = refused.review.application
    certificate = session.scalars(select(Certificate)).one()
    assert (application.state, application.outcome, application.level) == (
        ApplicationState.DECIDED,
        Decided.CERTIFIED,
        1,
    )
    assert certificate.application_id == application.id
    assert documents.open_answers(application.school_id) == []
    assert [entry.event.value for entry in certificate.entries] == ["reserved"]


@pytest.mark.one_database("sqlite")
def test_returned_hands_the_same_dossier_to_people_who_took_no_part(refused):
    appeal = filed(refused)
    application = refused.review.application
    before = read_submission(applications.submission(application, 1))
    first, second = panel_of(appeal)
    voted(proposed(appeal, first, AppealOutcome.RETURNED), second)

    after = read_submission(applications.submission(application, 2))
    assert (application.state, application.round, application.outcome) == (
        ApplicationState.SUBMITTED,
        2,
        None,
    )
    assert after.scores == before.scores
    assert after.documents == before.documents
    assert after.open_criteria is None
    for person_id in (refused.assessor_id, refused.decider_id, first.id):
        with pytest.raises((Refused, Missing)):
            reviews.start_review(application, by=make.found(type(first), person_id), at=NOW)
    fresh = make.user(Role.REVIEWER, group_id=application.school.group_id)
    make.declared(application, fresh)
    review = reviews.start_review(application, by=fresh, at=NOW)
    assert review.scores == []


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize(
    ("outcome", "level", "levels", "state"),
    [
        (AppealOutcome.ALTERED, 1, {"A1": 2, "A3": 2, "A5": 2}, ApplicationState.DECIDED),
        (AppealOutcome.RETURNED, None, {}, ApplicationState.SUBMITTED),
    ],
)
def test_an_appeal_that_was_won_counts_and_not_the_draft_that_was_begun_meanwhile(
    refused, outcome, level, levels, state, withdrawn
):
    appeal = filed(refused)
    first, second = panel_of(appeal)
    school, head = refused.review.application.school, head_of(refused)
    draft = handing.open_application(school, content=make.content(), by=head, at=NOW)
    if withdrawn:
        handing.withdraw(draft, by=head, at=NOW)

    voted(proposed(appeal, first, outcome, level, **levels), second)

    newest = applications.newest_application(school.id)
    assert draft.state is ApplicationState.WITHDRAWN
    assert newest is refused.review.application
    assert newest.state is state
    with pytest.raises(Refused):
        handing.submit_for_school(
            school, content=make.content(), statement_signed=True, by=head, at=NOW
        )


def submitted_anew(school, head):
    handing.open_application(school, content=make.content(), by=head, at=NOW)
    return handing.submit_for_school(
        school, content=make.content(), statement_signed=True, by=head, at=NOW
    ).application


@pytest.mark.parametrize(
    ("outcome", "level", "levels", "state"),
    [
        (AppealOutcome.ALTERED, 1, {"A1": 2, "A3": 2, "A5": 2}, ApplicationState.DECIDED),
        (AppealOutcome.RETURNED, None, {}, ApplicationState.SUBMITTED),
    ],
)
def test_an_application_that_was_submitted_and_withdrawn_takes_nothing_from_an_appeal(
    refused, outcome, level, levels, state
):
    school, head = refused.review.application.school, head_of(refused)
    handing.withdraw(submitted_anew(school, head), by=head, at=NOW)
    before = applications.newest_application(school.id)

    assert queries.newest_decision(school.id) is refused
    first, second = panel_of(appeal := filed(refused))
    voted(proposed(appeal, first, outcome, level, **levels), second)

    newest = applications.newest_application(school.id)
    assert before.state is ApplicationState.WITHDRAWN
    assert newest is refused.review.application
    assert newest.state is state
    assert applications.newest_submitted(school.id) is newest


@pytest.mark.one_database("sqlite")
def test_a_newer_dossier_that_was_handed_in_is_not_overruled(refused):
    appeal = filed(refused)
    first, _second = panel_of(appeal)
    submitted_anew(refused.review.application.school, head_of(refused))

    with pytest.raises(Refused) as refusal:
        proposed(appeal, first, AppealOutcome.ALTERED, 1, A1=2, A3=2, A5=2)

    assert codes(refusal) == ["outcome"]


@pytest.mark.one_database("sqlite")
def test_a_tie_that_is_declared_late_makes_a_ruling_of_what_more_than_half_agreed_to(refused):
    appeal = filed(refused)
    *others, late = panel_of(appeal, 4, declare=False)
    for one in others:
        declared(appeal, one)
    proposal = proposed(appeal, others[0], AppealOutcome.ALTERED, 1, A1=2, A3=2, A5=2)
    voted(proposal, others[1])
    assert appeal.state is AppealState.FILED

    declared(appeal, late, "paid_by_school")

    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.ALTERED)
    assert len(session.scalars(select(Certificate)).all()) == 1


@pytest.mark.one_database("sqlite")
def test_nobody_rules_alone_after_the_other_member_declared_a_tie(refused):
    appeal = filed(refused)
    first, late = panel_of(appeal, 2, declare=False)
    declared(appeal, first)
    proposal = proposed(appeal, first)

    declared(appeal, late, "paid_by_school")

    assert (appeal.state, proposal.standing) == (AppealState.FILED, ProposalStatus.OPEN)
    (third,) = panel_of(appeal, 1)
    voted(proposal, third)
    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.UPHELD)


def test_a_new_member_votes_on_the_newest_proposal_only(refused):
    appeal = filed(refused)
    first, second = panel_of(appeal)
    old = proposed(appeal, first)
    voted(old, second, agrees=False, note="Page 4 does show the hours.")
    new = proposed(appeal, second, AppealOutcome.RETURNED)
    (third,) = panel_of(appeal, 1)

    with pytest.raises(Refused) as closed:
        voted(old, third)
    assert (codes(closed), appeal.open_proposal) == (["state"], new)
    voted(new, third)
    assert (appeal.outcome, appeal.accepted_proposal) == (AppealOutcome.RETURNED, new)


def left(appeal, by, reason="I fell ill for some weeks."):
    services.leave(appeal, reason=reason, issuer=make.issuer(), by=by, at=NOW)


def subjects_to(person):
    return session.scalars(select(Mail.subject).where(Mail.to == person.email)).all()


def test_who_cannot_continue_leaves_the_panel_for_good_and_the_secretariat_hears(refused):
    office, appeal = secretary(), filed(refused)
    first, second, late = panel_of(appeal, 3)

    left(appeal, late)

    assert {one.person_id for one in appeal.hearing} == {first.id, second.id}
    assert "A panel member cannot hear the appeal" in subjects_to(office)
    held = independence.assignment_of(appeal.application_id, late.id)
    assert (held.left_at, held.left_by_id, held.left_reason) == (
        NOW,
        late.id,
        "I fell ill for some weeks.",
    )
    assert queries.excused_members(appeal) == [held]
    assert queries.is_excused(appeal, late.id)
    assert queries.count_to_hear(late) == 0
    assert queries.appeals_to_hear(late).waiting.rows == []
    assert queries.panels_of([appeal.id]) == {appeal.id: [first, second]}
    with pytest.raises(Refused) as barred:
        proposed(appeal, late)
    with pytest.raises(Refused) as twice:
        left(appeal, late)
    with pytest.raises(Refused) as named:
        services.name_panel(appeal, [late.id], by=office, at=NOW)
    assert (codes(barred), codes(twice)) == (["left"], ["state"])
    assert codes(named) == ["members"]


@pytest.mark.one_database("sqlite")
def test_nobody_leaves_for_another_or_a_panel_that_has_decided(refused):
    appeal = filed(refused)
    first, second = panel_of(appeal)
    with pytest.raises(Missing):
        left(appeal, make.user(Role.REVIEWER, group_id=make.group().id))
    voted(proposed(appeal, first), second)

    with pytest.raises(Refused) as late:
        left(appeal, second)

    assert codes(late) == ["state"]


@pytest.mark.one_database("sqlite")
def test_one_who_has_not_declared_yet_can_leave_too(refused):
    appeal = filed(refused)
    first, ill = panel_of(appeal, 2, declare=False)

    left(appeal, ill)

    assert [one.person_id for one in appeal.hearing] == [first.id]


@pytest.mark.one_database("sqlite")
def test_the_vote_of_who_left_does_not_count(refused):
    appeal = filed(refused)
    first, second, third, late = panel_of(appeal, 4)
    proposal = proposed(appeal, first)
    voted(proposal, late)

    left(appeal, late)

    assert (appeal.state, proposal.standing) == (AppealState.FILED, ProposalStatus.OPEN)
    assert [one.person_id for one in proposal.counted_votes] == [first.id]
    voted(proposal, second)
    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.UPHELD)
    assert not proposal.voted(third.id)


@pytest.mark.one_database("sqlite")
def test_who_leaves_makes_a_ruling_of_what_more_than_half_of_the_others_agreed_to(refused):
    appeal = filed(refused)
    first, second, _third, late = panel_of(appeal, 4)
    voted(proposed(appeal, first, AppealOutcome.ALTERED, 1, A1=2, A3=2, A5=2), second)

    left(appeal, late)

    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.ALTERED)


@pytest.mark.one_database("sqlite")
def test_a_proposal_falls_with_its_author_who_would_be_the_decider(refused):
    appeal = filed(refused)
    late, second, third = panel_of(appeal, 3)
    old = proposed(appeal, late)

    left(appeal, late)

    assert (old.standing, appeal.open_proposal) == (ProposalStatus.REJECTED, None)
    with pytest.raises(Refused):
        voted(old, second)
    new = proposed(appeal, second, AppealOutcome.RETURNED)
    voted(new, third)
    assert (new.number, appeal.accepted_proposal) == (2, new)


@pytest.mark.one_database("sqlite")
def test_a_proposal_that_was_voted_down_stays_so_when_a_member_leaves(refused):
    appeal = filed(refused)
    first, second, third, late = panel_of(appeal, 4)
    old = proposed(appeal, first)
    voted(old, second)
    voted(old, third, agrees=False, note="Page 4 does show the hours.")
    voted(old, late, agrees=False, note="Page 4 does show the hours.")
    new = proposed(appeal, third, AppealOutcome.RETURNED)

    left(appeal, late)

    assert (old.standing, appeal.open_proposal) == (ProposalStatus.REJECTED, new)
    assert appeal.state is AppealState.FILED


def test_who_left_opens_no_document(refused):
    appeal = filed(refused)
    _first, late = panel_of(appeal)
    version = refused.review.submission.versions[0].version_id
    today = NOW.date()
    assert hearing.document_version(appeal, version, late, today=today).id == version

    left(appeal, late)

    with pytest.raises(Missing):
        hearing.document_version(appeal, version, late, today=today)


def test_a_closed_account_is_off_the_panel_and_the_others_have_the_majority(refused):
    office, appeal = secretary(), filed(refused)
    first, second, third, gone = panel_of(appeal, 4)
    proposal = proposed(appeal, first)
    voted(proposal, second)
    assert appeal.state is AppealState.FILED

    accounts.deactivate(gone, by=office, at=NOW)

    assert {one.person_id for one in appeal.hearing} == {first.id, second.id, third.id}
    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.UPHELD)
    assert "A panel member cannot hear the appeal" in subjects_to(office)
    held = independence.assignment_of(appeal.application_id, gone.id)
    assert (held.left_at, held.left_by_id) == (NOW, office.id)


def test_an_account_closed_after_the_ruling_changes_nothing_of_it(refused):
    office, appeal = secretary(), filed(refused)
    first, second, third = panel_of(appeal, 3)
    proposal = proposed(appeal, first)
    voted(proposal, second)

    accounts.deactivate(second, by=office, at=NOW)

    assert (appeal.accepted_proposal, proposal.standing) == (proposal, ProposalStatus.ACCEPTED)
    assert {one.person_id for one in appeal.hearing} == {first.id, second.id, third.id}
