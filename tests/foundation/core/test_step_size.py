"""How many rows a step of long work takes."""

import pytest

from cissapp.foundation.core.bulk.step_size import (
    ALONE,
    BESIDE_OTHERS,
    StepLimits,
    StepSize,
    limits_here,
)

LIMITS = StepLimits(0.2, 50, 100, 500)


@pytest.mark.parametrize(
    ("rows", "seconds", "following"),
    [
        (100, 0.2, 100),
        (100, 0.125, 160),
        (100, 0.25, 80),
        (100, 60, 50),
        (100, 0, 200),  # at most twice as many
        (400, 0.5, 160),  # a part of an older release is longer than the step
    ],
)
def test_the_next_step_takes_as_many_rows_as_are_written_in_a_moment(rows, seconds, following):
    size = StepSize(LIMITS)

    size.learn(rows, seconds)

    assert size.rows == following


def test_a_step_grows_to_its_limit():
    size = StepSize(LIMITS)
    for _ in range(9):
        size.learn(size.rows, 0)

    assert size.rows == 500


@pytest.mark.both_databases
def test_a_step_is_larger_where_others_write_beside_it(app):
    with app.app_context():
        here = limits_here()

    expected = {"sqlite": ALONE, "postgresql": BESIDE_OTHERS}
    assert here is expected[app.config["CISS"].database_url.partition(":")[0].partition("+")[0]]
    assert ALONE.first < BESIDE_OTHERS.first


def test_only_a_step_that_began_is_learned_from(monkeypatch):
    size, learned = StepSize(LIMITS), []
    monkeypatch.setattr(StepSize, "learn", lambda _size, rows, _seconds: learned.append(rows))

    size.end()
    size.begin(7)
    size.end()
    size.end()

    assert learned == [7]
