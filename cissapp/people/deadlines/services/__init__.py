"""Opens, meets, moves and reassigns deadlines, sends reminders of them, and creates calendar feeds."""

from cissapp.people.deadlines.services.deadlines import (
    ChangeLimits,
    change,
    change_limits,
    change_request,
    meet,
    open,  # noqa: A004 -- a deadline is opened; the built-in is not needed here
    reassign,
    side_of,
)
from cissapp.people.deadlines.services.feeds import close_feed, open_feed
from cissapp.people.deadlines.services.reminders import remind

__all__ = [
    "ChangeLimits",
    "change",
    "change_limits",
    "change_request",
    "close_feed",
    "meet",
    "open",
    "open_feed",
    "reassign",
    "remind",
    "side_of",
]
