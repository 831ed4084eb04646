"""Two people have the same form open: whoever saves second overwrites nothing unread, and loses nothing."""

from datetime import date

import pytest
import wtforms
from sqlalchemy import delete

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.form_drafts.services import reread_unchanged
from cissapp.foundation.web.drafts.exclusions import has_drafts
from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.forms import NO_SENTENCE
from cissapp.people.accounts.rules import Duty
from cissapp.prepare.plan import services as plan
from cissapp.prepare.plan.models import PlannedAction
from cissapp.prepare.plan.rules.actions import ActionFacts
from cissapp.prepare.policy import services as policy
from tests.client import draft_ticket
from tests.factories import NOW
from tests.foundation.safeguards.test_every_form import fields, kinds
from tests.prepare.pages import main_of, text_of

# Forms with a text that guard nothing, and why nobody overwrites a colleague's text with them.
OWN = "what one person writes about themselves, or in their own account or review"
ADDS = "adds something, and replaces nothing that is there"
ACT = "an act with its reason: it happens once, and the state of the thing refuses a second"
SEARCH = "a search"
UNGUARDED = {
    "certify.certificates.CureForm": ACT,
    "certify.certificates.ReasonForm": ACT,
    "learn.learning.ShortTextForm": OWN,
    "oversee.api.TokenForm": ADDS,
    "oversee.api.WebhookForm": ADDS,
    "oversee.evaluation.VoidForm": ACT,
    "oversee.personal_data.HoldForm": ADDS,
    "people.accounts.JoinForm": OWN,
    "people.accounts.NameForm": OWN,
    "people.deadlines.ChangeForm": "moves a date, and both moves are kept with their reasons",
    "people.enrolment.GroupForm": ADDS,
    "people.enrolment.GroupStaffForm": ADDS,
    "people.enrolment.InviteForm": ADDS,
    "people.enrolment.InviteeForm": ADDS,
    "people.enrolment.MinistryForm": ADDS,
    "people.enrolment.RegionForm": ADDS,
    "people.enrolment.StaffInvitationForm": ADDS,
    "people.factors.AppForm": OWN,
    "people.factors.ProofForm": OWN,
    "people.factors.PasskeyForm": OWN,
    "people.handover.HandoverForm": ACT,
    "people.handover.NewPersonForm": ADDS,
    "people.handover.ReplaceCoordinatorForm": ACT,
    "people.joining.InviteFromRequestForm": ACT,
    "people.joining.JoinRequestForm": ADDS,
    "people.joining.RefuseJoinForm": ACT,
    "people.school_lists.ColumnsForm": "columns of the list that the same person has sent",
    "people.sign_on.ProviderForm": ADDS,
    "prepare.acknowledgements.StaffReadingForm": ADDS,
    "prepare.assessment.SelfScoreForm": "guarded by the time of the last save, under the lock",
    "prepare.awareness.RoundForm": ADDS,
    "prepare.documents.DocumentForm": ADDS,
    "prepare.documents.PhotographedDocumentForm": ADDS,
    "prepare.drills.DrillCodeForm": "the code of a message",
    "prepare.posters.PosterPlaceForm": ADDS,
    "review.appeals.AppealForm": ACT,
    "review.appeals.LeavePanelForm": ACT,
    "review.appeals.PanelProposalForm": ADDS,
    "review.appeals.VoteForm": OWN,
    "review.calibration.ReleaseForm": ACT,
    "review.complaints.ComplaintAnswerForm": ACT,
    "review.complaints.ReplyForm": ADDS,
    "review.discussions.CommentForm": ADDS,
    "review.discussions.NewThreadForm": ADDS,
    "review.followup.SaveFilterForm": OWN,
    "review.independence.BackgroundForm": OWN,
    "review.independence.DeclarationForm": OWN,
    "review.independence.GuestForm": ADDS,
    "review.independence.HandBackForm": OWN,
    "review.independence.HandoverForm": ACT,
    "review.independence.LateDeclarationForm": OWN,
    "review.independence.WaiverForm": ACT,
    "review.mentoring.MessageForm": ADDS,
    "review.reviews.CompletenessForm": ACT,
    "review.reviews.DecisionForm": "guarded by the version of the reviews",
    "review.reviews.RecommendationForm": OWN,
    "review.reviews.QuestionsForm": ACT,
    "review.reviews.RemarksForm": ACT,
    "review.reviews.ReviewScoreForm": OWN,
    "review.reviews.ThirdReviewForm": "guarded by the version of the reviews",
    "review.visits.PlanForm": ACT,
    "oversee.trail.TrailFilterForm": SEARCH,
    "people.enrolment.SchoolSearchForm": SEARCH,
    "review.appeals.PanelForm": SEARCH,
    "review.followup.FollowupFilterForm": SEARCH,
    "verify.directory.RegisterSearchForm": SEARCH,
    "verify.verification.CertificateCodeForm": SEARCH,
}
WORDS = (wtforms.StringField, wtforms.TextAreaField)


def _has_text(form) -> bool:
    return any(issubclass(kind, WORDS) and kind not in NO_SENTENCE for _, kind in fields(form))


def test_every_form_with_a_text_guards_what_is_shared_or_says_why_not(app):
    written = {
        f"{form.__module__.removeprefix('cissapp.').partition('.forms')[0]}.{form.__name__}"
        for form in kinds()
        if not issubclass(form, SharedForm)
        and form.__module__.startswith("cissapp.")
        and _has_text(form)
    }

    assert sorted(written ^ set(UNGUARDED)) == []


def test_a_guarded_form_has_drafts_whose_ticket_says_what_was_seen(app):
    """Without a ticket a form compares nothing."""
    guarded = [one for one in kinds() if issubclass(one, SharedForm)]
    with app.test_request_context():
        plain = [one for one in guarded if one.__init__ is SharedForm.__init__]
        silent = [one.__name__ for one in plain if _has_text(one) and not has_drafts(one())]

    assert len(guarded) > 12
    assert silent == []


@pytest.fixture
def action(app, make):
    """An action in the plan of a school, and two browsers: of its head and of its deputy head."""
    with clock.at(NOW):
        school = make.school()
        head, deputy = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
        facts = ActionFacts("Train the staff", "Deputy head", date(2026, 12, 20))
        made = make.in_one_unit(plan.plan_action)(school, "A1", facts, by=head, at=NOW)
        yield made, head, deputy


TYPED = {"what": "Train the staff", "who": "Deputy head", "due_on": "2026-12-20"}


def opened(browser, address, **typed):
    """Open a form, and give what it would send."""
    return {**typed, "draft": draft_ticket(browser.get(address))}


def fields_of(page) -> dict[str, str]:
    main = main_of(page)
    found = {one.get("name"): one.get("value") or "" for one in main.iter("input")}
    return {**found, **{one.get("name"): text_of(one) for one in main.iter("textarea")}}


def test_the_second_keeps_the_text_and_reads_the_other(action, sign_in):
    made, head, deputy = action
    address, first, second = f"/school/plan/{made.id}", sign_in(head), sign_in(deputy)
    mine = opened(first, address, **{**TYPED, "what": "Train all teachers"})
    theirs = opened(second, address, **{**TYPED, "what": "Train the new teachers"})

    assert first.post(address, data=mine).status_code == 302
    page = second.post(address, data=theirs)

    assert page.status_code == 422
    assert "This was changed after you opened the page." in text_of(main_of(page))
    assert "Train all teachers" in text_of(main_of(page))
    assert fields_of(page)["what"] == "Train the new teachers"
    assert fields_of(first.get(address))["what"] == "Train all teachers"
    again = {**theirs, "draft": draft_ticket(page)}
    assert second.post(address, data=again).status_code == 302
    assert fields_of(first.get(address))["what"] == "Train the new teachers"


def test_a_field_that_was_left_alone_takes_over_what_is_saved(action, sign_in):
    made, head, deputy = action
    address, first, second = f"/school/plan/{made.id}", sign_in(head), sign_in(deputy)
    theirs = opened(second, address, **{**TYPED, "who": "Psychologist"})
    changed = opened(first, address, **{**TYPED, "what": "Train all teachers"})
    first.post(address, data=changed)

    page = second.post(address, data=theirs)

    assert page.status_code == 422
    said = fields_of(page)
    assert (said["what"], said["who"]) == ("Train all teachers", "Psychologist")


def test_a_date_that_was_left_alone_takes_over_what_is_saved(action, sign_in):
    made, head, deputy = action
    address, first, second = f"/school/plan/{made.id}", sign_in(head), sign_in(deputy)
    theirs = opened(second, address, **{**TYPED, "who": "Psychologist"})
    first.post(address, data=opened(first, address, **{**TYPED, "due_on": "2026-12-28"}))

    page = second.post(address, data=theirs)

    assert page.status_code == 422
    said = fields_of(page)
    assert (said["due_on"], said["who"]) == ("2026-12-28", "Psychologist")


def test_numbers_are_guarded(app, make, sign_in):
    with clock.at(NOW):
        school = make.school()
        people = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
        first, second = (sign_in(one) for one in people)
        address, typed = (
            "/school/reporting/time-limits",
            {"crime_hours": "24", "answer_days": "3", "plan_days": "7"},
        )
        first.post(address, data=opened(first, address, **typed))
        theirs = opened(second, address, **{**typed, "plan_days": "6"})
        first.post(address, data=opened(first, address, **{**typed, "crime_hours": "12"}))

        page = second.post(address, data=theirs)

        assert page.status_code == 422
        said = fields_of(page)
        assert (said["crime_hours"], said["plan_days"]) == ("12", "6")


def test_every_section_of_the_policy_says_what_it_has_shown(app, make, sign_in):
    with app.app_context():
        sections = sorted({one.key.section for one in content().toolkit.questions})
    browser = sign_in(make.manager(make.school()))

    pages = {one: browser.get(f"/school/policy/sections/{one}") for one in sections}

    assert len(pages) > 3
    assert [one for one, page in pages.items() if not draft_ticket(page)] == []


def test_what_a_colleague_removed_is_not_written_again(context, make):
    school = make.school()
    head = make.manager(school)
    facts = ActionFacts("Train the staff", "Deputy head", date(2026, 12, 20))
    row = plan.plan_action(school, "A1", facts, by=head, at=NOW)
    session.execute(
        delete(PlannedAction).where(PlannedAction.id == row.id),
        execution_options={"synchronize_session": False},
    )

    with pytest.raises(Refused) as refused:
        reread_unchanged(row, ["what"])

    assert [one.code for one in refused.value.problems] == ["overtaken"]


def test_whoever_says_the_same_takes_nothing_away(action, sign_in):
    made, head, deputy = action
    address, first, second = f"/school/plan/{made.id}", sign_in(head), sign_in(deputy)
    both = {**TYPED, "what": "Train all teachers"}
    theirs = opened(second, address, **both)
    first.post(address, data=opened(first, address, **both))

    assert second.post(address, data=theirs).status_code == 302


def test_a_third_change_while_the_second_reads_is_not_overwritten_either(action, sign_in):
    made, head, deputy = action
    address, first, second = f"/school/plan/{made.id}", sign_in(head), sign_in(deputy)
    theirs = opened(second, address, **{**TYPED, "what": "C"})
    first.post(address, data=opened(first, address, **{**TYPED, "what": "A"}))
    page = second.post(address, data=theirs)
    first.post(address, data=opened(first, address, **{**TYPED, "what": "B"}))

    page = second.post(address, data={**theirs, "draft": draft_ticket(page)})

    assert page.status_code == 422
    assert fields_of(page)["what"] == "C"
    assert fields_of(first.get(address))["what"] == "B"


@pytest.mark.parametrize("ticket", [None, "", "x", "e30.abc", "\x00", "a" * 20_000])
def test_a_ticket_that_is_missing_or_made_up_is_none(action, sign_in, ticket):
    made, head, _deputy = action
    address, browser = f"/school/plan/{made.id}", sign_in(head)
    typed = {**TYPED, "what": "Train all teachers"}
    data = typed if ticket is None else {**typed, "draft": ticket}

    assert browser.post(address, data=data).status_code == 302


def test_the_ticket_of_another_person_or_another_form_is_none(action, sign_in):
    made, head, deputy = action
    address, first, second = f"/school/plan/{made.id}", sign_in(head), sign_in(deputy)
    of_other = draft_ticket(second.get(address))
    of_form = draft_ticket(first.get("/school/reporting/rules"))
    first.post(address, data={**TYPED, "what": "A"})

    for ticket in (of_other, of_form):
        assert first.post(address, data={**TYPED, "draft": ticket}).status_code == 302


def test_what_a_school_writes_for_its_policy_is_guarded(app, make, sign_in):
    with clock.at(NOW):
        school = make.school()
        head, deputy = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
        add = make.in_one_unit(policy.add_paragraph)
        paragraph = add(school, "purpose", "Ours.", by=head, at=NOW)
        address = f"/school/policy/paragraphs/{paragraph.id}"
        first, second = sign_in(head), sign_in(deputy)
        theirs = opened(second, address, text="Theirs.")
        first.post(address, data=opened(first, address, text="Changed."))

        page = second.post(address, data=theirs)

    assert page.status_code == 422
    assert "Changed." in text_of(main_of(page))
    assert fields_of(page)["text"] == "Theirs."


def test_the_facts_of_a_school_are_guarded(app, make, sign_in):
    school = make.school()
    one, other = (make.user(Role.COORDINATOR, group_id=school.group_id) for _ in range(2))
    address = f"/schools/{school.id}/edit"
    facts = {"region_code": "MD-OR", "code": school.code, "name": school.name}
    facts |= {"locality": "Orhei", "language": "ro", "pupils": "400"}
    first, second = sign_in(one), sign_in(other)
    theirs = opened(second, address, **{**facts, "name": "Lyceum of Orhei"})
    first.post(address, data=opened(first, address, **{**facts, "name": "Old Lyceum"}))

    page = second.post(address, data=theirs)

    assert page.status_code == 422
    assert "Old Lyceum" in text_of(main_of(page))
    assert fields_of(page)["name"] == "Lyceum of Orhei"
