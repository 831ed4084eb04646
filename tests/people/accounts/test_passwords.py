"""A hash costs a guesser much; only in these tests it costs nothing."""

from tests.hashing import SERIOUS


def test_a_hash_costs_what_owasp_asks_for():
    (hasher,) = SERIOUS

    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (19_456, 2, 1)
    assert hasher.hash("a quiet river").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
