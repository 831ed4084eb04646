"""An unavailable service: it is left alone for some seconds, so that not every request waits for it."""

import time
from collections.abc import Callable
from threading import Lock


class Outage:
    """Whether a service answers, shared by the threads of a process; while it does not, one asks for all."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self.clock = seconds, clock
        self._until: float | None = None
        self._lock = Lock()

    def may_ask(self) -> bool:
        """Return whether to ask: always while it answers, otherwise one caller every few seconds."""
        with self._lock:
            now = self.clock()
            if self._until is None:
                return True
            if now < self._until:
                return False
            self._until = now + self.seconds
            return True

    def begin(self) -> None:
        """Note that it did not answer."""
        with self._lock:
            self._until = self.clock() + self.seconds

    def end(self) -> None:
        """Note that it answers."""
        with self._lock:
            self._until = None
