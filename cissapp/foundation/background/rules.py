"""The kinds of background tasks, when they are tried again, and when they are given up."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_


class TaskKind(StrEnum):
    """The kinds of tasks; `cissapp/subscriptions.py` says who handles each."""

    PUBLISH = "certificate.publish"
    MESSAGE_LOT = "message.lot"
    SCHOOL_LIST = "school_list.go_on"
    RESET_LINKS = "reset_links.mail"
    PAGE_PICTURES = "page_pictures.draw"


KIND_NAMES = {
    TaskKind.PUBLISH: N_("Sign and publish a certificate"),
    TaskKind.MESSAGE_LOT: N_("Send a message to schools"),
    TaskKind.SCHOOL_LIST: N_("Read, check or import a list of schools"),
    TaskKind.RESET_LINKS: N_("Email links for a new password"),
    TaskKind.PAGE_PICTURES: N_("Create the page images of documents"),
}

# How long a claimed task is left to the process working on it, which may have died.
LEASE = timedelta(minutes=10)
# The minutes to wait after each failed attempt; after the last there is no other.
MINUTES_TO_NEXT = (1, 5, 15, 60, 240, 720, 1440)
MOST_TRIES = len(MINUTES_TO_NEXT) + 1
AT_ONCE = timedelta(0)
# How long an ending process may finish what has begun and what was rung for; the rest is left.
SECONDS_AT_THE_END = 60
ENDED_WITH_PROCESS = "The process ended while the task was running."


class TaskFailed(Exception):
    """A task could not be done, for a reason that may be shown to the operator."""


class Again(Struct, frozen=True):
    """More of the task is left: it continues after this time."""

    after: timedelta = AT_ONCE


def next_try(tries: int, at: datetime) -> datetime | None:
    """Return when to try again after this many failed attempts, or None if that was the last."""
    if tries >= MOST_TRIES:
        return None
    return at + timedelta(minutes=MINUTES_TO_NEXT[tries - 1])
