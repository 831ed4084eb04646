"""A hash costs a guesser much; only in these tests it costs nothing."""

import pytest

from cissapp.people.accounts.services import passwords
from tests.hashing import SERIOUS


def test_a_hash_costs_what_owasp_asks_for():
    (hasher,) = SERIOUS

    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (19_456, 2, 1)
    assert hasher.hash("a quiet river").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.one_database("sqlite")
def test_the_password_of_a_test_costs_nothing(app, make):
    assert passwords.hash_anew(make.user().password_hash, make.PASSWORD) is None
