"""Counts requests for the operator's monitoring, and writes figures in the Prometheus format.

The library is imported on the first request, so that a server of several processes can first set where they
share their counts. No label names a person, a school or an address.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from cissapp.foundation.core.installation.figures import Measure

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SAFE = {"GET", "HEAD", "OPTIONS"}


class _Counters:
    """The counters of this process; with several processes each writes into files that all of them read."""

    def __init__(self) -> None:
        from prometheus_client import (  # noqa: PLC0415 -- see above
            CollectorRegistry,
            Counter,
            Histogram,
            disable_created_metrics,
        )

        disable_created_metrics()  # type: ignore[no-untyped-call] # when a count began: a line more for each

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ciss_requests",
            "Requests by route and kind of answer.",
            ["route", "status"],
            registry=self.registry,
        )
        self.seconds = Counter(
            "ciss_request_seconds",
            "Seconds spent on requests, by route.",
            ["route"],
            registry=self.registry,
        )
        self.durations = Histogram(
            "ciss_request_duration_seconds",
            "How long requests took: those that read, and those that write.",
            ["kind"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.faults = Counter(
            "ciss_faults",
            "Pages of faults, whose reference the log has.",
            ["status"],
            registry=self.registry,
        )


@cache
def _counters() -> _Counters:
    return _Counters()


@cache
def _of_route(route: str, status: int) -> tuple[Any, Any]:
    """Return the counters of a route and status class, cached because the library finds them slowly."""
    counters = _counters()
    return (counters.requests.labels(route, f"{status}xx"), counters.seconds.labels(route))


@cache
def _of_kind(kind: str) -> Any:
    return _counters().durations.labels(kind)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answered request."""
    requests, spent = _of_route(route, status // 100)
    requests.inc()
    spent.inc(seconds)
    _of_kind("read" if method in SAFE else "write").observe(seconds)


def count_fault(status: int) -> None:
    """Count a page of a fault."""
    _counters().faults.labels(str(status)).inc()


def written(measures: Iterable[Measure]) -> str:
    """Write the counts of all processes and these figures as text for Prometheus."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 -- see above
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 -- see above
    from prometheus_client.values import MutexValue, ValueClass  # noqa: PLC0415 -- see above

    counted = _counters().registry
    if ValueClass is not MutexValue:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    computed = CollectorRegistry()
    computed.register(_Computed(measures))
    return (generate_latest(counted) + generate_latest(computed)).decode()


class _Computed:
    """Computed figures, as the library wants to be handed them."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._measures = list(measures)

    def collect(self) -> Iterator[Any]:
        """List the figures, those of one name together."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 -- see above

        families: dict[str, Any] = {}
        for one in self._measures:
            family = families.setdefault(
                one.name, GaugeMetricFamily(one.name, one.about, labels=list(one.labels))
            )
            family.add_metric(list(one.labels.values()), one.value)
        yield from families.values()
