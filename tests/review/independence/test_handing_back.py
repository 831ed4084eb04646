"""A reviewer who cannot continue hands the case back: it stays until a coordinator gives it to somebody else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.queries import coordinators_of_group
from cissapp.people.notices.models import Mail
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.independence import queries, services
from cissapp.review.independence.models import Assignment
from tests import factories as make
from tests.factories import NOW
from tests.review.independence.test_services import begun, coordinator_of
from tests.review.independence.test_views import text_of

DAY = timedelta(days=1)
REASON = "I am ill and away for several weeks."


@pytest.fixture
def scene(context):
    application, _review, old, new, _third, coordinator = begun()
    return application, queries.assignment_of(application.id, old.id), old, new, coordinator


def test_the_coordinators_see_it_first_and_are_told_without_the_reason(scene):
    application, held, old, _new, coordinator = scene
    elsewhere = make.user(Role.COORDINATOR)

    assert services.hand_back(application, held, reason=REASON, by=old, at=NOW + DAY)
    assert not services.hand_back(application, held, reason="From a tab.", by=old, at=NOW + 2 * DAY)

    assert (held.handed_back_at, held.handed_back_reason) == (NOW + DAY, REASON)
    first = queries.unattended_roles(coordinator, today=NOW.date())[0]
    assert (first.assignment.id, first.reasons[0].code) == (held.id, "handed_back")
    assert [queries.tasks_handed_back(one) for one in (coordinator, elsewhere, old)] == [1, 0, 0]
    assert (held.left_at, queries.is_open(held)) == (None, True)
    mails = session.scalars(select(Mail).where(Mail.kind == "handed_back")).all()
    assert coordinator.email in {one.to for one in mails}
    assert len(mails) == len({one.to for one in mails})
    assert REASON not in mails[0].body


@pytest.mark.one_database("sqlite")
def test_a_coordinator_who_hands_back_is_not_told_and_where_there_is_no_other_nobody_is(scene):
    application, held, old, _new, coordinator = scene
    old.role = Role.COORDINATOR
    session.flush()
    assert services.hand_back(application, held, reason=REASON, by=old, at=NOW)
    recipients = session.scalars(select(Mail.to).where(Mail.kind == "handed_back")).all()
    assert coordinator.email in recipients
    assert old.email not in recipients

    services.keep_role(application, held, by=old, at=NOW)
    for one in coordinators_of_group(application.school.group_id):
        if one.id != old.id:
            accounts.deactivate(one, by=old, at=NOW)
    assert not services.hand_back(application, held, reason=REASON, by=old, at=NOW)
    assert held.handed_back_reason == REASON


def test_a_coordinator_gives_it_to_another_who_starts_afresh_and_the_first_is_barred(scene):
    application, held, old, new, coordinator = scene
    services.hand_back(application, held, reason=REASON, by=old, at=NOW)

    made = services.hand_over(
        application, held, new.id, reason="Ill.", by=coordinator, at=NOW + DAY
    )

    assert (made.person_id, made.handed_back_at, held.handed_back_reason) == (new.id, None, REASON)
    assert queries.tasks_handed_back(coordinator) == 0
    assert queries.unattended_roles(coordinator, today=NOW.date()) == []
    with pytest.raises(Refused):
        services.take_role(application, old.id, held.role, by=old, at=NOW + DAY)


def test_who_is_well_again_continues(scene):
    application, held, old, _new, coordinator = scene
    services.hand_back(application, held, reason=REASON, by=old, at=NOW)

    services.keep_role(application, held, by=old, at=NOW + DAY)
    services.keep_role(application, held, by=old, at=NOW + DAY)

    assert (held.handed_back_at, held.handed_back_reason) == (None, None)
    assert queries.unattended_roles(coordinator, today=NOW.date()) == []


@pytest.mark.parametrize("end", ["done_at", "left_at"])
def test_what_is_over_cannot_be_handed_back(scene, end):
    application, held, old, _new, _coordinator = scene
    setattr(held, end, NOW)
    application.state = ApplicationState.CHANGES_REQUESTED  # as after minor gaps
    if end == "left_at":
        held.left_by_id, held.left_reason = old.id, "Handed over."
    session.flush()

    for act in (services.hand_back, services.keep_role):
        more = {"reason": REASON} if act is services.hand_back else {}
        with pytest.raises(Refused):
            act(application, held, by=old, at=NOW, **more)


def test_the_case_leads_there_and_only_the_holder_may(app, sign_in):
    with clock.at(NOW):
        with app.app_context(), unit_of_work():
            application, _review, old, _new, third, _coordinator = begun()
            coordinator = coordinator_of(application)
            case = f"/reviews/{application.id}"
            session.expunge_all()
        browser, address = sign_in(old), f"{case}/hand-back"

        assert address in browser.get(case).text
        assert browser.post(address, data={"reason": "ill"}).status_code == 422
        assert browser.post(address, data={"reason": REASON}).status_code == 302
        assert "have been told" in text_of(browser.get(address))
        assert browser.post(address, data={"reason": "From another tab."}).status_code == 302
        page = text_of(browser.get(address))
        assert (REASON in page, "have been told" in page) == (True, False)
        assert REASON in text_of(sign_in(coordinator).get("/reviews/people"))
        assert "1 task was handed back" in text_of(sign_in(coordinator).get("/reviews"))
        assert "handed back" not in text_of(sign_in(third).get("/reviews"))
        assert "Hand the task back" not in text_of(sign_in(third).get(address))
        assert "I cannot continue with this case" not in sign_in(third).get(case).text
        assert sign_in(third).post(f"{address}/undo").status_code == 404
        assert browser.post(f"{address}/undo").location == case
        with app.app_context():
            rows = session.scalars(select(Assignment.handed_back_at)).all()
    assert set(rows) == {None}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("handed_back_before", [False, True])
def test_who_hands_open_work_back_for_a_conflict_of_interest_leaves_the_case_at_once(
    sign_in, handed_back_before
):
    review, reviewer, _other = make.assessing()
    case = f"/reviews/{review.application_id}"
    browser, coordinator = sign_in(reviewer), coordinator_of(review.application)
    ground = {"grounds": ["close_family_at_school"]}
    if handed_back_before:
        browser.post(f"{case}/hand-back", data={"reason": REASON})
        given = {**ground, "note": "The head is my cousin."}
    else:
        missing = browser.post(f"{case}/hand-back", data={**ground, "reason": ""})
        ticked = re.findall(r"<input[^>]*checked[^>]*>", missing.text)
        assert (missing.status_code, len(ticked)) == (422, 1), "what was ticked is lost"
        given = {**ground, "reason": "The head is my cousin."}

    after = browser.post(f"{case}/hand-back", data=given, follow_redirects=True)

    assert "Thank you for declaring a conflict of interest" in text_of(after)
    assert "You have left this case." in text_of(after)
    for page in ("hand-back", "criteria/A1", "recommendation", "comments", "visit"):
        assert browser.get(f"{case}/{page}").status_code == 404, page
    assert "The head is my cousin." in text_of(sign_in(coordinator).get(f"{case}/people"))
    assert "handed back" not in text_of(sign_in(coordinator).get("/reviews"))


@pytest.mark.one_database("sqlite")
def test_a_second_click_leads_to_the_case_and_a_reason_for_a_task_that_ended_is_given_back(
    app, sign_in
):
    """The second click met a page that was not found; so did a reason, and what was typed was lost."""
    review, reviewer, other = make.assessing()
    case = f"/reviews/{review.application_id}"
    given = {"grounds": ["close_family_at_school"], "reason": "The head is my cousin."}
    browser = sign_in(reviewer)
    assert [browser.post(f"{case}/hand-back", data=given).location for _ in range(2)] == [case] * 2
    late = browser.post(f"{case}/hand-back", data={"reason": REASON})
    assert (late.status_code, REASON in text_of(late)) == (409, True)
    assert browser.post(f"{case}/hand-back/undo").status_code == 409
    assert sign_in(other).post(f"{case}/hand-back/undo").status_code == 404


@pytest.mark.one_database("sqlite")
def test_a_reason_typed_before_the_review_was_submitted_stays_on_the_page(sign_in):
    review, reviewer, _other = make.assessing()
    make.recommended(make.scored(review))

    page = sign_in(reviewer).post(
        f"/reviews/{review.application_id}/hand-back", data={"reason": REASON}
    )

    assert (page.status_code, REASON in text_of(page)) == (422, True)


@pytest.mark.one_database("sqlite")
def test_where_no_other_coordinator_can_be_told_the_secretariat_is(app, sign_in):
    review, reviewer, _other = make.assessing()
    secretariat = make.user(Role.SECRETARIAT)
    with app.app_context(), unit_of_work():
        for one in coordinators_of_group(review.application.group_id):
            accounts.deactivate(one, by=secretariat, at=NOW)

    page = sign_in(reviewer).post(
        f"/reviews/{review.application_id}/hand-back",
        data={"grounds": ["close_family_at_school"], "reason": "The head is my cousin."},
        follow_redirects=True,
    )

    assert "so the secretariat has been told" in text_of(page)
    with app.app_context():
        sent = session.scalars(select(Mail.to).where(Mail.kind == "handed_back")).all()
    assert secretariat.email in sent


@pytest.mark.one_database("sqlite")
def test_a_submitted_review_is_taken_back_on_the_page_of_the_case_which_then_closes(sign_in):
    review, reviewer, _other = make.assessing()
    make.recommended(make.scored(review))
    case = f"/reviews/{review.application_id}"
    browser, coordinator = sign_in(reviewer), coordinator_of(review.application)

    assert "I have a conflict of interest after all" in text_of(browser.get(case))
    assert "Your review is submitted" in text_of(browser.get(f"{case}/hand-back"))
    missing = browser.post(f"{case}/hand-back", data={"note": "The head is my cousin."})
    assert (missing.status_code, "The head is my cousin." in text_of(missing)) == (422, True)
    after = browser.post(
        f"{case}/hand-back",
        data={"grounds": ["close_family_at_school"], "note": "The head is my cousin."},
        follow_redirects=True,
    )

    assert "Thank you for declaring a conflict of interest" in text_of(after)
    assert browser.get(f"{case}/hand-back").status_code == 404
    assert browser.get(f"{case}/recommendation").status_code == 404
    assert browser.get(f"{case}/criteria/A1").status_code == 404
    people = text_of(sign_in(coordinator).get(f"{case}/people"))
    assert "A review was taken back after it was submitted." in people
    assert "The head is my cousin." in people
    proposal = sign_in(coordinator).get("/reviews/proposal")
    assert "someone who has not read the reviews of this round" in text_of(proposal)
    ticks = re.findall(rf'value="{review.application_id}:(\w+):[^>]*>', proposal.text)
    unticked = re.findall(
        rf'value="{review.application_id}:(\w+):(?:(?!checked)[^>])*>', proposal.text
    )
    assert (sorted(ticks), unticked) == (["assessor", "decider"], ["assessor"])


@pytest.mark.one_database("sqlite")
def test_a_conflict_found_without_a_task_is_declared_on_the_page_of_the_case_as_well(sign_in):
    review, _reviewer, other = make.assessing()
    case = f"/reviews/{review.application_id}"
    browser, coordinator = sign_in(other), coordinator_of(review.application)
    note = "The head is my cousin."

    assert f"{case}/hand-back" in browser.get(case).text
    missing = browser.post(f"{case}/hand-back", data={"note": note})
    assert (missing.status_code, note in text_of(missing)) == (422, True)
    after = browser.post(
        f"{case}/hand-back",
        data={"grounds": ["close_family_at_school"], "note": note},
        follow_redirects=True,
    )

    assert "Thank you for declaring a conflict of interest" in text_of(after)
    assert f"{case}/hand-back" not in after.text
    assert browser.get(f"{case}/hand-back").status_code == 404
    again = browser.post(f"{case}/hand-back", data={"note": note})
    assert (again.status_code, "You no longer have a task" in text_of(again)) == (409, True)
    assert note in text_of(sign_in(coordinator).get(f"{case}/people"))
