"""Pages of a visit, for the group and for the school."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.queries import people_of_school
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.services import take_role
from cissapp.review.visits import queries, services
from cissapp.review.visits.rules import VisitKind, criteria_to_observe
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree, words
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = timedelta(days=1)


class Case:
    """An application with its assessor, one more person of the group, and the head."""

    def __init__(self, app) -> None:
        self.app = app
        with app.app_context(), unit_of_work():
            application = make.handed_in()
            self.assessor, self.other = make.reviewers(application)
            take_role(application, self.assessor.id, CaseRole.REVIEWER, by=self.assessor, at=NOW)
            self.head = people_of_school(application.school_id)[0]
            self.id, self.group_id = application.id, application.group_id
        self.of_group = f"/reviews/{self.id}/visit"
        self.of_school = "/school/application/visit"

    def planned(self) -> None:
        with self.app.app_context(), unit_of_work():
            services.plan(
                queries.application(self.id),
                kind=VisitKind.VIDEO,
                dates=[NOW + 3 * DAY, NOW + 4 * DAY],
                by=session.merge(self.assessor),
                at=NOW,
            )

    def visit(self):
        with self.app.app_context():
            return queries.current_visit(self.id)


@pytest.fixture
def case(app) -> Case:
    return Case(app)


def set_outcome(app, case: Case, outcome: ApplicationOutcome | None) -> None:
    with app.app_context(), unit_of_work():
        application = queries.application(case.id)
        application.outcome = outcome
        application.state = ApplicationState.DECIDED if outcome else ApplicationState.SUBMITTED


def criteria(app) -> list[str]:
    with app.app_context():
        return [one.id for one in criteria_to_observe(content().standard.criteria)]


def marked(app, browser, case: Case) -> None:
    for one in criteria(app):
        data = {f"{one}-mark": "seen", f"{one}-note": "Two offices said so."}
        assert browser.post(f"{case.of_group}/checklist/{one}", data=data).status_code == 302


def signed(browser, case: Case):
    sha256 = browser.get(f"{case.of_group}/sign").text.split('class="code">')[1][:64]
    return browser.post(f"{case.of_group}/sign", data={"sha256": sha256, "confirmed": "y"})


def test_from_plan_to_signed_record(app, case, sign_in):
    assessor, head = sign_in(case.assessor), sign_in(case.head)
    data = {"kind": "video", "first": "2026-11-28T10:00", "second": "2026-11-30T12:30"}
    assert assessor.post(f"{case.of_group}/plan", data=data).location == case.of_group

    page = head.get(case.of_school).text
    assert "28 November 2026, 10:00 UTC+2" in page
    assert "Two parents" in page
    date = case.visit().dates[1]
    assert head.post(f"{case.of_school}/dates/{date.id}").location == case.of_school
    assert "30 November 2026, 12:30 UTC+2" in head.get(case.of_school).text
    for browser, address in ((head, case.of_school), (assessor, case.of_group)):
        file = browser.get(f"{address}.ics")
        assert (file.mimetype, b"DTSTART:20261130T103000Z" in file.data) == ("text/calendar", True)

    with clock.at(NOW + 6 * DAY):
        assessor, other = sign_in(case.assessor), sign_in(case.other)
        marked(app, assessor, case)
        assert signed(assessor, case).location == case.of_group
        assert signed(other, case).location == case.of_group
    record = case.visit().record
    assessor = sign_in(case.assessor)
    for address in (case.of_group, f"{case.of_group}/sign", f"{case.of_group}/checklist"):
        assert assessor.get(address).status_code == 200
    assert record.sha256 in assessor.get(case.of_group).text
    assert assessor.get(f"{case.of_group}/cancel").location == case.of_group


def test_a_record_is_not_offered_to_sign_before_the_visit(case, sign_in):
    case.planned()
    sign_in(case.head).post(f"{case.of_school}/dates/{case.visit().dates[0].id}")
    pages = (case.of_group, f"{case.of_group}/checklist")

    browser = sign_in(case.assessor)
    before = [browser.get(one).text for one in pages]
    with clock.at(NOW + 3 * DAY):
        browser = sign_in(case.assessor)
        after = [browser.get(one).text for one in pages]

    assert ["Read and sign the record" in one for one in (*before, *after)] == [
        False,
        False,
        True,
        True,
    ]


def test_the_dates_have_their_weekday_for_both_sides(case, sign_in):
    case.planned()

    pages = [sign_in(case.assessor).get(case.of_group), sign_in(case.head).get(case.of_school)]

    for page in pages:
        assert "Saturday, 28 November 2026" in page.text


def test_a_school_proposes_others(case, sign_in):
    case.planned()
    head, assessor = sign_in(case.head), sign_in(case.assessor)

    sent = head.post(f"{case.of_school}/dates", data={"first": "2026-12-05T09:00"})

    assert sent.location == case.of_school
    assert "5 December 2026, 09:00 UTC+2" in assessor.get(case.of_group).text
    date = next(one for one in case.visit().dates if one.by_school)
    assert assessor.post(f"{case.of_group}/dates/{date.id}").location == case.of_group
    assert case.visit().starts_at == date.starts_at


def test_nobody_chooses_a_date_that_was_given_up_or_has_passed(case, sign_in):
    case.planned()
    dates = {"first": "2026-11-27T10:00", "second": "2026-12-05T09:00"}
    with clock.at(NOW + DAY):
        sign_in(case.assessor).post(f"{case.of_group}/dates", data=dates)
        page = sign_in(case.head).get(case.of_school).text

    with clock.at(NOW + 5 * DAY):
        later = sign_in(case.head).get(case.of_school).text

    assert [day in page for day in ("Choose 28 November", "Choose 27 November")] == [False, True]
    assert "Friday, 27 November 2026" in later
    assert [day in later for day in ("Choose 27 November", "Choose 5 December")] == [False, True]


def test_the_case_says_where_its_visit_stands(case, sign_in):
    """The reviewer learned that dates wait for her only by opening the visit."""
    head, assessor = sign_in(case.head), sign_in(case.assessor)
    assessor.post(f"/reviews/{case.id}/declaration", data={"grounds": "none"})
    address = f"/reviews/{case.id}"
    case.planned()
    asked = assessor.get(address).text
    head.post(f"{case.of_school}/dates", data={"first": "2026-12-05T09:00"})

    proposed = assessor.get(address).text

    assert ("Dates proposed" in asked, "Proposed by the school" in asked) == (True, False)
    assert "Proposed by the school" in proposed


@pytest.fixture
def status_shown(case, sign_in):
    """Return what the page of the case says of its visit to a person who declared no conflict."""

    def read(person, at=NOW) -> str:
        with clock.at(at):
            browser = sign_in(person)
            browser.post(f"/reviews/{case.id}/declaration", data={"grounds": "none"})
            page = tree(browser.get(f"/reviews/{case.id}"))
        (link,) = page.iterfind(f".//main//a[@href='{case.of_group}']")
        _before, said = words(link.getparent()).split("Visit or interview ")
        return said.partition(" ")[2]  # without the sign of its colour

    return read


def test_a_closed_case_asks_for_no_work_on_its_visit(app, case, sign_in, status_shown):
    """A decided case warned of dates that nobody may agree on any more."""
    case.planned()
    sign_in(case.head).post(f"{case.of_school}/dates", data={"first": "2026-12-05T09:00"})
    open_ = status_shown(case.assessor)
    set_outcome(app, case, ApplicationOutcome.MAJOR_GAPS)

    assert (open_, status_shown(case.assessor)) == ("Proposed by the school", "Dates proposed")


def test_who_has_signed_is_not_told_to_sign_until_something_changes(
    app, case, sign_in, status_shown
):
    case.planned()
    sign_in(case.head).post(f"{case.of_school}/dates/{case.visit().dates[0].id}")
    later = NOW + 3 * DAY
    with clock.at(later):
        assessor = sign_in(case.assessor)
        marked(app, assessor, case)
        before = status_shown(case.assessor, later)
        signed(assessor, case)

    agreed, sign = "The date is agreed", "Read and sign the record"
    assert (before, status_shown(case.assessor, later)) == (sign, agreed)
    assert status_shown(case.other, later) == sign
    set_outcome(app, case, ApplicationOutcome.MAJOR_GAPS)
    assert status_shown(case.other, later) == agreed
    set_outcome(app, case, None)
    with clock.at(later + DAY):
        marked(app, sign_in(case.other), case)
    assert status_shown(case.assessor, later + DAY) == sign


def test_desk_only_is_called_what_it_is(app, case, status_shown):
    with app.app_context(), unit_of_work():
        services.plan(
            queries.application(case.id),
            kind=VisitKind.DESK_ONLY,
            reason="The road to the school is shelled, and power is cut off daily.",
            by=session.merge(case.assessor),
            at=NOW,
        )

    assert status_shown(case.assessor) == "No date: desk only"


def test_a_visit_costs_the_page_of_the_case_no_statement_more(app, case, sign_in):
    browser = sign_in(case.assessor)
    browser.post(f"/reviews/{case.id}/declaration", data={"grounds": "none"})
    costs = []
    for act in (lambda: None, case.planned):
        act()
        browser.get(f"/reviews/{case.id}")
        with statements_sent(app) as seen:
            browser.get(f"/reviews/{case.id}")
        costs.append((len(seen), sum("FROM visit" in one for one in seen)))

    assert costs == [(costs[0][0], 1)] * 2


def test_dates_in_the_past_are_refused_beside_the_field(case, sign_in):
    data = {"kind": "visit", "first": "2026-11-20T10:00"}

    page = sign_in(case.assessor).post(f"{case.of_group}/plan", data=data)

    assert page.status_code == 422
    assert "Propose dates in the future." in page.text
    assert "2026-11-20T10:00" in page.text


def test_an_item_is_saved_by_itself_also_without_a_page(app, case, sign_in):
    case.planned()
    browser, json = sign_in(case.assessor), {"Accept": "application/json"}
    address = f"{case.of_group}/checklist/A1"

    saved = browser.post(address, data={"A1-mark": "not_seen"}, headers=json)
    assert (saved.status_code, sorted(saved.json)) == (200, ["saved", "text"])
    long = browser.post(address, data={"A1-note": "x" * 1001}, headers=json)
    assert (long.status_code, list(long.json)) == (422, ["message"])
    page = browser.post(address, data={"A1-note": "x" * 1001})
    assert (page.status_code, "x" * 1001 in page.text) == (422, True)
    assert [(one.criterion_id, one.mark.value) for one in case.visit().items] == [
        ("A1", "not_seen")
    ]
    assert browser.get(f"{case.of_group}/checklist/A5").status_code == 404


def test_the_sheet_for_paper_lists_every_criterion(app, case, sign_in):
    case.planned()

    page = sign_in(case.assessor).get(f"{case.of_group}/checklist/print").text

    assert [one for one in criteria(app) if f"{one}\xa0· " not in page] == []


def test_nobody_signs_before_it_was_held(app, case, sign_in):
    case.planned()
    assessor = sign_in(case.assessor)
    marked(app, assessor, case)

    page = signed(assessor, case)

    assert page.status_code == 422
    assert "Sign once the visit or interview has taken place." in page.text


def test_calling_off_is_asked_once_and_names_what_ends(case, sign_in):
    browser, label = sign_in(case.assessor), "Call off the visit or interview"
    case.planned()

    page = browser.get(case.of_group).text
    asked = browser.get(f"{case.of_group}/cancel")

    assert (f'href="{case.of_group}/cancel"' in page, label in page) == (True, True)
    assert (asked.status_code, label in asked.text) == (200, True)
    assert case.visit() is not None


def test_what_is_missing_to_sign_leads_to_the_checklist(app, case, sign_in):
    case.planned()
    browser, link = sign_in(case.assessor), f'href="{case.of_group}/checklist"'

    missing = browser.get(f"{case.of_group}/sign").text
    refused = signed(browser, case).text
    marked(app, browser, case)
    complete = browser.get(f"{case.of_group}/sign").text

    assert [link in one for one in (missing, refused, complete)] == [True, True, False]


def test_calling_off_makes_room_for_another(case, sign_in):
    case.planned()
    browser = sign_in(case.assessor)

    assert browser.post(f"{case.of_group}/cancel").location == case.of_group
    assert case.visit() is None
    assert "Nothing is planned yet." in browser.get(case.of_group).text
    assert "No visit or interview is planned." in sign_in(case.head).get(case.of_school).text


def test_sides_keep_to_their_own_addresses(case, sign_in):
    case.planned()
    head, assessor = sign_in(case.head), sign_in(case.assessor)
    date = case.visit().dates[0].id

    for address in (case.of_group, f"{case.of_group}.ics"):
        assert head.get(address).status_code == 404
    assert head.get(f"{case.of_group}/plan").status_code == 403
    assert head.post(f"{case.of_group}/sign").status_code == 403
    assert assessor.get(case.of_school).status_code == 404
    assert assessor.post(f"{case.of_school}/dates/{date}").status_code == 403
    assert head.post(f"{case.of_school}/dates/{uuid4()}").status_code == 404


def test_foreign_and_tied_people_see_nothing(case, sign_in):
    case.planned()
    foreign = make.user(Role.REVIEWER)
    tied = make.user(Role.REVIEWER, group_id=case.group_id)
    with case.app.app_context(), unit_of_work():
        make.declared(queries.application(case.id), tied, "paid_by_school")
    silent = make.user(Role.COORDINATOR, group_id=case.group_id)

    assert sign_in(foreign).get(case.of_group).status_code == 404
    assert sign_in(tied).get(case.of_group).status_code == 404
    assert sign_in(silent).get(case.of_group).location == f"/reviews/{case.id}/declaration"
    assert sign_in(make.manager()).get(case.of_school).status_code == 404


def test_the_checklist_stays_light(case, sign_in):
    case.planned()

    page = sign_in(case.assessor).get(f"{case.of_group}/checklist")

    assert len(page.data) < 100_000


def test_the_first_page_of_a_school_says_that_a_date_waits_for_it(app, case, sign_in):
    """It said that there was nothing to do."""
    head = sign_in(case.head)
    nothing = "You have nothing to do until the national group answers."
    before = head.get("/school").text
    case.planned()
    asked = head.get("/school").text
    dates = {"first": "2026-11-29T10:00", "second": "2026-11-30T12:30"}
    head.post(f"{case.of_school}/dates", data=dates)

    after = head.get("/school").text

    assert ("Which date suits you?" in before, nothing in before) == (False, True)
    assert ("Which date suits you?" in asked, nothing in asked) == (True, False)
    assert ("Which date suits you?" in after, nothing in after) == (False, True)
