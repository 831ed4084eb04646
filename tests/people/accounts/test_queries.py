"""Who is found by a search."""

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import name_has_words


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
