"""Services for background work: requested with a change, started after it, retried, given up."""

from cissapp.foundation.background.services.bell import (
    begin_serving,
    load_ahead,
    ring,
    ring_after_commit,
    work_until_told,
)
from cissapp.foundation.background.services.tasks import (
    do_soon,
    forget_given_up,
    run_at_once,
    run_due,
    settle,
    take_over,
    try_again,
)

__all__ = [
    "begin_serving",
    "do_soon",
    "forget_given_up",
    "load_ahead",
    "ring",
    "ring_after_commit",
    "run_at_once",
    "run_due",
    "settle",
    "take_over",
    "try_again",
    "work_until_told",
]
