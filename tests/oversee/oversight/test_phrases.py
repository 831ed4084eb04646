"""Sentences of a brief: a share that is small is not none."""

import pytest

from cissapp.oversee.oversight.phrases import how_far


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("certified", "schools", "said"),
    [
        (0, 1194, "No school is certified."),
        (3, 1194, "0.2 % of all schools are certified."),
        (13, 1194, "1 % of all schools are certified."),
        (1193, 1194, "99 % of all schools are certified."),
        (1194, 1194, "Every school is certified."),
    ],
)
def test_how_many_of_all_schools_are_certified(app, certified, schools, said):
    with app.test_request_context():
        assert how_far(certified, schools, of_all=True) == said
