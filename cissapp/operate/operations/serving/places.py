"""Places for the requests that are handled at once, and a first-come, first-served queue for the others.

A request that would wait in vain is not queued. The wait is estimated from how fast the queue moves, so a
request that cannot be served is refused at once, and one that is queued nearly always gets its turn.
"""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

AT_ONCE, WAITING = 8, 64
# The longest expected wait with which a request is queued, and the longest actual wait, in seconds.
LONGEST_EXPECTED, PATIENCE = 3.0, 4.0
# Seconds without movement after which requests are assumed to hang; a busy disk causes shorter pauses.
STANDS_AFTER = 3.0
# The number of recent turns from which the speed of the queue is estimated.
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
        """Return how many requests wait."""
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
        """Pass the place to the request that has waited longest, or free it."""
        with self._lock:
            if not self._queue:
                self._free += 1
                return
            now = self._clock()
            self._turns += 1
            took = now - self._moved_at
            if self._turns <= AT_ONCE:
                # All current requests began about when the queue did: the first to end took as long as the others, which
                # end soon after. Until each of them has ended, a turn counts as its share of that time.
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
