"""Work batch by batch: each kept by itself, and one that fails stops none behind it."""

import time

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.core.bulk import long_work
from cissapp.foundation.core.bulk.long_work import (
    IN_A_ROW,
    TookTooLong,
    batches_of,
    drawn_batches,
    each_kept,
    each_tried,
    time_limit,
)
from cissapp.foundation.core.db import session
from cissapp.people.notices.models import BouncedAddress
from tests.factories import NOW

NAMES = [f"{name}@school.example" for name in "abcdefgh"]


def writing(broken, error=ValueError):
    """Return the work that writes each address, and fails after it wrote one of the broken ones."""

    def write(addresses):
        for one in addresses:
            session.add(BouncedAddress(address=one, reason="no", bounced_at=NOW))
            session.flush()
            if one in broken:
                raise error(one)
        return len(addresses)

    return write


def kept(app):
    with app.app_context():
        return sorted(session.scalars(select(BouncedAddress.address)))


def test_a_batch_that_fails_stops_none_behind_it_and_is_told_at_the_end(app):
    with app.app_context(), pytest.raises(ValueError, match=NAMES[2]) as raised:
        each_kept(batches_of(NAMES, 2), writing({NAMES[2], NAMES[5]}))

    assert raised.value.__notes__ == ["batches that failed: 2"]
    assert kept(app) == [*NAMES[:2], *NAMES[6:]]


def test_batches_in_a_drawn_order_leave_nobody_out(monkeypatch):
    class Dice:
        def shuffle(self, batches):
            batches.reverse()

    monkeypatch.setattr(long_work, "SystemRandom", Dice)

    assert drawn_batches(NAMES, 3) == [NAMES[6:], NAMES[3:6], NAMES[:3]]


def test_what_fails_leaves_no_transaction_that_has_failed(app):
    def read(statement):
        return session.scalar(text(statement))

    with app.app_context():
        with pytest.raises(DBAPIError, match="nothing_here") as raised:
            each_tried(["SELECT nothing_here", "SELECT 1"], read)
        assert raised.value.__notes__ == ["batches that failed: 1"]


def test_what_fails_again_and_again_is_given_up(app):
    with app.app_context(), pytest.raises(ValueError, match=NAMES[1]):
        each_kept(batches_of(NAMES, 1), writing(set(NAMES[1 : 1 + IN_A_ROW])))

    assert kept(app) == NAMES[:1]


def test_work_whose_time_is_over_ends_at_once(app):
    with app.app_context(), pytest.raises(TookTooLong):
        each_kept(batches_of(NAMES, 1), writing({NAMES[1]}, TookTooLong))

    assert kept(app) == NAMES[:1]


@pytest.mark.parametrize(("done", "has_more"), [(2, True), (len(NAMES) // 2, False)])
def test_no_batch_begins_when_the_time_is_over_and_it_is_told_that_some_are_left(
    app, done, has_more
):
    write = writing(set())

    with app.app_context(), time_limit(600) as granted:

        def work(addresses):
            if addresses[0] == NAMES[2 * (done - 1)]:
                granted.until = time.monotonic()
            return write(addresses)

        assert each_kept(batches_of(NAMES, 2), work) == 2 * done

    assert kept(app) == NAMES[: 2 * done]
    assert granted.has_more is has_more
