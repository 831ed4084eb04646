"""Pages of the guides, through the client."""

import pytest

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.guide.phrases import GUIDES, guides_for
from cissapp.people.guide.rules import AUDIENCES
from cissapp.people.schools.rules import LetterheadText
from cissapp.people.schools.services.letterheads import save_letterhead
from tests.factories import NOW
from tests.pages import tree


def text_of(answer):
    page = tree(answer)
    return " ".join("".join(page.find("body").itertext()).split())


def titles(answer):
    page = tree(answer)
    return ["".join(one.itertext()).strip() for one in page.findall(".//*[@class='task-label']")]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("role", [*Role, None])
def test_a_guide_leads_only_where_its_readers_may_go(app, role):
    for audience in AUDIENCES[role]:
        for guide in GUIDES[audience]:
            if guide.page is None:
                continue
            access = app.view_functions[guide.page].access
            assert access is None or role in MATRIX[access], guide.id


def test_a_guide_names_rooms_that_exist(app):
    rooms = {room for guides in GUIDES.values() for guide in guides for room in guide.rooms}

    assert rooms - set(app.blueprints) == set()


def test_everybody_reads_the_guides_of_the_own_kind(client, make, sign_in):
    visitor = client.get("/guide")
    head = sign_in(make.user(Role.SCHOOL_MANAGER)).get("/guide")

    assert titles(visitor) == [
        guide.title for audience in AUDIENCES[None] for guide in GUIDES[audience]
    ]
    assert titles(head)[0] == "Your first day"
    assert client.get("/guide/review").status_code == 404


def test_the_page_one_comes_from_comes_first(make, sign_in):
    browser = sign_in(make.user(Role.SCHOOL_MANAGER))

    assert titles(browser.get("/guide?on=mechanism"))[0] == "Describe how to report at your school"
    assert titles(browser.get("/guide?on=<b>"))[0] == "Your first day"


@pytest.mark.both_databases
def test_the_people_of_a_school_read_how_to_reach_their_group(app, client, make, sign_in):
    group = make.group()
    school = make.school(group_id=group.id)
    browser = sign_in(make.user(Role.SCHOOL_MANAGER, school_id=school.id))

    unsaid = text_of(browser.get("/guide"))
    words = LetterheadText(address="strada Nouă 1\n ask@group.example \n@ask_us")
    with app.app_context(), unit_of_work():
        found = session.merge(group)
        save_letterhead(found, words, logo=None, store=files(), by=SYSTEM, at=NOW)
    said = browser.get("/guide/print")

    assert f"{group.name} has not given its contact details yet." in unsaid
    assert f"{group.name} strada Nouă 1 ask@group.example @ask_us" in text_of(said)
    assert 'href="mailto:ask@group.example"' in said.get_data(as_text=True)
    assert said.get_data(as_text=True).count("mailto:") == 1
    assert "Still have a question?" not in text_of(client.get("/guide"))


def test_a_search_without_a_hit_says_what_to_do(client):
    answer = client.get("/guide?q=zzzz")

    assert "No guide has all these words" in answer.get_data(as_text=True)
    assert titles(client.get("/guide?q=photo"))[0] == "Check a certificate"


def test_a_stranger_learns_how_a_school_joins(client, make, sign_in):
    address = "/guide/join"

    page = client.get(address).get_data(as_text=True)

    assert 'href="/join"' in page
    assert 'href="/join"' in client.get("/sign-in").get_data(as_text=True)
    assert sign_in(make.manager()).get(address).status_code == 404


@pytest.mark.parametrize(
    "role", [*(role for role in Role if role is not Role.GUEST), None], ids=str
)
def test_every_guide_opens_and_all_are_printed(client, make, sign_in, role):
    browser = sign_in(make.user(role)) if role else client
    guides = [guide for of_audience in guides_for(role).values() for guide in of_audience]

    assert {browser.get(f"/guide/{guide.id}").status_code for guide in guides} == {200}
    paper = browser.get("/guide/print").get_data(as_text=True)
    assert [guide.id for guide in guides if guide.steps[0].split("“")[0] not in paper] == []
