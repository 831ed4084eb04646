"""How many rows the next write of long work takes, learned from how long the last one kept others waiting."""

import time

from msgspec import Struct

from cissapp.foundation.core.db import db

# Any step of a piece of work has at least so many rows, whatever the database.
FEWEST_ROWS = 50
MOST_ROWS = 1000


class StepLimits(Struct, frozen=True):
    """How many rows a step may take, how many the first takes, and for how many seconds it may hold others up."""

    held_seconds: float
    fewest: int
    first: int
    most: int


# On SQLite a save waits for the whole of another write, and somebody who waits for longer notices. A step has a
# cost of its own, whatever its rows: with 20 of them an undo took twice the CPU of one with 200.
ALONE = StepLimits(0.2, FEWEST_ROWS, 100, 500)
# On PostgreSQL only somebody who changes the same rows waits: another list, or a school that is counted elsewhere.
BESIDE_OTHERS = StepLimits(1.0, 200, 500, MOST_ROWS)


def limits_here() -> StepLimits:
    """Return the limits of a step in the database of this installation."""
    return ALONE if db.engine.dialect.name == "sqlite" else BESIDE_OTHERS


class StepSize:
    """How many rows the next step of a piece of work takes, and the step that is being written."""

    def __init__(self, limits: StepLimits, rows: int | None = None) -> None:
        self.limits = limits
        self.rows = rows or limits.first
        self.under_way: tuple[int, float] | None = None

    def restart(self) -> None:
        """Forget what was learned: another kind of step begins, which may take longer."""
        self.rows = self.limits.first

    def begin(self, rows: int) -> None:
        """Record that the write of so many rows begins, as soon as others have to wait for it."""
        self.under_way = rows, time.monotonic()

    def end(self) -> None:
        """Record that the write which began is committed, if one did, and size the next by it."""
        if self.under_way:
            rows, since = self.under_way
            self.learn(rows, time.monotonic() - since)
        self.under_way = None

    def learn(self, rows: int, seconds: float) -> None:
        """Size the next step by how long a write of so many rows took, in seconds.

        It shrinks at once and at most doubles: one slow commit costs a few small steps, not the waiting of others.
        """
        limits = self.limits
        fitting = int(rows * limits.held_seconds / max(seconds, 0.001))
        self.rows = max(limits.fewest, min(fitting, 2 * self.rows, limits.most))
