"""Counters of rate limits that several processes share; while Redis is away, each process counts for itself."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from limits.storage import MemoryStorage, RedisStorage, Storage

from cissapp.foundation.core.engines.seldom import SeldomLog

T = TypeVar("T")

PREFIX = "ciss+"
TIMEOUT, AWAY_FOR = 0.5, 5.0

log = SeldomLog(logging.getLogger("ciss.limits"))


class SharedCounters(Storage):
    """Redis counters, replaced by the memory of this process while Redis does not answer: no page fails.

    After an error Redis is not tried again for some seconds, or every request would wait for it.
    """

    STORAGE_SCHEME = [f"{PREFIX}{name}" for name in ("redis", "rediss", "redis+unix")]

    def __init__(self, uri: str, **_options: Any) -> None:
        super().__init__(uri)
        self.shared = RedisStorage(
            uri.removeprefix(PREFIX), socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT
        )
        self.own = MemoryStorage()
        self.away_until = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors of Redis."""
        found: type[Exception] = self.shared.dependency.RedisError
        return found

    def _ask(self, ask: Callable[[Storage], T]) -> T:
        if time.monotonic() >= self.away_until:
            try:
                return ask(self.shared)
            except (self.base_exceptions, OSError) as error:
                self.away_until = time.monotonic() + AWAY_FOR
                log.warning(
                    "Redis does not answer; each process counts rate limits itself (%s)", error
                )
        return ask(self.own)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count up, and return the count."""
        return self._ask(lambda store: store.incr(key, expiry, amount=amount))

    def get(self, key: str) -> int:
        """Return a count."""
        return self._ask(lambda store: store.get(key))

    def get_expiry(self, key: str) -> float:
        """Return when a count ends, in seconds since 1970."""
        return self._ask(lambda store: store.get_expiry(key))

    def check(self) -> bool:
        """Return whether the counters can be used: always."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        return self._ask(lambda store: store.reset())

    def clear(self, key: str) -> None:
        """Forget a count."""
        self._ask(lambda store: store.clear(key))


def counters_at(url: str) -> str:
    """Return the address by which the limiter finds the counters of a setting."""
    return PREFIX + url if url.startswith("redis") else url
