"""Counters of rate limits while Redis is away."""

import logging
import socket

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from cissapp.foundation.web import limit_counters
from cissapp.foundation.web.limit_counters import SharedCounters, counters_at


@pytest.fixture
def closed_port():
    """A port at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def away(closed_port, monkeypatch):
    """Counters whose Redis is away; what was logged before is forgotten."""
    pytest.importorskip("redis", reason="no client of Redis (redis)")
    monkeypatch.setattr(limit_counters.log, "said", {})
    return SharedCounters(f"ciss+redis://127.0.0.1:{closed_port}/0")


def test_a_limit_holds_while_redis_is_away_and_this_is_logged_once(away, caplog):
    caplog.set_level(logging.WARNING, "ciss.limits")
    limiter, twice = FixedWindowRateLimiter(away), RateLimitItemPerMinute(2)

    taken = [limiter.hit(twice, "10.0.0.1") for _ in range(4)]

    assert taken == [True, True, False, False]
    assert limiter.get_window_stats(twice, "10.0.0.1").remaining == 0
    assert [record.name for record in caplog.records] == ["ciss.limits"]


def test_redis_is_not_asked_again_at_once(away, monkeypatch):
    asked = []
    monkeypatch.setattr(
        away.shared, "get", lambda key: asked.append(key) or (_ for _ in ()).throw(OSError("away"))
    )

    counts = [away.get("one"), away.get("one")]
    away.away_until = 0.0  # the seconds are over
    away.get("one")

    assert (counts, asked) == ([0, 0], ["one", "one"])


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("memory://", "memory://"),
        ("redis://host:6379/0", "ciss+redis://host:6379/0"),
        ("rediss://host:6379/0", "ciss+rediss://host:6379/0"),
    ],
)
def test_only_redis_has_a_second_place(setting, address):
    assert counters_at(setting) == address
