"""Logs once a minute what would otherwise be logged with every request."""

import logging
import time
from collections.abc import Callable

MINUTE = 60.0


class SeldomLog:
    """A log that writes the same message at most once a minute, however often it occurs."""

    def __init__(self, log: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self.log, self.clock = log, clock
        self.said: dict[str, float] = {}

    def warning(self, message: str, *values: object) -> None:
        """Log a warning, unless the same was logged within the last minute."""
        now = self.clock()
        last = self.said.get(message)
        if last is None or now - last >= MINUTE:
            self.said[message] = now
            self.log.warning(message, *values)
