"""Figures follow the calendar by themselves: daily work changes none of them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from cissapp.certify.certificates.services import refresh_standings
from cissapp.foundation.core import clock
from cissapp.people.schools.queries.tallies import tallies_of, totals_by_country
from cissapp.people.schools.rules import Figure
from tests.factories import NOW

DAYS = 90


def figures() -> dict[Figure, int]:
    """Return the figures of the one region, which are those of its country, without those that are zero."""
    found = {name: count for name, count in tallies_of("MD")["MD-OR"].items() if count}
    assert found == {name: count for name, count in totals_by_country()["MD"].items() if count}
    return found


@pytest.mark.both_databases
def test_figures_are_the_same_before_daily_work_and_after_it(context, make):
    """One certificate ended yesterday, one is valid for 90 days more, one for 91."""
    first, second = (
        make.certified(at=NOW),
        make.certified(at=NOW + timedelta(days=DAYS + 1), level=1),
    )
    make.certified(at=NOW + timedelta(days=DAYS + 2), level=1)
    day = first.valid_until_on + timedelta(days=1)
    assert (second.valid_until_on - day).days == DAYS
    at = datetime.combine(day, time(0, 30), UTC)

    with clock.at(at):
        before = figures()
        assert refresh_standings(at=at, expiring_days=DAYS) == 2
        after = figures()

    assert before == after
    assert before == {
        Figure.SCHOOLS: 3,
        Figure.REGISTERED: 3,
        Figure.LEVEL_1: 2,
        Figure.EXPIRING: 1,
        Figure.EXPIRED: 1,
    }
