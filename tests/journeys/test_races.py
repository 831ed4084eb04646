"""Sixteen at once on the same thing: one wins, the others are told so, and the database stays whole."""

import pytest
from flask import Flask

from cissapp.foundation.audit.services import first_fault
from tests.journeys.racing import RACES, run

# How many acts of a round succeed at most, where that is one number.
WINNERS = {"decide": 1, "drill": 1, "sift": 1}


@pytest.mark.parametrize("kind", RACES)
def test_of_sixteen_at_once_the_database_stays_whole(app: Flask, kind: str):
    result = run(app, kind)

    assert result.broken == []
    assert result.faults == []
    assert result.won == WINNERS.get(kind, result.won)
    assert 0 < result.won < result.said.total()
    with app.app_context():
        assert first_fault() is None
