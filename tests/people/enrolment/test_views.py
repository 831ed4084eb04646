"""Pages of enrolling, through the client."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment import queries, services
from cissapp.people.notices.models import Mail
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import NationalGroup, ProgrammeCountry, School, Tally
from cissapp.people.schools.queries.tallies import tallies_of
from cissapp.people.schools.rules import Figure, Progress, Standing
from tests.client import main_text, pages_of
from tests.factories import NOW, kept
from tests.pages import tree
from tests.statements import statements_sent

FACTS = {
    "region_code": "MD-OR",
    "code": "0077",
    "name": "Liceul Teoretic „Mihai Eminescu”",
    "locality": "Orhei",
    "language": "ro",
    "pupils": "412",
}


def texts(response, path):
    return [" ".join("".join(one.itertext()).split()) for one in tree(response).findall(path)]


def labels(response):
    return texts(response, ".//*[@class='task-label']")


def table_rows(response, caption):
    for table in tree(response).iter("table"):
        if "".join(table.find("caption").itertext()).strip() == caption:
            return [
                [" ".join("".join(cell.itertext()).split()) for cell in row]
                for row in table.find("tbody").iter("tr")
            ]
    return None


def rows_of(app, query):
    with app.app_context():
        return [tuple(row) for row in session.execute(query)]


def statements_of(app, browser, address):
    """How often a page asks the database."""
    with statements_sent(app) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def invitations(app):
    columns = (Invitation.email, Invitation.role, Invitation.duty, Invitation.revoked_at)
    found = rows_of(app, select(*columns))
    return sorted((*row[:3], row[3] is not None) for row in found)


@pytest.fixture
def coordinator(make):
    return make.user(Role.COORDINATOR)


@pytest.fixture
def school(make, coordinator):
    return make.school(group_id=coordinator.group_id, name="Gimnaziul Mic", code="0001")


def invited(school, **values):
    values = {
        "token_hash": "x" * 64,
        "email": "invited@school.example",
        "name": "Ana Rusu",
        "role": Role.SCHOOL_MANAGER,
        "duty": Duty.DEPUTY,
        "school_id": school.id,
        "country_code": school.country_code,
        "language": "ro",
        "invited_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        **values,
    }
    return kept(Invitation(**values))


# --- the register ----------------------------------------------------------------------------


def test_the_register_lists_the_schools_of_the_own_group(make, sign_in, coordinator, school):
    make.school(name="Of another group")
    make.school(
        group_id=coordinator.group_id,
        name="Școala Mare",
        region_code="MD-CU",
        progress=Progress.TRAINED,
    )
    browser = sign_in(coordinator)

    assert labels(browser.get("/schools")) == ["Gimnaziul Mic", "Școala Mare"]
    assert labels(browser.get("/schools?search=mic")) == ["Gimnaziul Mic"]
    assert labels(browser.get("/schools?region=MD-CU")) == ["Școala Mare"]
    assert labels(browser.get("/schools?progress=trained&region=MD-OR")) == []
    assert labels(browser.get("/schools?progress=x&region=%27&page=-3&search=%00")) == [
        "Gimnaziul Mic",
        "Școala Mare",
    ]


def test_what_else_may_be_done_with_schools_is_folded_above_the_list(sign_in, coordinator, school):
    main = tree(sign_in(coordinator).get("/schools")).find(".//main")

    inside = [one.get("href") for one in main.findall(".//details/ul/li/a")]
    everything = [one.get("href") for one in main.iter("a")]
    before = everything[: everything.index(f"/schools/{school.id}")]
    assert inside[:2] == ["/group/schools", "/upkeep"]
    assert len(inside) == 7
    assert [href for href in before if href not in inside] == [
        "/schools/new",
        "/schools/import",
        "/schools/requests",
    ]


def test_a_long_register_keeps_the_search_from_page_to_page(
    make, sign_in, coordinator, monkeypatch
):
    monkeypatch.setattr(schools, "PAGE_ROWS", 1)
    first, _second = [
        make.school(group_id=coordinator.group_id, name=name) for name in ("Liceul A", "Liceul B")
    ]

    page = sign_in(coordinator).get("/schools?search=liceul")

    links = [one.get("href") for one in tree(page).iter("a") if one.get("rel") == "next"]
    assert links == [f"/schools?search=liceul&after={first.id}"]
    assert labels(sign_in(coordinator).get(links[0])) == ["Liceul B"]


@pytest.mark.parametrize("language", ["en", "ro", "uk"])
def test_a_register_of_several_pages_opens_in_every_language_and_says_no_wrong_number(
    make, sign_in, monkeypatch, language
):
    monkeypatch.setattr(schools, "PAGE_ROWS", 1)
    person = make.user(Role.COORDINATOR, language=language)
    for name in ("Liceul A", "Liceul B"):
        make.school(group_id=person.group_id, name=name)

    page = sign_in(person).get("/schools")

    assert labels(page) == ["Liceul A"]
    assert "None" not in page.text


def test_the_register_asks_as_often_for_many_schools_as_for_one(app, make, sign_in, coordinator):
    make.school(group_id=coordinator.group_id)
    one = statements_of(app, sign_in(coordinator), "/schools")
    for _ in range(3):
        make.school(group_id=coordinator.group_id)

    assert statements_of(app, sign_in(coordinator), "/schools") == one


def test_the_staff_page_asks_as_often_for_many_people_as_for_one(app, make, sign_in):
    browser = sign_in(make.user())
    make.user(Role.REVIEWER)
    one = statements_of(app, browser, "/admin/people")
    for _ in range(3):
        make.user(Role.REVIEWER)

    assert statements_of(app, browser, "/admin/people") == one


@pytest.mark.both_databases
def test_pages_of_staff_follow_the_alphabet_of_any_script(app, make, monkeypatch):
    names = ["Sanda", "Șerban", "Zoe", "Андрій", "Єва", "Ірина", "Ярина"]
    monkeypatch.setattr(queries, "STAFF_AT_ONCE", 2)
    for name in reversed(names):
        make.user(Role.REVIEWER, name=name)
    with app.app_context():
        pages = [queries.staff_page()]
        while pages[-1].later:
            pages.append(queries.staff_page(place=PagePlace(pages[-1].later)))
        back = pages[-1:]
        while back[-1].earlier:
            back.append(queries.staff_page(place=PagePlace(back[-1].earlier, back=True)))

        for found in (pages, reversed(back)):
            assert [one.name for page in found for one in page.rows] == names


def test_a_reviewer_looks_at_the_register_and_changes_nothing(make, sign_in, coordinator, school):
    browser = sign_in(make.user(Role.REVIEWER, group_id=coordinator.group_id))

    assert labels(browser.get("/schools")) == ["Gimnaziul Mic"]
    assert b"Register a school" not in browser.get("/schools").data
    assert browser.get("/schools/new").status_code == 403
    assert browser.get(f"/schools/{school.id}").status_code == 200
    assert browser.get(f"/schools/{school.id}/edit").status_code == 403


def test_a_school_is_registered_and_counted(app, sign_in, coordinator):
    browser = sign_in(coordinator)

    response = browser.post("/schools/new", data=FACTS)

    made = rows_of(app, select(School.id, School.country_code, School.code, School.pupils))
    assert [row[1:] for row in made] == [("MD", "0077", 412)]
    assert response.location == f"/schools/{made[0][0]}"
    with app.app_context():
        assert tallies_of("MD")["MD-OR"][Figure.REGISTERED] == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"code": "0001"}, "A school with this code is already in the register."),
        ({"name": "   "}, "Enter the name of the school."),
        ({"region_code": "UA-30"}, "Choose the region."),
        ({"pupils": "20001"}, "Enter a whole number up to 20000."),
        ({"locality": "x" * 121}, "Field cannot be longer than 120 characters."),
    ],
)
@pytest.mark.usefixtures("school")
def test_a_wrong_fact_stands_at_its_field(app, sign_in, coordinator, changed, message):
    response = sign_in(coordinator).post("/schools/new", data={**FACTS, **changed})

    assert response.status_code == 422
    assert texts(response, ".//*[@class='errors']/ul/li") == [message]
    assert rows_of(app, select(School.code)) == [("0001",)]


def test_facts_are_changed(app, sign_in, coordinator, school):
    browser = sign_in(coordinator)
    form = browser.get(f"/schools/{school.id}/edit")
    assert 'value="Gimnaziul Mic"' in form.get_data(as_text=True)

    response = browser.post(f"/schools/{school.id}/edit", data={**FACTS, "region_code": "MD-CU"})

    assert response.location == f"/schools/{school.id}"
    assert rows_of(app, select(School.region_code, School.code)) == [("MD-CU", "0077")]


def test_a_school_of_another_group_is_not_there(make, sign_in, school):
    browser = sign_in(make.user(Role.COORDINATOR))

    for address in ("", "/edit", "/invitations/new"):
        assert browser.get(f"/schools/{school.id}{address}").status_code == 404


def test_the_page_of_a_school_tells_its_history_to_the_coordinator(app, make, sign_in, coordinator):
    browser = sign_in(coordinator)
    browser.post("/schools/new", data=FACTS)
    ((school_id,),) = rows_of(app, select(School.id))
    browser.post(
        f"/schools/{school_id}/invitations/new",
        data={"duty": "head", "name": "Ion Ceban", "email": "ion@school.example"},
    )

    page = browser.get(f"/schools/{school_id}")

    history = table_rows(page, "History of the school, newest first")
    assert [row[1:] for row in history] == [
        ["Person invited", coordinator.name],
        ["School added to the register", coordinator.name],
    ]
    waiting = table_rows(page, "Invitations waiting for an answer")
    assert [row[:3] for row in waiting] == [["Ion Ceban", "Head", "ion@school.example"]]
    reviewer = sign_in(make.user(Role.REVIEWER, group_id=coordinator.group_id))
    seen = reviewer.get(f"/schools/{school_id}")
    assert table_rows(seen, "History of the school, newest first") is None


def test_the_page_of_a_school_says_who_closes_the_account_of_someone_who_left(
    make, sign_in, coordinator, school
):
    make.manager(school)
    people = [coordinator, make.user(), make.user(Role.REVIEWER, group_id=coordinator.group_id)]

    pages = [main_text(sign_in(one).get(f"/schools/{school.id}")) for one in people]

    said = "When someone leaves the school, ask the secretariat to close their account."
    assert [said in one for one in pages] == [True, False, False]


def test_a_certified_school_shows_level_and_date(app, make, sign_in, coordinator):
    school = make.school(
        group_id=coordinator.group_id,
        progress=Progress.DECIDED,
        standing=Standing.VALID,
        level=2,
        valid_until_on=NOW.date() + timedelta(days=700),
    )

    page = sign_in(coordinator).get(f"/schools/{school.id}")

    shown = dict(zip(texts(page, ".//dl/div/dt"), texts(page, ".//dl/div/dd"), strict=False))
    assert (shown["Level"], shown["Valid until"], shown["Certificate"]) == (
        "2",
        "25 October 2028",
        "✓ Valid",
    )


# --- invitations -----------------------------------------------------------------------------


def test_the_coordinator_invites_a_head_by_mail(app, sign_in, coordinator, school):
    response = sign_in(coordinator).post(
        f"/schools/{school.id}/invitations/new",
        data={"duty": "head", "name": "Ion Ceban", "email": "Ion@School.example"},
    )

    assert response.location == f"/schools/{school.id}"
    assert invitations(app) == [("ion@school.example", Role.SCHOOL_MANAGER, Duty.HEAD, False)]
    assert rows_of(app, select(Mail.kind, Mail.to)) == [("invitation", "ion@school.example")]


def test_an_address_with_an_account_is_refused_at_its_field(
    app, make, sign_in, coordinator, school
):
    response = sign_in(coordinator).post(
        f"/schools/{school.id}/invitations/new",
        data={"duty": "head", "name": "Ion", "email": coordinator.email},
    )

    assert response.status_code == 422
    assert texts(response, ".//*[@class='errors']/ul/li") == [
        "There is already an account with this email address, and an account belongs to one place. For a second school, the person needs another work address."
    ]
    assert invitations(app) == []


def test_the_summary_names_errors_in_the_order_of_the_page(sign_in, coordinator, school):
    response = sign_in(coordinator).post(
        f"/schools/{school.id}/invitations/new", data={"duty": "", "name": "", "email": ""}
    )

    links = tree(response).findall(".//*[@class='errors']/ul/li/a")
    shown = [one.get("id") for one in tree(response).findall(".//form[@data-draft]//*[@id]")]
    fields = [one for one in shown if one in ("duty", "name", "email")]
    assert [one.get("href") for one in links] == [f"#{one}" for one in fields]
    assert fields == ["duty", "name", "email"]


def test_who_is_invited_to_another_duty_no_longer_has_the_earlier_invitation_and_that_is_said(
    app, sign_in, coordinator, school
):
    browser, address = sign_in(coordinator), f"/schools/{school.id}/invitations/new"
    data = {"name": "Ion", "email": "ion@school.example"}
    first = browser.post(address, data=data | {"duty": "head"}, follow_redirects=True)

    page = browser.post(
        address,
        data=data | {"duty": "deputy", "email": "Ion@School.example"},
        follow_redirects=True,
    )

    assert "no longer works" not in first.get_data(as_text=True)
    assert "The earlier one to this address (Head) no longer works." in page.get_data(as_text=True)
    assert {duty for _email, _role, duty, *_ in invitations(app)} == {Duty.HEAD, Duty.DEPUTY}


@pytest.mark.parametrize(
    ("duty", "open_duties"),
    [
        (Duty.HEAD, ["deputy", "designated_person"]),
        (Duty.DEPUTY, ["deputy", "designated_person"]),
        (Duty.DESIGNATED_PERSON, None),
    ],
)
def test_head_and_deputy_invite_those_at_their_side(app, make, sign_in, duty, open_duties):
    school = make.school()
    browser = sign_in(make.manager(school, duty=duty))
    page = browser.get("/school/people/new")

    offered = [one.get("value") for one in tree(page).findall(".//select[@id='duty']/option")]
    assert offered == (["", *open_duties] if open_duties else [])
    for address in ("/school/people/new", f"/schools/{school.id}/invitations/new"):
        for asked in ("head", "deputy"):
            browser.post(
                address, data={"duty": asked, "name": "A", "email": f"{asked}@school.example"}
            )
    sent = ("deputy@school.example", Role.SCHOOL_MANAGER, Duty.DEPUTY)
    assert invitations(app) == ([(*sent, False), (*sent, True)] if open_duties else [])


def test_the_people_page_shows_colleagues_and_invitations(make, sign_in, school):
    head = make.manager(school, name="Ion Ceban")
    make.manager(school, name="Maria Lupu", duty=Duty.DESIGNATED_PERSON)
    make.manager(name="Somebody elsewhere")
    invited(school)
    invited(school, token_hash="y", email="late@school.example", expires_at=NOW - timedelta(days=1))

    page = sign_in(head).get("/school/people")

    assert [row[:2] for row in table_rows(page, "People with an account")] == [
        ["Ion Ceban", "Head"],
        ["Maria Lupu", "Designated person for child protection"],
    ]
    assert [row[0:3] for row in table_rows(page, "Invitations waiting for an answer")] == [
        ["Ana Rusu", "Deputy head", "invited@school.example"],
        ["Ana Rusu", "Deputy head", "late@school.example"],
    ]
    assert "who asks the secretariat to close the account" in page.text


@pytest.mark.parametrize("invited", [False, True])
def test_a_school_without_a_head_reads_who_can_change_that(make, sign_in, school, invited):
    designated = make.manager(school, duty=Duty.DESIGNATED_PERSON)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    if invited:
        form = {"duty": "head", "email": "new@school.example", "name": "Ion"}
        sign_in(coordinator).post(f"/schools/{school.id}/invitations/new", data=form)

    own = main_text(sign_in(designated).get("/school/people"))
    of_group = main_text(sign_in(coordinator).get(f"/schools/{school.id}"))

    said = "The school has no head with an account"
    assert [said in page for page in (own, of_group)] == [not invited] * 2
    assert ("Only your national group can invite a new head" in own) is not invited
    assert ("Start a handover" in of_group) is not invited


def test_a_school_with_a_head_reads_nothing_of_that(make, sign_in, school):
    head = make.manager(school)

    assert "no head with an account" not in main_text(sign_in(head).get("/school/people"))


@pytest.mark.parametrize("by_whom", ["head", "coordinator"])
def test_the_people_of_a_large_school_have_a_next_page(
    make, sign_in, school, coordinator, monkeypatch, by_whom
):
    monkeypatch.setattr(accounts, "PEOPLE_AT_ONCE", 1)
    head = make.manager(school, name="Ion Ceban")
    make.manager(school, name="Maria Lupu", duty=Duty.DESIGNATED_PERSON)
    reader, address = {
        "head": (head, "/school/people"),
        "coordinator": (coordinator, f"/schools/{school.id}"),
    }[by_whom]

    pages = pages_of(sign_in(reader), address)

    # Whoever reads is named in the head of each page, outside of its main part.
    assert [("Ion Ceban" in page, "Maria Lupu" in page) for page in pages] == [
        (True, False),
        (False, True),
    ]


def test_who_is_not_of_a_school_has_no_people_page(sign_in, coordinator):
    assert sign_in(coordinator).get("/school/people").status_code == 404


def test_an_invitation_is_taken_back_or_sent_again(app, make, sign_in, coordinator, school):
    first = invited(school)
    browser = sign_in(coordinator)

    again = browser.post(f"/schools/{school.id}/invitations/{first.id}/resend")
    assert invitations(app) == [
        ("invited@school.example", Role.SCHOOL_MANAGER, Duty.DEPUTY, False),
        ("invited@school.example", Role.SCHOOL_MANAGER, Duty.DEPUTY, True),
    ]
    waiting = select(Invitation.id).where(Invitation.revoked_at.is_(None))
    ((second,),) = rows_of(app, waiting)
    back = browser.post(f"/schools/{school.id}/invitations/{second}/withdraw")

    assert again.location == back.location == f"/schools/{school.id}"
    assert rows_of(app, waiting) == []
    assert browser.post(f"/schools/{school.id}/invitations/{second}/withdraw").status_code == 404


def test_an_invitation_of_another_school_is_not_there(app, make, sign_in, coordinator, school):
    other = make.school(group_id=coordinator.group_id)
    theirs = invited(other)
    browser = sign_in(coordinator)

    assert browser.post(f"/schools/{school.id}/invitations/{theirs.id}/withdraw").status_code == 404
    assert [row[3] for row in invitations(app)] == [False]


def test_a_designated_person_takes_no_invitation_back(app, make, sign_in, school):
    mine = invited(school)
    browser = sign_in(make.manager(school, duty=Duty.DESIGNATED_PERSON))

    for action in ("withdraw", "resend"):
        response = browser.post(f"/schools/{school.id}/invitations/{mine.id}/{action}")
        assert response.status_code == 409
    assert [row[3] for row in invitations(app)] == [False]


def test_a_head_takes_an_invitation_back_and_sees_the_people_again(app, make, sign_in, school):
    mine = invited(school)
    browser = sign_in(make.manager(school))

    response = browser.post(f"/schools/{school.id}/invitations/{mine.id}/withdraw")

    assert response.location == "/school/people"
    assert [row[3] for row in invitations(app)] == [True]


# --- the programme ---------------------------------------------------------------------------


def test_accounts_of_a_large_programme_are_those_of_the_night_and_say_so(
    app, make, sign_in, monkeypatch
):
    make.school()
    browser = sign_in(make.user(Role.SECRETARIAT))
    monkeypatch.setattr("cissapp.people.schools.queries.kept_figures.LARGE_GROUP", 0)
    with app.app_context(), unit_of_work():
        assert services.keep_account_counts(at=NOW) == 1
    make.user(Role.SECRETARIAT)

    page = browser.get("/admin")

    assert texts(page, ".//*[@class='figure-number']") == ["1", "1", "1", "1", "0"]
    assert texts(page, ".//main/p[@class='small']") == [
        "Accounts and invitations were counted on 25 November 2026, 09:00 UTC. They are counted again every night."
    ]


def next_step(browser):
    card = tree(browser.get("/admin")).find(".//section[@class='card next']")
    return None if card is None else (card.find(".//h2").text, card.find(".//a").get("href"))


def test_the_secretariat_is_led_to_what_waits_for_a_second_person(sign_in, make, monkeypatch):
    browser = sign_in(make.user(Role.SECRETARIAT))
    make.user(Role.COORDINATOR)
    assert next_step(browser) is None

    monkeypatch.setattr("cissapp.people.handover.views.blueprint.queries.count_waiting", lambda: 2)

    expected = ("2 actions are waiting for a second person", "/admin/second-person")
    assert next_step(browser) == expected


def test_the_secretariat_sets_up_a_country_a_group_and_its_coordinator(app, make, sign_in):
    browser = sign_in(make.user(Role.SECRETARIAT))

    assert next_step(browser) == ("Add the first country", "/admin/countries/new")
    browser.post("/admin/countries/new", data={"code": "UA"})
    assert next_step(browser) == ("Create the national group for Ukraine", "/admin/groups/new")
    browser.post("/admin/groups/new", data={"name": "Stella", "country_codes": "UA"})
    ((group_id,),) = rows_of(app, select(NationalGroup.id))
    invite = f"/admin/people/new/coordinator?group={group_id}"
    assert next_step(browser) == ("Invite a coordinator of Stella", invite)
    form = browser.get(f"/admin/people/new/coordinator?group={group_id}")
    assert f'<option selected value="{group_id}">' in form.get_data(as_text=True)
    browser.post(
        "/admin/people/new/coordinator",
        data={
            "group_id": str(group_id),
            "name": "Oksana",
            "email": "oksana@group.example",
            "language": "uk",
        },
    )

    page = browser.get("/admin")
    assert next_step(browser) is None
    assert table_rows(page, "Countries in the programme") == [["Ukraine", "UA", "Stella"]]
    assert [row[:2] for row in table_rows(page, "Groups that register and review schools")] == [
        ["Stella", "UA"]
    ]
    assert texts(page, ".//*[@class='figure-number']") == ["1", "1", "0", "1", "1"]
    waiting = table_rows(browser.get("/admin/people"), "Invitations waiting for an answer")
    assert [row[:4] for row in waiting] == [
        ["Oksana", "Coordinator of a national group", "Stella", "oksana@group.example"]
    ]
    with app.app_context():
        kept = session.scalars(select(Tally.region_code).where(Tally.country_code == "UA"))
        assert set(kept) == set(app.extensions["ciss-content"].countries["UA"].top())


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ((Role.MINISTRY, {"country_code": "MD"}), ("MD", None)),
        ((Role.REGION_OFFICER, {"region_code": "MD-OR"}), ("MD", "MD-OR")),
        ((Role.SECRETARIAT, {}), (None, None)),
    ],
)
def test_each_role_is_invited_with_its_place(app, make, sign_in, case, expected):
    role, place = case
    make.country("MD")
    person = {"name": "Ana", "email": "ana@place.example", "language": "ro"}

    response = sign_in(make.user()).post(
        f"/admin/people/new/{role.value}", data={**person, **place}
    )

    assert response.location == "/admin/people"
    columns = (Invitation.role, Invitation.country_code, Invitation.region_code)
    assert rows_of(app, select(*columns)) == [(role, *expected)]


def test_a_school_manager_is_not_invited_here(make, sign_in):
    browser = sign_in(make.user())

    assert browser.get("/admin/people/new/school_manager").status_code == 404
    assert browser.get("/admin/people/new/nothing").status_code == 404


def test_a_country_stands_once_on_the_form(app, make, sign_in):
    make.country("MD")
    browser = sign_in(make.user())

    response = browser.post("/admin/countries/new", data={"code": "MD"})

    assert response.status_code == 422
    assert rows_of(app, select(ProgrammeCountry.code)) == [("MD",)]


def test_the_countries_of_a_group_are_changed(app, make, sign_in):
    group = make.group("MD", name="Wide")
    make.country("UA")
    browser = sign_in(make.user())
    page = browser.get(f"/admin/groups/{group.id}")
    ticked = [
        one.get("value") for one in tree(page).iter("input") if one.get("checked") is not None
    ]
    assert ticked == ["MD"]

    browser.post(f"/admin/groups/{group.id}", data={"country_codes": ["MD", "UA"]})
    empty = browser.post(f"/admin/groups/{group.id}", data={})

    assert empty.status_code == 422
    assert table_rows(browser.get("/admin"), "Countries in the programme") == [
        ["Moldova", "MD", "Wide"],
        ["Ukraine", "UA", "Wide"],
    ]


def test_an_account_is_closed_but_never_the_own(app, make, sign_in):
    me, other = make.user(), make.user(Role.MINISTRY, name="Leaving")
    browser, theirs = sign_in(me), sign_in(other)

    closed = browser.post(f"/admin/people/{other.id}/close")
    own = browser.post(f"/admin/people/{me.id}/close")
    again = browser.post(f"/admin/people/{other.id}/close")

    assert closed.location == "/admin/people"
    assert (own.status_code, again.status_code) == (422, 422)
    assert rows_of(app, select(User.name).where(User.deactivated_at.is_not(None))) == [("Leaving",)]
    assert theirs.get("/account").location == "/sign-in?next=/account"


def test_a_region_officer_gets_another_region_of_the_country_and_signs_in_again(app, make, sign_in):
    officer = make.user(Role.REGION_OFFICER, name="Ana", region_code="MD-OR")
    other, browser, theirs = make.user(), sign_in(make.user()), sign_in(officer)
    address = f"/admin/people/{officer.id}/region"

    refused = [browser.post(address, data={"region_code": code}) for code in ("UA-05", "MD-X", "")]
    moved = browser.post(address, data={"region_code": "MD-CU"})

    assert f'href="{address}"' in browser.get("/admin/people").text
    assert [one.status_code for one in refused] == [422, 422, 422]
    assert moved.location == "/admin/people"
    assert rows_of(app, select(User.region_code).where(User.id == officer.id)) == [("MD-CU",)]
    assert theirs.get("/account").location == "/sign-in?next=/account"
    officer.region_code = "MD-CU"  # else the row as it was before would be written with the session
    again = sign_in(officer)
    assert again.get("/oversight").location == "/oversight/MD/MD-CU"
    assert again.get("/oversight/MD/MD-OR").status_code == 404
    assert rows_of(app, select(AuditEntry.facts).where(AuditEntry.event == "role.changed")) == [
        ({"role": "region_officer", "old": "MD-OR", "new": "MD-CU"},)
    ]
    told = rows_of(app, select(Mail.to).where(Mail.kind == "act_notice").order_by(Mail.to))
    assert told == sorted((one.email,) for one in (officer, other))


def test_only_a_region_officer_with_an_open_account_has_a_region(app, make, sign_in):
    browser, ministry = sign_in(make.user()), make.user(Role.MINISTRY)
    closed = make.user(Role.REGION_OFFICER, deactivated_at=NOW, deactivated_by_id=ministry.id)
    new = {"region_code": "MD-CU"}

    assert browser.post(f"/admin/people/{ministry.id}/region", data=new).status_code == 404
    assert browser.post(f"/admin/people/{closed.id}/region", data=new).status_code == 422
    assert rows_of(app, select(User.region_code).where(User.id == closed.id)) == [("MD-OR",)]


def test_an_account_of_a_school_is_closed_from_the_schools_page(app, make, sign_in, school):
    head = make.manager(school, name="Ion Ceban")
    browser = sign_in(make.user())
    page = browser.get(f"/schools/{school.id}").get_data(as_text=True)
    (address,) = re.findall(r'href="(/admin/people/[^"]+/close)"', page)

    response = browser.post(address)

    assert response.location == f"/schools/{school.id}"
    assert rows_of(app, select(User.id).where(User.deactivated_at.is_not(None))) == [(head.id,)]


def test_staff_invitations_are_sent_again_and_taken_back(app, make, sign_in, school):
    staff = invited(
        school,
        role=Role.MINISTRY,
        duty=None,
        school_id=None,
        email="ministry@place.example",
    )
    theirs = invited(school, token_hash="z")
    browser = sign_in(make.user())

    browser.post(f"/admin/invitations/{staff.id}/resend")
    waiting = select(Invitation.id).where(
        Invitation.revoked_at.is_(None), Invitation.email == "ministry@place.example"
    )
    ((second,),) = rows_of(app, waiting)
    browser.post(f"/admin/invitations/{second}/withdraw")

    assert rows_of(app, waiting) == []
    assert browser.post(f"/admin/invitations/{theirs.id}/withdraw").status_code == 404


def test_staff_invitations_come_by_pages_of_their_own(make, sign_in, school, monkeypatch):
    monkeypatch.setattr(queries, "INVITATIONS_AT_ONCE", 2)
    for number in range(3):
        invited(
            school,
            role=Role.MINISTRY,
            duty=None,
            school_id=None,
            email=f"ministry{number}@place.example",
            token_hash=f"m{number}",
        )
    browser = sign_in(make.user())

    def addresses(page):
        return re.findall(r"ministry\d@place", page)

    first = browser.get("/admin/people").get_data(as_text=True)
    (later,) = re.findall(r'href="(/admin/people\?invited_after=[^"]+)"', first)
    second = browser.get(later).get_data(as_text=True)

    assert len(addresses(first)) == 2
    assert len(addresses(second)) == 1
    assert len({*addresses(first), *addresses(second)}) == 3


@pytest.mark.parametrize(
    "address",
    [
        "/admin",
        "/admin/people",
        "/admin/countries/new",
        "/admin/groups/new",
        "/admin/people/new/reviewer",
    ],
)
def test_the_programme_is_open_to_the_secretariat_only(make, sign_in, coordinator, address):
    assert sign_in(coordinator).get(address).status_code == 403
    assert sign_in(make.user()).get(address).status_code == 200


def test_every_change_is_recorded(app, make, sign_in, coordinator, school):
    browser = sign_in(coordinator)
    browser.post(f"/schools/{school.id}/edit", data=FACTS)
    browser.post(
        f"/schools/{school.id}/invitations/new",
        data={"duty": "head", "name": "Ion", "email": "ion@school.example"},
    )

    columns = (AuditEntry.event, AuditEntry.actor_id)
    rows = rows_of(
        app, select(*columns).where(AuditEntry.school_id == school.id).order_by(AuditEntry.id)
    )
    assert [(row[0].value, row[1]) for row in rows] == [
        ("school.changed", coordinator.id),
        ("person.invited", coordinator.id),
    ]


def test_a_name_that_is_taken_and_a_country_with_schools_are_refused(make, sign_in):
    group = make.group("MD", name="Wide")
    make.country("UA")
    make.school(group_id=group.id)
    browser = sign_in(make.user())

    taken = browser.post("/admin/groups/new", data={"name": "wide", "country_codes": "MD"})
    left = browser.post(f"/admin/groups/{group.id}", data={"country_codes": "UA"})

    assert [texts(page, ".//*[@class='errors']/ul/li") for page in (taken, left)] == [
        ["There is already a national group with this name."],
        ["The group has schools in MD, so it must still cover these countries."],
    ]


def test_a_code_that_another_school_has_is_refused_on_edit(make, sign_in, coordinator, school):
    other = make.school(group_id=coordinator.group_id)

    page = sign_in(coordinator).post(f"/schools/{other.id}/edit", data={**FACTS, "code": "0001"})

    assert (page.status_code, texts(page, ".//*[@class='errors']/ul/li")) == (
        422,
        ["A school with this code is already in the register."],
    )
