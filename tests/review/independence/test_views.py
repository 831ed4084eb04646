"""The pages of independence: hints at the declaration, people of a case, the group, mentors, guests."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import services
from cissapp.review.independence.models import (
    Absence,
    Assignment,
    Background,
    Declaration,
    Mentoring,
    Waiver,
)
from cissapp.review.independence.queries import candidates, facts, members_page
from cissapp.review.independence.rules import CaseRole
from tests import factories as make
from tests.client import draft_ticket, pages_of
from tests.factories import NOW
from tests.pages import text_of, tree
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = timedelta(days=1)


def coordinator_of(application, **values):
    return make.user(Role.COORDINATOR, group_id=application.school.group_id, **values)


def member_of(application, **values):
    return make.user(Role.REVIEWER, group_id=application.school.group_id, **values)


def all_of(app, kind):
    with app.app_context():
        found = list(session.scalars(select(kind)))
        session.expunge_all()
        return found


# --- declaration -----------------------------------------------------------------------------


def test_a_hint_is_explained_must_be_answered_and_the_answer_is_kept(app, sign_in):
    application = make.handed_in()
    person = member_of(application)
    browser = sign_in(person)
    browser.post("/account/independence", data={"employer": "", "locality": "Orhei", "phone": ""})
    page = f"/reviews/{application.id}/declaration"

    assert "You live or work in Orhei, where the school is." in text_of(browser.get(page))
    unanswered = browser.post(page, data={"grounds": "none"})
    assert (unanswered.status_code, "Choose whether this is true." in text_of(unanswered)) == (
        422,
        True,
    )
    answered = browser.post(page, data={"grounds": "none", "hint_locality": "true"})
    assert answered.status_code == 302

    kept = [one for one in all_of(app, Declaration) if one.user_id == person.id]
    assert [(one.grounds, one.answers) for one in kept] == [([], {"locality": "true"})]
    case = browser.get(f"/reviews/{application.id}")
    assert "Your coordinator will look at it first" in text_of(case)
    assert browser.get(f"/reviews/{application.id}/criteria/A1").status_code == 404


def test_an_exception_opens_the_case_and_stands_in_the_log(app, sign_in):
    application = make.handed_in()
    person, coordinator = member_of(application, name="Vera Lungu"), coordinator_of(application)
    browser = sign_in(person)
    browser.post("/account/independence", data={"employer": "", "locality": "Orhei", "phone": ""})
    browser.post(
        f"/reviews/{application.id}/declaration",
        data={"grounds": "none", "hint_locality": "true"},
    )
    desk = sign_in(coordinator)
    assert "Possible conflict: Same town or village (the person says: yes)" in text_of(
        desk.get(f"/reviews/{application.id}/people")
    )

    short = desk.post(
        f"/reviews/{application.id}/waiver",
        data={"hint": f"{person.id} locality", "reason": "no"},
    )
    assert short.status_code == 422
    done = desk.post(
        f"/reviews/{application.id}/waiver",
        data={"hint": f"{person.id} locality", "reason": "Orhei has 20,000 people."},
    )

    assert done.status_code == 302
    assert [one.reason for one in all_of(app, Waiver)] == ["Orhei has 20,000 people."]
    assert browser.get(f"/reviews/{application.id}/criteria/A1").status_code == 200
    log = text_of(sign_in(make.user()).get("/admin/exceptions"))
    assert "Vera LunguSame town or villageOrhei has 20,000 people." in log


# --- people of a case ------------------------------------------------------------------------


def test_the_page_proposes_the_least_loaded_and_says_of_everybody_else_why_not(app, sign_in):
    application = make.handed_in()
    coordinator = coordinator_of(application, name="Chair")
    busy, free, tied = (
        member_of(application, name=name) for name in ("Busy One", "Free One", "Tied One")
    )
    other = make.handed_in(make.school(group_id=application.school.group_id))
    with app.app_context(), unit_of_work():
        services.take_role(
            session.merge(other), busy.id, CaseRole.REVIEWER, by=session.merge(coordinator), at=NOW
        )
    make.declared(application, tied, "paid_by_school")

    page = sign_in(coordinator).get(f"/reviews/{application.id}/people")

    offered = [one.text for one in tree(page).findall(".//select[@id='person_id']/option")]
    assert [one for one in offered if "One" in one] == [
        "Free One, open cases: 0", "Busy One, open cases: 1",
    ]  # fmt: skip
    assert free.name in text_of(page)
    assert "Reviewer: Declared a conflict of interest with this school." in text_of(page)


def test_a_task_is_given_and_handed_over_with_a_reason(app, sign_in):
    application = make.handed_in()
    coordinator, first, second = (
        coordinator_of(application), member_of(application), member_of(application),
    )  # fmt: skip
    desk = sign_in(coordinator)
    page = f"/reviews/{application.id}/people"

    given = desk.post(page, data={"seat": "assessor", "person_id": str(first.id)})
    assert given.status_code == 302
    role = next(one for one in all_of(app, Assignment) if one.role is CaseRole.REVIEWER)
    address = f"{page}/{role.id}/hand-over"
    assert desk.post(address, data={"person_id": str(second.id)}).status_code == 422
    done = desk.post(address, data={"person_id": str(second.id), "reason": "Away until spring."})

    assert done.status_code == 302
    found = {one.person_id: one.left_reason for one in all_of(app, Assignment)}
    assert found == {first.id: "Away until spring.", second.id: None}
    again = desk.post(page, data={"seat": "assessor", "person_id": str(first.id)})
    assert again.status_code == 422


def test_what_people_wrote_about_the_case_is_hidden_from_whom_it_is_closed_to(app, sign_in):
    application = make.handed_in()
    impartial, tied, undeclared = (coordinator_of(application) for _ in range(3))
    make.declared(application, impartial)
    make.declared(application, tied, "paid_by_school")
    left = member_of(application)
    with app.app_context(), unit_of_work():
        by = session.merge(impartial)
        case, person = session.merge(application), session.merge(left)
        role = services.assign(case, left.id, CaseRole.REVIEWER, by=by, at=NOW)
        services.leave_role(role, reason="My sister’s son left it.", by=by, at=NOW)
        services.declare(case, grounds=[], note="I taught there.", answers={}, by=person, at=NOW)

    def shown_to(coordinator):
        log = text_of(sign_in(coordinator).get(f"/reviews/{application.id}/people"))
        assert left.name in log
        assert "handed over on" in log
        return ["My sister’s son left it." in log, "I taught there." in log]

    assert [shown_to(one) for one in (impartial, tied, undeclared)] == [
        [True, True], [False, False], [True, True],
    ]  # fmt: skip


def offered(answer, field="person_id") -> list[str]:
    """Return the names offered in a form, without the number of open cases or the possible conflict."""
    options = [
        one for one in tree(answer).findall(f".//select[@id='{field}']/option") if one.get("value")
    ]
    return [one.text.partition(",")[0].partition(":")[0] for one in options]


def selected(answer, field) -> list[str]:
    options = tree(answer).findall(f".//select[@id='{field}']/option")
    return [one.get("value") for one in options if "selected" in one.attrib]


def test_a_large_group_offers_those_with_few_open_cases_and_others_by_name(
    app, sign_in, monkeypatch
):
    monkeypatch.setattr(candidates, "CANDIDATES_SHOWN", 2)
    application = make.handed_in(sift=False)
    desk = sign_in(coordinator_of(application, name="Zora Chair"))
    newcomer = member_of(application, name="Aaron New", calibrated_at=None)
    ana, _ben, cora, dan = (
        member_of(application, name=name) for name in ("Ana A", "Ben B", "Cora C", "Dan D")
    )
    other = make.handed_in(make.school(group_id=application.school.group_id))
    page = f"/reviews/{application.id}/people"
    desk.post(f"/reviews/{other.id}/people", data={"seat": "assessor", "person_id": str(ana.id)})
    make.declared(application, dan)

    first, searched = desk.get(page), desk.get(f"{page}?name=CORA")
    nobody = text_of(desk.get(f"{page}?name=Zoe"))

    assert (offered(first), offered(searched)) == (["Ben B", "Cora C", "Dan D"], ["Cora C"])
    assert "Search by name for someone else." in text_of(first)
    assert "Nobody here has this name." in nobody
    wrong = desk.post(f"{page}?name=ana", data={"person_id": str(ana.id)})
    assert (wrong.status_code, offered(wrong)) == (422, ["Ana A"])
    elsewhere = desk.post(page, data={"seat": "assessor", "person_id": str(newcomer.id)})
    assert (elsewhere.status_code, all_roles(app, application)) == (422, {})
    right = desk.post(page, data={"seat": "assessor", "person_id": str(ana.id)})
    assert (right.status_code, all_roles(app, application)) == (302, {ana.id: "assessor"})
    role = next(one for one in all_of(app, Assignment) if one.application_id == application.id)
    address = f"{page}/{role.id}/hand-over"
    kept = desk.post(address, data={"person_id": str(cora.id), "reason": "short"})
    assert (offered(desk.get(address)), offered(kept)) == (["Ben B", "Cora C", "Dan D"],) * 2
    assert "short" in kept.get_data(as_text=True)
    nobody = text_of(desk.get(f"{address}?name=Zoe"))
    assert ("Nobody here has this name" in nobody, "None of those" in nobody) == (True, False)
    far = desk.get(f"{address}?name=new")
    assert (offered(far), "None of those found may take" in text_of(far)) == ([], True)
    done = desk.post(address, data={"person_id": str(cora.id), "reason": "Away until spring."})
    assert (done.status_code, all_roles(app, application)[cora.id]) == (302, "assessor")


def all_roles(app, application) -> dict:
    found = [one for one in all_of(app, Assignment) if one.application_id == application.id]
    return {one.person_id: one.role.value for one in found}


def test_an_exception_is_recorded_for_someone_whom_a_search_found(app, sign_in, monkeypatch):
    monkeypatch.setattr(candidates, "CANDIDATES_SHOWN", 1)
    application = make.handed_in()
    desk = sign_in(coordinator_of(application, name="Ana Chair"))
    far = member_of(application, name="Vera Lungu")
    sign_in(far).post("/account/independence", data={"locality": "Orhei"})
    page = f"/reviews/{application.id}/waiver"
    exception = {"hint": f"{far.id} locality", "reason": "short"}

    before, found = desk.get(page), desk.get(f"{page}?name=lungu")
    kept = desk.post(page, data=exception)
    done = desk.post(page, data={**exception, "reason": "Orhei has 20,000 people."})

    people = desk.get(f"/reviews/{application.id}/people")
    assert "Record an exception" in text_of(people)
    assert "None of those found has a possible conflict" in text_of(before)
    assert [offered(one, "hint") for one in (found, kept)] == [["Vera Lungu"]] * 2
    assert (kept.status_code, done.status_code) == (422, 302)
    assert [one.person_id for one in all_of(app, Waiver)] == [far.id]


def test_a_choice_in_a_draft_stays_after_a_search_for_someone_else(app, sign_in, monkeypatch):
    monkeypatch.setattr(candidates, "CANDIDATES_SHOWN", 1)
    application = make.handed_in()
    desk = sign_in(coordinator_of(application, name="Ana Chair"))
    far, other = (member_of(application, name=one) for one in ("Vera Lungu", "Ion Rusu"))
    for one in (far, other):
        sign_in(one).post("/account/independence", data={"locality": "Orhei"})
    page = f"/reviews/{application.id}/waiver"
    ticket = draft_ticket(desk.get(f"{page}?name=lungu"))
    typed = {"hint": f"{far.id} locality", "reason": "Orhei has 20,000 people."}
    desk.post("/drafts", data={"draft": ticket, **typed})

    searched = desk.get(f"{page}?name=rusu")
    with app.app_context(), unit_of_work():
        session.execute(
            update(User)
            .where(User.id == far.id)
            .values(deactivated_at=NOW, deactivated_by_id=far.id)
        )
    gone = text_of(desk.get(f"{page}?name=rusu"))

    assert offered(searched, "hint") == ["Ion Rusu", "Vera Lungu"]
    assert selected(searched, "hint") == [typed["hint"]]
    assert "A choice that is no longer here" in gone
    assert str(far.id) not in gone


def test_an_assigned_case_waits_for_its_assessor_only(sign_in):
    application = make.handed_in()
    first, second = make.reviewers(application)
    desk = sign_in(coordinator_of(application))
    desk.post(
        f"/reviews/{application.id}/people", data={"seat": "assessor", "person_id": str(first.id)}
    )

    mine, others = sign_in(first).get(f"/reviews/{application.id}"), sign_in(second)
    assert "Begin the review" in text_of(mine)
    assert "You do not need to do anything here now." in text_of(
        others.get(f"/reviews/{application.id}")
    )
    assert others.post(f"/reviews/{application.id}/start").status_code == 409


# --- the group -------------------------------------------------------------------------------


def test_absences_and_open_tasks_of_who_is_away_are_shown(app, sign_in):
    application = make.handed_in()
    coordinator, person = coordinator_of(application), member_of(application, name="Away One")
    desk = sign_in(coordinator)
    desk.post(
        f"/reviews/{application.id}/people", data={"seat": "assessor", "person_id": str(person.id)}
    )
    days = {"from_on": NOW.date().isoformat(), "to_on": (NOW + DAY).date().isoformat()}
    assert sign_in(person).post("/account/absences/new", data=days).status_code == 302

    page = text_of(desk.get("/reviews/people"))

    assert (application.school.name in page, "Is away today." in page) == (True, True)
    absence = all_of(app, Absence)[0]
    desk.post(f"/account/absences/{absence.id}/remove")
    assert all_of(app, Absence) == []
    assert "No task was found that needs another person." in text_of(desk.get("/reviews/people"))


def test_the_people_of_a_large_group_come_on_pages_and_are_found_by_name(app, sign_in, monkeypatch):
    monkeypatch.setattr(facts, "PEOPLE_AT_ONCE", 2)
    coordinator = make.user(Role.COORDINATOR, name="Ana Alpha")
    for name in ("Bob Beta", "Cia Gamma", "Dan Delta"):
        make.user(Role.REVIEWER, group_id=coordinator.group_id, name=name)
    desk = sign_in(coordinator)

    first = text_of(desk.get("/reviews/people"))
    found = text_of(desk.get("/reviews/people?name=GAM"))

    assert [one in first for one in ("Ana Alpha", "Bob Beta", "Cia Gamma")] == [True, True, False]
    assert [one in found for one in ("Bob Beta", "Cia Gamma")] == [False, True]
    with app.app_context():
        after = members_page(coordinator.group_id).later
    second = text_of(desk.get(f"/reviews/people?after={after}"))
    assert [one in second for one in ("Bob Beta", "Cia Gamma", "Dan Delta")] == [False, True, True]
    assert "Nobody here has this name" in text_of(desk.get("/reviews/people?name=Zoe"))


@pytest.mark.both_databases
def test_pages_of_people_follow_the_alphabet_and_who_was_renamed(app, monkeypatch):
    monkeypatch.setattr(facts, "PEOPLE_AT_ONCE", 2)
    group_id = make.group().id
    people = [
        make.user(Role.REVIEWER, group_id=group_id, name=name)
        for name in ("Ярина", "Ірина", "Ґалина", "Андрій", "Aa")
    ]
    with app.app_context(), unit_of_work():
        session.get_one(User, people[-1].id).name = "Єва"

    with app.app_context():
        pages = [members_page(group_id)]
        while pages[-1].later:
            pages.append(members_page(group_id, place=PagePlace(pages[-1].later)))
        back = members_page(group_id, place=PagePlace(pages[-1].earlier, back=True))

    names = ["Андрій", "Ґалина", "Єва", "Ірина", "Ярина"]
    assert [one.name for page in pages for one in page.rows] == names
    assert [one.name for one in back.rows] == names[2:4]


def test_a_proposal_is_taken_over_as_it_was_shown(app, sign_in):
    application = make.handed_in()
    coordinator = coordinator_of(application)
    make.reviewers(application)
    desk = sign_in(coordinator)
    page = desk.get("/reviews/proposal")
    lines = [one.get("value") for one in tree(page).findall(".//input[@name='lines']")]
    assert desk.post("/reviews/proposal", data=ticked(lines)).status_code == 302

    roles = {one.role: one.person_id for one in all_of(app, Assignment)}
    assert set(roles) == {CaseRole.REVIEWER, CaseRole.DECIDER}
    assert len(set(roles.values())) == 2
    assert [one for one in roles.values() if str(one) not in " ".join(lines)] == []
    stale = desk.post("/reviews/proposal", data=ticked(lines))
    assert stale.status_code == 302
    forged = [lines[0].replace(str(application.id), "00000000-0000-4000-8000-000000000000")]
    assert desk.post("/reviews/proposal", data=ticked(forged)).status_code == 404
    assert desk.post("/reviews/proposal", data=ticked(["nonsense"])).status_code == 422


def ticked(lines: list[str]) -> list[tuple[str, str]]:
    return [("lines", line) for line in lines]


def test_what_cannot_be_given_any_more_says_why_and_the_rest_is_given(app, sign_in):
    application = make.handed_in()
    group_id = application.school.group_id
    other = make.handed_in(make.school(group_id=group_id))
    first, second = make.reviewers(application, 2)
    desk = sign_in(coordinator_of(application))
    line = f"{application.id}:{CaseRole.REVIEWER}:"
    nothing = desk.post("/reviews/proposal", data={})
    assert (nothing.status_code, "Tick at least one task." in text_of(nothing)) == (422, True)
    desk.post("/reviews/proposal", data=ticked([f"{line}{first.id}"]))

    lines = [f"{line}{second.id}", f"{other.id}:{CaseRole.REVIEWER}:{second.id}"]
    page = desk.get(desk.post("/reviews/proposal", data=ticked(lines)).location)

    said = text_of(page)
    assert "1 task has been assigned." in said
    assert f"Not assigned: Reviewer for {application.school.name}." in said
    given = {(one.application_id, one.person_id) for one in all_of(app, Assignment)}
    assert given == {(application.id, first.id), (other.id, second.id)}


def test_more_cases_ask_the_database_no_more_often(app, sign_in):
    application = make.handed_in()
    group_id = application.school.group_id
    desk = sign_in(coordinator_of(application))
    make.reviewers(application, 3)
    counts = []
    for _more in range(2):
        make.handed_in(make.school(group_id=group_id))
        for address in ("/reviews/people", "/reviews/proposal"):
            counts.append(statements(app, lambda a=address: desk.get(a)))

    assert counts[:2] == counts[2:]


def statements(app, act) -> int:
    with statements_sent(app) as seen:
        assert act().status_code == 200
    return len(seen)


# --- mentors and oneself ---------------------------------------------------------------------


def test_a_mentor_in_a_draft_is_offered_whoever_was_searched_for(app, sign_in, monkeypatch):
    monkeypatch.setattr(facts, "PEOPLE_AT_ONCE", 1)
    school = make.school()
    desk = sign_in(make.user(Role.COORDINATOR, group_id=school.group_id, name="Ana Chair"))
    far, _near = (
        make.user(Role.REVIEWER, group_id=school.group_id, name=one)
        for one in ("Vera Lungu", "Ion Rusu")
    )
    page = f"/schools/{school.id}/mentors"
    ticket = draft_ticket(desk.get(f"{page}?name=lungu"))
    desk.post("/drafts", data={"draft": ticket, "person_id": str(far.id), "from_on": "2026-01-02"})

    searched = desk.get(f"{page}?name=rusu")

    assert offered(searched) == ["Ion Rusu", "Vera Lungu"]
    assert selected(searched, "person_id") == [str(far.id)]


def test_the_own_mentorings_have_a_next_page(app, sign_in, monkeypatch):
    monkeypatch.setattr(facts, "MENTORINGS_AT_ONCE", 1)
    group = make.group()
    person, coordinator = (
        make.user(role, group_id=group.id) for role in (Role.REVIEWER, Role.COORDINATOR)
    )
    with app.app_context(), unit_of_work():
        for name in ("Green Lyceum", "Red Lyceum"):
            school = make.school(group_id=group.id, name=name)
            services.enter_mentoring(school, person.id, NOW.date(), None, by=coordinator, at=NOW)

    pages = pages_of(sign_in(person), "/account/independence")

    assert sorted(
        name for page in pages for name in ("Green Lyceum", "Red Lyceum") if name in page
    ) == ["Green Lyceum", "Red Lyceum"]


def test_a_mentoring_is_entered_seen_by_the_mentor_and_ended(app, sign_in):
    school = make.school()
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    mentor = make.user(Role.REVIEWER, group_id=school.group_id, name="Mentor One")
    desk = sign_in(coordinator)
    page = f"/schools/{school.id}/mentors"

    wrong = desk.post(page, data={"person_id": str(mentor.id), "from_on": "2027-01-01"})
    assert "You can only enter mentoring once it has begun." in text_of(wrong)
    right = desk.post(page, data={"person_id": str(mentor.id), "from_on": "2026-01-01"})
    assert right.status_code == 302

    assert school.name in text_of(sign_in(mentor).get("/account/independence"))
    made = all_of(app, Mentoring)[0]
    assert desk.post(f"{page}/{made.id}/end").status_code == 302
    assert all_of(app, Mentoring)[0].to_on == NOW.date()
    assert "Person is barred until 24 months after the last day" in text_of(desk.get(page))


def test_a_mentor_from_a_large_group_is_found_by_name(app, sign_in, monkeypatch):
    monkeypatch.setattr(facts, "PEOPLE_AT_ONCE", 1)
    school = make.school()
    desk = sign_in(make.user(Role.COORDINATOR, group_id=school.group_id, name="Ana Chair"))
    mentor = make.user(Role.REVIEWER, group_id=school.group_id, name="Mentor One")
    page = f"/schools/{school.id}/mentors"

    first, found = desk.get(page), desk.get(f"{page}?name=one")
    kept = desk.post(page, data={"person_id": str(mentor.id)})
    done = desk.post(page, data={"person_id": str(mentor.id), "from_on": "2026-01-01"})

    assert [offered(one) for one in (first, found)] == [["Ana Chair"], ["Mentor One"]]
    assert (kept.status_code, offered(kept)) == (422, ["Ana Chair", "Mentor One"])
    assert (done.status_code, [one.person_id for one in all_of(app, Mentoring)]) == (
        302,
        [mentor.id],
    )


def test_what_a_person_states_can_be_left_blank_again(app, sign_in):
    person = make.user(Role.REVIEWER)
    browser = sign_in(person)

    browser.post("/account/independence", data={"employer": "A", "locality": "B", "phone": "C"})
    browser.post("/account/independence", data={"employer": "", "locality": "B", "phone": ""})

    assert [(one.employer, one.locality, one.phone) for one in all_of(app, Background)] == [
        ("", "B", "")
    ]


# --- guests ----------------------------------------------------------------------------------


def test_a_guest_declares_reads_the_dossier_and_the_reviews_only_once_decided(app, sign_in):
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.recommended(make.scored(make.begun(application, assessor)))
    guest = make.user(Role.GUEST, guest_application_id=application.id, ends_at=NOW + 10 * DAY)
    browser = sign_in(guest)
    dossier = f"/reviews/{application.id}/guest"

    assert browser.get("/").location == "/visit"
    assert "Declare whether you have a conflict of interest" in text_of(browser.get("/visit"))
    assert browser.get(dossier).location == f"/reviews/{application.id}/declaration"
    declared = browser.post(f"/reviews/{application.id}/declaration", data={"grounds": "none"})
    assert declared.location == "/visit"
    before = text_of(browser.get(dossier))
    assert "in words of its own" in before
    assert make.REASON not in before
    make.ruled(review, decider)
    assert make.REASON in text_of(browser.get(dossier))
    for address in ("", "/criteria/A1", "/decision", "/people", "/guests"):
        assert browser.get(f"/reviews/{application.id}{address}").status_code == 403
    assert browser.get(f"/reviews/{make.handed_in().id}/guest").status_code == 404


def addresses_of(page):
    return [form.get("action") or "" for form in tree(page).iter("form")]


def test_a_guest_is_invited_and_ended_on_the_page_of_the_case(app, sign_in):
    application = make.handed_in()
    coordinator = coordinator_of(application)
    desk = sign_in(coordinator)
    page = f"/reviews/{application.id}/guests"
    assert "/declaration" in desk.get(page).text
    make.declared(application, coordinator)
    values = {
        "name": "Guest", "email": "guest@audit.example", "language": "en",
        "purpose": "A look from outside.", "ends_on": (NOW + 61 * DAY).date().isoformat(),
    }  # fmt: skip

    assert "at most 60 days" in text_of(desk.post(page, data=values))
    values["ends_on"] = (NOW + 10 * DAY).date().isoformat()
    assert desk.post(page, data=values).status_code == 302
    again = next(one for one in addresses_of(desk.get(page)) if one.endswith("/resend"))
    assert "We are sending a new link" in text_of(desk.post(again, follow_redirects=True))
    assert "Has not joined yet." in text_of(desk.get(page))

    with app.app_context(), unit_of_work():
        invitation = session.scalars(
            select(Invitation).where(
                Invitation.email == "guest@audit.example", Invitation.revoked_at.is_(None)
            )
        ).one()
        accounts.accept_invitation(invitation, name="Guest", password=make.PASSWORD, at=NOW)
    guest = next(one for one in all_of(app, User) if one.role is Role.GUEST)
    browser = sign_in(guest)
    assert browser.get("/visit").status_code == 200
    shown = desk.get(page)
    assert "Has not joined yet." not in text_of(shown)
    address = next(one for one in addresses_of(shown) if one.endswith("/end"))
    assert desk.post(address).status_code == 302
    assert "/sign-in" in browser.get("/visit").location


@pytest.mark.one_database("sqlite")
def test_more_guests_ask_the_database_no_more_often(app, sign_in):
    application = make.handed_in()
    coordinator = coordinator_of(application)
    page = f"/reviews/{application.id}/guests"
    desk = sign_in(coordinator)

    def invite(name: str, *, left: bool = False) -> None:
        guest = services.GuestInvitation(
            f"{name}@audit.example", name, "en", "A look.", NOW.date() + 9 * DAY
        )
        with app.app_context(), unit_of_work():
            case = session.get_one(Application, application.id)
            by = make.user(Role.COORDINATOR, group_id=case.group_id)
            make.declared(case, by)
            services.invite_guest(case, guest, by=by, at=NOW)
            if left:
                accounts.deactivate(by, by=coordinator, at=NOW)

    counts = []
    for number in range(3):
        invite(f"expected-{number}")
        invite(f"uninvited-{number}", left=True)
        counts.append(statements(app, lambda: desk.get(page)))

    assert len(set(counts)) == 1
    shown = text_of(desk.get(page))
    assert shown.count("Has not joined yet.") == 3
    assert shown.count("the invitation has ended. Invite this guest anew") == 3


def test_after_the_last_day_every_request_of_a_guest_is_refused_and_the_log_stays(app, sign_in):
    application = make.handed_in()
    guest = make.user(Role.GUEST, guest_application_id=application.id, ends_at=NOW + DAY)
    browser = sign_in(guest)
    browser.post(f"/reviews/{application.id}/declaration", data={"grounds": "none"})
    later = NOW + DAY

    with clock.at(later):
        for address in ("/visit", "/account", f"/reviews/{application.id}/guest"):
            assert "/sign-in" in (browser.get(address).location or "")
        answer = app.test_client().post(
            "/sign-in", data={"email": guest.email, "password": make.PASSWORD}
        )
    assert "Your guest access has ended." in text_of(answer)
    assert [one.user_id for one in all_of(app, Declaration) if one.user_id == guest.id] == [
        guest.id
    ]
