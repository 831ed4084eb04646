"""Who can see a thing: the list says what the guard does when each person opens its pages."""

import re

import pytest
from sqlalchemy import select

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.trail.phrases.who_sees import NOT_SEEN, RIGHTS
from cissapp.oversee.trail.queries.who_sees import people_near, seen_thing
from cissapp.oversee.trail.rules.who_sees import SeenKind
from cissapp.oversee.trail.views.who_sees import ASKED_ON, rights_of
from cissapp.people.accounts.models import User
from tests.client import main_text
from tests.world import world

# The page of a thing, for those who come from a group, for the school, for a guest, for a panel.
PAGES = {
    SeenKind.SCHOOL: ["/schools/{school_id}"],
    SeenKind.APPLICATION: [
        "/reviews/{application_id}",
        "/reviews/{application_id}/guest",
        "/appeals/{appeal_id}/hearing",
    ],
    # The file itself opens after a declaration; the guard asks for the application, as its page does.
    SeenKind.DOCUMENT: ["/school/documents/{document_id}", "/reviews/{application_id}"],
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
            listed = {person.id for person in people_near(thing) if rights_of(person, thing)}
        for who, person in people.items():
            statuses = [browsers[who].get(page.format(**own)).status_code for page in pages]
            opens = any(status not in DENIED for status in statuses)
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
