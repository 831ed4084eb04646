"""Places for the requests that work at once, and a queue in which others wait: who came first is next.

Nobody begins to wait who would wait in vain. How long it will take is known from how fast the queue moves, so
whoever is sent away hears it at once, and whoever waits nearly always has a turn.
"""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

AT_ONCE, WAITING = 8, 64
# Who would wait for longer than the first, in seconds, does not begin to; and nobody waits for longer than the second.
LONGEST_EXPECTED, PATIENCE = 1.5, 2.0
# A queue that has not moved for so long, in seconds, may never move: what is asked hangs. A disk that is busy takes less.
STANDS_AFTER = 1.5
# How fast it moves is told by so many of the latest turns.
TURNS_REMEMBERED = 16


class Places:
    """The places of a process, and the queue before them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock, self._free = clock, Lock(), AT_ONCE
        self._queue: deque[Lock] = deque()
        self._moved_at, self._turns, self._between = 0.0, 0, 0.0

    @property
    def free(self) -> int:
        """Return how many places are free."""
        return self._free

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._queue)

    def enter(self) -> bool:
        """Take a place, waiting for one if need be; return whether there was one."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if not self._is_worth_waiting():
                return False
            turn = Lock()
            turn.acquire()
            self._queue.append(turn)
        if turn.acquire(timeout=PATIENCE):
            return True
        with self._lock:
            if turn not in self._queue:  # it came in the last moment
                return True
            self._queue.remove(turn)
        return False

    def leave(self) -> None:
        """Hand a place to whoever waits longest, or leave it free."""
        with self._lock:
            if not self._queue:
                self._free += 1
                return
            now = self._clock()
            self._turns += 1
            took = now - self._moved_at
            if self._turns <= AT_ONCE:
                # All who work began about when the queue did: the first to leave has taken as long as the others have,
                # and they follow at once. Until each left it is their share that tells.
                self._between += took / AT_ONCE
            else:
                self._between += (took - self._between) / min(self._turns, TURNS_REMEMBERED)
            self._moved_at = now
            self._queue.popleft().release()

    def _is_worth_waiting(self) -> bool:
        now = self._clock()
        if not self._queue:  # of a queue before nothing is known of this one
            self._moved_at, self._turns, self._between = now, 0, 0.0
        if len(self._queue) >= WAITING or now - self._moved_at > STANDS_AFTER:
            return False
        return (len(self._queue) + 1) * self._between <= LONGEST_EXPECTED
