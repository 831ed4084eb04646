"""Who is found by a search."""

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import name_has_words
from cissapp.people.accounts.rules import Duty


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("іван", ["Іван Коваль"]),
        ("КОВАЛЬ ів", ["Іван Коваль"]),
        ("ștefan", ["Ștefan cel_Mare"]),
        ("l_m", ["Ștefan cel_Mare"]),
        ("l%m", []),
        ("a", ["Ana Rusu", "Ștefan cel_Mare"]),
        ("a " * 2_000, ["Ana Rusu", "Ștefan cel_Mare"]),
    ],
)
def test_a_person_is_found_by_words_of_the_name_in_small_letters_too(app, make, search, found):
    for name in ("Ana Rusu", "Іван Коваль", "Ștefan cel_Mare"):
        make.user(Role.REVIEWER, name=name)
    with app.app_context():
        query = select(User.name).where(User.role == Role.REVIEWER, *name_has_words(search))
        assert sorted(session.scalars(query)) == found


def test_the_people_of_a_school_come_by_pages_the_head_first(context, make, monkeypatch):
    monkeypatch.setattr(queries, "PEOPLE_AT_ONCE", 2)
    school = make.school()
    for duty in (Duty.DESIGNATED_PERSON, Duty.DEPUTY, Duty.DEPUTY, Duty.HEAD, Duty.DEPUTY):
        make.manager(school, duty=duty)
    make.manager(make.school())

    first = queries.people_page(school.id)
    second = queries.people_page(school.id, PagePlace(first.later))
    third = queries.people_page(school.id, PagePlace(second.later))

    found = [*first.rows, *second.rows, *third.rows]
    assert [one.duty for one in found] == [Duty.HEAD, *[Duty.DEPUTY] * 3, Duty.DESIGNATED_PERSON]
    assert len({one.id for one in found}) == len(found)
    assert (first.earlier, third.later) == ("", "")
    assert queries.people_page(school.id, PagePlace(third.earlier, back=True)).rows == second.rows


def test_people_of_one_name_always_stand_in_the_same_order(context, make):
    group = make.group()
    made = [make.user(Role.COORDINATOR, group_id=group.id, name="Іван Коваль") for _ in range(8)]

    found = queries.coordinators_of_group(group.id)

    assert [one.id for one in found] == sorted(one.id for one in made)
