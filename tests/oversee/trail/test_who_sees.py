"""Who can see a thing: the list says what the guard does when each person opens its pages."""

import re

import pytest
from sqlalchemy import select

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.oversee.trail.phrases.who_sees import NOT_SEEN, RIGHTS
from cissapp.oversee.trail.queries.who_sees import closed_applications, people_near, seen_thing
from cissapp.oversee.trail.rules.who_sees import SeenKind
from cissapp.oversee.trail.views.who_sees import ASKED_ON, rights_of
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.review.independence.services import enter_mentoring
from tests import factories as make
from tests.client import main_text
from tests.factories import NOW
from tests.pages import tree
from tests.world import world

# The page of a thing, for those who come from a group, for the school, for a guest, for a panel.
PAGES = {
    SeenKind.SCHOOL: ["/schools/{school_id}"],
    SeenKind.APPLICATION: [
        "/reviews/{application_id}",
        "/reviews/{application_id}/guest",
        "/appeals/{appeal_id}/hearing",
    ],
    # The file itself opens after a declaration, to those to whom the case is open, as the page of the visit does.
    SeenKind.DOCUMENT: ["/school/documents/{document_id}", "/reviews/{application_id}/visit"],
    SeenKind.CERTIFICATE: ["/certificates/{certificate_id}"],
    SeenKind.COMPLAINT: ["/complaints/cases/{complaint_id}", "/school/complaints/{complaint_id}"],
    SeenKind.APPEAL: ["/appeals/{appeal_id}", "/appeals/{appeal_id}/hearing"],
    SeenKind.VISIT: ["/reviews/{application_id}/visit"],
}
IDS = {SeenKind.VISIT: "application_id"}
DENIED = {403, 404}

# One world for the file; the walk of all routes asks PostgreSQL for the same pages.
pytestmark = pytest.mark.one_database("sqlite")


def key_of(kind: SeenKind) -> str:
    return IDS.get(kind, f"{kind.value}_id")


def test_the_list_names_just_those_whom_the_guard_lets_in(app, databases, sign_in):
    places = databases.kept(world)
    own = places["MD"].values
    people = {
        (country, role): person
        for country, place in places.items()
        for role, person in place.people.items()
    }
    browsers = {who: sign_in(person) for who, person in people.items()}
    wrong = []
    for kind, pages in PAGES.items():
        with app.app_context(), app.test_request_context():
            thing = seen_thing(kind.value, own[key_of(kind)])
            assert thing is not None
            near = people_near(thing)
            closed = closed_applications(thing, near, today=clock.today())
            listed = {one.id for one in near if rights_of(one, thing, closed=closed[one.id])}
        for who, person in people.items():
            statuses = [browsers[who].get(page.format(**own)).status_code for page in pages]
            opens = any(status not in DENIED for status in statuses)
            # The page says there that the contents are closed.
            if kind is SeenKind.APPLICATION and closed.get(person.id):
                opens = False
            # A school has pages of its own for its visit, and its certificate: the same right opens them.
            if kind is SeenKind.VISIT and who == ("MD", Role.SCHOOL_MANAGER):
                opens = True
            if opens != (person.id in listed):
                wrong.append((kind.value, who, statuses, person.id in listed))

    assert wrong == []


def test_a_coordinator_reads_who_sees_a_school_and_who_does_not(app, databases, sign_in):
    place = databases.kept(world)["MD"]
    coordinator, head = place.people[Role.COORDINATOR], place.people[Role.SCHOOL_MANAGER]

    answer = sign_in(coordinator).get(f"/who-can-see/school/{place.values['school_id']}")
    page = main_text(answer)

    assert f"{head.name} Head sees the school, its people and where it stands" in page
    assert NOT_SEEN[Role.MINISTRY] in page
    assert f"Mentors ({coordinator.name})" in page
    assert place.people[Role.MINISTRY].name not in page.partition("Who cannot")[0]
    assert f'href="/schools/{place.values["school_id"]}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("kind", SeenKind)
def test_of_another_group_nobody_learns_anything(app, databases, sign_in, kind):
    places = databases.kept(world)
    browser = sign_in(places["UA"].people[Role.COORDINATOR])
    key = "message_id" if kind is SeenKind.MESSAGE else key_of(kind)

    foreign = browser.get(f"/who-can-see/{kind.value}/{places['MD'].values[key]}")
    unknown = browser.get(f"/who-can-see/thing/{places['UA'].values['school_id']}")

    assert (foreign.status_code, unknown.status_code) == (404, 404)


def test_every_right_that_opens_a_thing_has_its_words(app, databases):
    place = databases.kept(world)["MD"]
    with app.app_context(), app.test_request_context():
        asked = set()
        for kind in SeenKind:
            if kind is SeenKind.MESSAGE:
                continue
            thing = seen_thing(kind.value, place.values[key_of(kind)])
            asked |= {app.view_functions[door.endpoint].access for door in thing.doors}
        people = session.scalars(select(User)).all()

    assert asked <= set(RIGHTS)
    assert set(RIGHTS) <= set(MATRIX)
    assert people
    assert all(re.search(r"\w", words) for words in RIGHTS.values())


def test_each_page_that_asks_who_sees_a_thing_is_one_of_the_doors_of_it(app, databases):
    place = databases.kept(world)["MD"]
    with app.app_context(), app.test_request_context():
        for kind, (endpoint, _key) in ASKED_ON.items():
            key = "message_id" if kind is SeenKind.MESSAGE else key_of(kind)
            thing = seen_thing(kind.value, place.values[key])
            assert endpoint in {door.endpoint for door in thing.doors}, kind


def test_a_person_to_whom_a_case_is_closed_is_not_said_to_open_it(app, sign_in):
    """A mentor, and somebody with a conflict of interest, were listed among those who can open the application."""
    application = make.handed_in()
    coordinator, plain, mentor, tied = (
        make.user(role, group_id=application.group_id, name=name)
        for role, name in (
            (Role.COORDINATOR, "Cora"),
            (Role.REVIEWER, "Paula"),
            (Role.REVIEWER, "Martha"),
            (Role.REVIEWER, "Theo"),
        )
    )
    make.declared(application, tied, "paid_by_school")
    with app.app_context(), unit_of_work():
        school = session.get_one(School, application.school_id)
        enter_mentoring(school, mentor.id, NOW.date(), None, by=coordinator, at=NOW)

    with clock.at(NOW):
        page = sign_in(coordinator).get(f"/who-can-see/application/{application.id}")

    listed = " ".join(tree(page).find(".//main//table").itertext())
    assert [one.name in listed for one in (coordinator, plain, mentor, tied)] == [
        True,
        True,
        False,
        False,
    ]
