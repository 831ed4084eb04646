"""An appeal by its pages: the school, the secretariat, the panel; and who sees nothing of it."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.prepare.applications.rules import ApplicationOutcome as Decided
from cissapp.review.appeals import services
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.rules import AppealOutcome
from cissapp.review.independence.models import Mentoring
from cissapp.review.reviews.models import Decision
from tests import factories
from tests.client import main_text
from tests.factories import NOW
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("clock_of_next_day", "plain_files")

GROUNDS = "Page 4 of the policy names person and deputy with their duties and hours."
REASONS = "The page that the school names shows what the criterion asks for."
PEOPLE = ("head", "assessor", "secretariat", "first", "second", "coordinator", "stranger")


@factories.a_beginning()
@factories.in_one_unit
def major_gaps() -> tuple[User, ...]:
    """A decision of major gaps, and the people round it, in the order of `PEOPLE`."""
    application = factories.handed_in()
    assessor, decider = factories.reviewers(application)
    review = factories.scored(factories.begun(application, assessor), A1=0, A3=1)
    recommended = factories.recommended(review, recommendation=Decided.MAJOR_GAPS, level=None)
    factories.ruled(recommended, decider, outcome=Decided.MAJOR_GAPS, level=None)
    return (
        people_of_school(application.school_id)[0],
        session.get_one(User, assessor.id),
        factories.user(Role.SECRETARIAT),
        factories.user(Role.REVIEWER, group_id=factories.group().id),
        factories.user(Role.COORDINATOR, group_id=factories.group().id),
        factories.user(Role.COORDINATOR, group_id=application.group_id),
        factories.user(Role.COORDINATOR, group_id=factories.group().id),
    )


@pytest.fixture
def case(app) -> dict[str, User]:
    return dict(zip(PEOPLE, major_gaps(), strict=True))


def filed(browser, *criteria, grounds=GROUNDS, confirmed=True):
    data = {"criteria": list(criteria), "grounds": grounds}
    if confirmed:
        data["confirmed"] = "y"
    return browser.post("/school/application/appeal", data=data)


def appeal_id(app) -> str:
    with app.app_context(), unit_of_work():
        return str(session.scalars(select(Appeal.id)).one())


def test_what_was_typed_is_kept_when_something_is_missing(case, sign_in):
    head = sign_in(case["head"])

    answer = filed(head, "A1", confirmed=False)

    assert answer.status_code == 422
    assert GROUNDS in answer.get_data(as_text=True)


def test_the_form_offers_only_findings_below_the_target(case, sign_in):
    page = sign_in(case["head"]).get("/school/application/appeal").get_data(as_text=True)

    assert re.findall(r'name="criteria"[^>]*value="([A-C]\d+)"', page) == ["A1", "A3"]


def test_after_the_last_day_the_page_says_until_when(case, sign_in):
    with clock.at(NOW + timedelta(days=31)):
        page = main_text(sign_in(case["head"]).get("/school/application/appeal"))

    assert "The deadline to appeal was" in page
    assert "File the appeal" not in page


def test_the_letter_offers_no_appeal_after_the_last_day(app, case, sign_in):
    letter = "/school/application/decision"
    pages, costs = [], []
    for days in (30, 31):
        with clock.at(NOW + timedelta(days=days)):
            head = sign_in(case["head"])
            head.get(letter)
            with statements_sent(app) as seen:
                pages.append(main_text(head.get(letter)))
            costs.append(len(seen))

    assert costs[1] < costs[0]  # nothing is looked up for an appeal that is too late
    assert ["Appeal against the decision" in one for one in pages] == [True, False]
    assert ["See what to do next" in one for one in pages] == [True, True]


def test_a_new_draft_takes_neither_the_appeal_nor_its_page_away(case, sign_in):
    head, page = sign_in(case["head"]), "/school/application/appeal"
    head.post("/school/application/open")

    offered = main_text(head.get(page))
    answer = filed(head, "A1")
    shown = main_text(head.get(page))

    assert "File the appeal" in offered
    assert answer.status_code == 302
    assert GROUNDS in shown


def test_a_draft_after_a_refusal_leads_to_the_reasons(case, sign_in):
    head = sign_in(case["head"])
    head.post("/school/application/open")

    page = head.get("/school/application")

    assert "Your last application was not successful." in main_text(page)
    assert 'href="/school/application/decision"' in page.get_data(as_text=True)


def test_a_search_for_others_keeps_those_ticked(app, case, sign_in):
    filed(sign_in(case["head"]), "A1")
    with app.app_context(), unit_of_work():
        group_id = factories.group().id
        for number in range(30):
            factories.user(Role.REVIEWER, group_id=group_id, name=f"Panelist {number:02}")
    browser, address = sign_in(case["secretariat"]), f"/appeals/{appeal_id(app)}/panel"
    first = str(case["first"].id)

    page = browser.post(
        address, data={"members": [first], "name": "panelist 29", "search": "1"}
    ).get_data(as_text=True)

    offered = re.findall(r'<input[^>]*name="members"[^>]*>', page)
    assert "Panelist 29" in page
    assert "Panelist 01" not in page
    assert [first in one for one in offered if "checked" in one] == [True]
    assert len(offered) == 2


def test_the_first_page_of_the_panel_names_the_appeals_that_it_hears(app, case, sign_in):
    filed(sign_in(case["head"]), "A1")
    named = [str(case[one].id) for one in ("first", "second")]
    panel = f"/appeals/{appeal_id(app)}/panel"
    sign_in(case["secretariat"]).post(panel, data={"members": named})

    pages = [main_text(sign_in(case[one]).get("/reviews")) for one in ("first", "stranger")]

    assert ["Appeals you are hearing 1" in one for one in pages] == [True, False]


def test_the_pages_of_the_school_lead_to_its_appeal_and_say_until_when_it_is_heard(case, sign_in):
    head = sign_in(case["head"])
    letter, first = "/school/application/decision", "/school"
    before = [main_text(head.get(one)) for one in (letter, first)]
    filed(head, "A1")

    after = [main_text(head.get(one)) for one in (letter, first)]

    assert "Appeal against the decision" in before[0]
    assert "The panel decides by" not in before[1]
    assert "Appeal against the decision" not in after[0]
    assert "See what to do next Your appeal" in after[0]
    assert "Appeal filed The panel decides by 26 December 2026. Your appeal" in after[1]


def test_who_can_see_an_appeal_says_to_whom_its_findings_are_closed(app, case, sign_in):
    """Coordinators with a conflict, and members who left the panel, were said to read what they cannot open."""
    filed(sign_in(case["head"]), "A1")
    appeal, plain = appeal_id(app), case["coordinator"]
    tied = factories.user(Role.COORDINATOR, group_id=plain.group_id, name="Tilda")
    with app.app_context(), unit_of_work():
        row = session.get_one(Appeal, UUID(appeal))
        factories.declared(row.application, tied, "paid_by_school")
        members = [case["first"].id, case["second"].id]
        services.name_panel(row, members, by=case["secretariat"], at=NOW)
    sign_in(case["first"]).post(
        f"/appeals/{appeal}/leave", data={"reason": "I fell ill for some weeks."}
    )

    page = main_text(sign_in(plain).get(f"/who-can-see/appeal/{appeal}"))

    seen, office = page.partition("Who cannot open it")[0], "Coordinator of a national group"
    assert f"{plain.name} {office} sees the appeal, but not what the panel discusses" in seen
    assert f"{tied.name} {office} sees that there is an appeal, who hears it and how" in seen
    assert f"{case['second'].name} {office} hears the appeal" in seen
    assert case["first"].name not in seen
    assert "only after they have declared" in seen


def test_an_appeal_is_in_one_state_on_the_list_and_on_its_page(app, case, sign_in):
    filed(sign_in(case["head"]), "A1")
    browser, page = sign_in(case["secretariat"]), f"/appeals/{appeal_id(app)}"
    alone = [main_text(browser.get(one)) for one in ("/appeals", page)]
    named = [str(case[one].id) for one in ("first", "second")]
    browser.post(f"{page}/panel", data={"members": named})

    heard = [main_text(browser.get(one)) for one in ("/appeals", page)]

    assert ["No panel yet" in one for one in alone] == [True, True]
    assert ["With the panel" in one for one in heard] == [True, True]


def test_from_filing_to_the_certificate(app, case, sign_in):
    browsers = {name: sign_in(person) for name, person in case.items()}
    assert filed(browsers["head"], "A1", "A3").status_code == 302
    address = f"/appeals/{appeal_id(app)}"

    page = browsers["secretariat"].get(f"{address}/panel")
    assert "Is deciding or has decided on this case." in main_text(page)
    named = [str(case[one].id) for one in ("first", "second")]
    done = browsers["secretariat"].post(f"{address}/panel", data={"members": named})
    assert done.status_code == 302

    for name in ("first", "second"):
        hearing = browsers[name].get(f"{address}/hearing")
        assert hearing.location.endswith("/ties")
        browsers[name].post(f"{address}/ties", data={"grounds": ["none"]})
        assert GROUNDS in main_text(browsers[name].get(f"{address}/hearing"))

    wrong = browsers["first"].post(
        f"{address}/proposal",
        data={"outcome": "altered", "level": "1", "A1": "2", "reasons": REASONS},
    )
    assert wrong.status_code == 422
    assert REASONS in wrong.get_data(as_text=True)
    without_level = {"outcome": "altered", "A1": "2", "A3": "2", "reasons": REASONS}
    assert browsers["first"].post(f"{address}/proposal", data=without_level).status_code == 422
    right = browsers["first"].post(
        f"{address}/proposal",
        data={"outcome": "altered", "level": "1", "A1": "2", "A3": "2", "reasons": REASONS},
    )
    assert right.status_code == 302
    waiting = main_text(browsers["head"].get("/school/application/appeal"))
    assert REASONS not in waiting
    page = browsers["second"].get(f"{address}/hearing").get_data(as_text=True)
    vote = re.search(rf'action="({address}/proposals/[^"]+/vote)"', page)
    assert browsers["second"].post(vote.group(1), data={"agrees": "no"}).status_code == 422
    browsers["second"].post(vote.group(1), data={"agrees": "yes"})

    result = main_text(browsers["head"].get("/school/application/appeal"))
    assert "Your school is certified at level 1." in result
    assert REASONS in result
    heard = main_text(browsers["second"].get("/hearings"))
    assert "You are not hearing any appeals at the moment." in heard
    assert "Decided Lyceum" in heard


def test_before_the_ruling_the_group_learns_nothing_of_votes(app, case, sign_in):
    filed(sign_in(case["head"]), "A1", "A3")
    address = f"/appeals/{appeal_id(app)}"
    issuer = factories.issuer()
    with app.app_context(), unit_of_work():
        appeal = session.scalars(select(Appeal)).one()
        people = [session.get(type(case["first"]), case[one].id) for one in ("first", "second")]
        services.name_panel(appeal, [one.id for one in people], by=case["secretariat"], at=NOW)
        for one in people:
            services.declare(appeal, grounds=[], note="", answers={}, issuer=issuer, by=one, at=NOW)
        services.propose(
            appeal,
            services.ProposalInput(AppealOutcome.UPHELD, None, {}, REASONS),
            issuer=issuer,
            by=people[0],
            at=NOW,
        )

    page = sign_in(case["coordinator"]).get(address)

    assert page.status_code == 200
    assert REASONS not in page.get_data(as_text=True)
    assert GROUNDS not in page.get_data(as_text=True)


@pytest.mark.one_database("sqlite")
def test_what_was_found_is_shown_only_to_those_to_whom_the_case_is_open(app, case, sign_in):
    """A coordinator with a conflict of interest read which criteria had failed, and later the reasons."""
    filed(sign_in(case["head"]), "A1")
    address, desk = f"/appeals/{appeal_id(app)}", sign_in(case["coordinator"])
    issuer = factories.issuer()

    def seen() -> tuple[bool, bool]:
        page = main_text(desk.get(address))
        assert "Who hears the appeal" in page
        return "Findings appealed against" in page, REASONS in page

    assert seen() == (False, False)
    assert "/declaration" in desk.get(address).text
    with app.app_context(), unit_of_work():
        appeal = session.scalars(select(Appeal)).one()
        declared = factories.declared(appeal.application, case["coordinator"])
        people = [session.get(User, case[one].id) for one in ("first", "second")]
        services.name_panel(appeal, [one.id for one in people], by=case["secretariat"], at=NOW)
        for one in people:
            services.declare(appeal, grounds=[], note="", answers={}, issuer=issuer, by=one, at=NOW)
        given = services.ProposalInput(AppealOutcome.UPHELD, None, {}, REASONS)
        proposal = services.propose(appeal, given, issuer=issuer, by=people[0], at=NOW)
        services.vote(proposal, agrees=True, note="", issuer=issuer, by=people[1], at=NOW)
    assert seen() == (True, True)
    with app.app_context(), unit_of_work():
        session.merge(declared).grounds = ["paid_by_school"]
    assert seen() == (False, False)


@pytest.mark.one_database("sqlite")
def test_one_of_the_secretariat_who_mentored_the_school_names_the_panel_and_reads_no_findings(
    app, case, sign_in
):
    """The page on who can see it said so already, and the appeal showed what was found all the same."""
    filed(sign_in(case["head"]), "A1")
    address, tied = f"/appeals/{appeal_id(app)}", factories.user(Role.SECRETARIAT, name="Tilda")
    with app.app_context(), unit_of_work():
        once = {"from_on": NOW.date(), "entered_at": NOW, "entered_by_id": tied.id}
        session.add(Mentoring(school_id=case["head"].school_id, person_id=tied.id, **once))

    pages = [main_text(sign_in(one).get(address)) for one in (case["secretariat"], tied)]
    named = [str(case[one].id) for one in ("first", "second")]
    done = sign_in(tied).post(f"{address}/panel", data={"members": named})
    seen = main_text(sign_in(case["coordinator"]).get(f"/who-can-see/appeal/{appeal_id(app)}"))

    assert ["Findings appealed against" in one for one in pages] == [True, False]
    assert "You mentored or trained this school" in pages[1]
    assert ["Appoint the panel" in one for one in pages] == [True, True]
    assert done.location == address
    assert "Tilda Secretariat sees that there is an appeal, who hears it" in seen
    assert f"{case['secretariat'].name} Secretariat sees the appeal, but not what" in seen


@pytest.mark.parametrize("name", ["stranger", "assessor", "first"])
@pytest.mark.parametrize("what", ["", "/hearing", "/ties", "/proposal", "/panel"])
def test_who_has_nothing_to_do_with_it_finds_nothing(app, case, sign_in, name, what):
    filed(sign_in(case["head"]), "A1")

    answer = sign_in(case[name]).get(f"/appeals/{appeal_id(app)}{what}")

    assert answer.status_code in {403, 404}


def test_a_document_opens_for_the_panel_after_the_declaration_only(app, case, sign_in):
    filed(sign_in(case["head"]), "A1")
    with app.app_context(), unit_of_work():
        appeal = session.scalars(select(Appeal)).one()
        services.name_panel(
            appeal, [case["first"].id, case["second"].id], by=case["secretariat"], at=NOW
        )
        version = session.scalars(select(Decision)).one().review.submission.versions[0].version_id
    first = sign_in(case["first"])
    address = f"/appeals/{appeal_id(app)}"

    before = first.get(f"{address}/documents/{version}").status_code
    first.post(f"{address}/ties", data={"grounds": ["none"]})
    page = first.get(f"{address}/hearing").get_data(as_text=True)

    assert before == 404
    assert f"{address}/documents/{version}" in page


def heard(app, case, sign_in) -> str:
    """File an appeal, name its panel of two, and return its address."""
    filed(sign_in(case["head"]), "A1", "A3")
    address = f"/appeals/{appeal_id(app)}"
    named = [str(case[one].id) for one in ("first", "second")]
    sign_in(case["secretariat"]).post(f"{address}/panel", data={"members": named})
    return address


def test_a_member_who_falls_ill_leaves_the_panel_and_the_secretariat_reads_why(app, case, sign_in):
    address = heard(app, case, sign_in)
    first = sign_in(case["first"])
    offered = first.get(f"{address}/ties").text
    first.post(f"{address}/ties", data={"grounds": ["none"]})
    link = f'href="{address}/leave"'
    assert (link in offered, link in first.get(f"{address}/hearing").text) == (True, True)

    silent = first.post(f"{address}/leave", data={"reason": ""})
    done = first.post(f"{address}/leave", data={"reason": "I fell ill for some weeks."})

    assert (silent.status_code, done.location) == (422, f"{address}/hearing")
    page = main_text(first.get(f"{address}/hearing"))
    assert "The secretariat has been told and will appoint someone else." in page
    assert "handed over" not in page
    assert "You are not hearing any appeals" in main_text(first.get("/hearings"))
    pages = [main_text(sign_in(case[one]).get(address)) for one in ("secretariat", "coordinator")]
    assert ["I fell ill for some weeks." in one for one in pages] == [True, False]


def test_one_who_leaves_before_declaring_is_asked_no_more(app, case, sign_in):
    address = heard(app, case, sign_in)
    first = sign_in(case["first"])

    first.post(f"{address}/leave", data={"reason": "I fell ill for some weeks."})

    page = first.get(f"{address}/hearing")
    assert page.status_code == 200
    assert "First declare" not in main_text(page)


def test_who_declares_a_conflict_reads_that_another_takes_the_case_and_no_second_reason(
    app, case, sign_in
):
    address = heard(app, case, sign_in)
    first = sign_in(case["first"])

    first.post(f"{address}/ties", data={"grounds": ["paid_by_school"]})

    page = main_text(first.get(f"{address}/hearing"))
    assert "Another person will take this case." in page
    assert "handed over" not in page
    assert "I cannot continue with this case" not in page
    office = main_text(sign_in(case["secretariat"]).get(address))
    assert "Declared a conflict of interest with this school." in office


def test_a_member_barred_after_the_declaration_can_leave(app, case, sign_in):
    address = heard(app, case, sign_in)
    first = sign_in(case["first"])
    first.post(f"{address}/ties", data={"grounds": ["none"]})
    with app.app_context(), unit_of_work():
        head = session.get_one(User, case["head"].id)
        head.invited_by_id = case["first"].id

    page = first.get(f"{address}/hearing").text

    assert "You invited people from this school." in page
    assert f'href="{address}/leave"' in page
    assert "Thank you for telling us." not in page
