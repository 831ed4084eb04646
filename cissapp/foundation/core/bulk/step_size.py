"""How many rows the next write of long work takes, learned from how long the last one kept others waiting."""

import time

from msgspec import Struct

# On SQLite a save waits for the whole of another write, and somebody who waits for longer notices.
HELD_SECONDS = 0.2
# A step has a cost of its own, whatever its rows: with 20 of them an undo took twice the CPU of one with 200.
FEWEST_ROWS, FIRST_ROWS, MOST_ROWS = 50, 100, 500


class StepSize(Struct):
    """How many rows the next step of a piece of work takes, and the step that is being written."""

    rows: int = FIRST_ROWS
    under_way: tuple[int, float] | None = None

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
        fitting = int(rows * HELD_SECONDS / max(seconds, 0.001))
        self.rows = max(FEWEST_ROWS, min(fitting, 2 * self.rows, MOST_ROWS))
