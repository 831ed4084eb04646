"""What is done in the background, when it is tried again, and when it is given up."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_


class TaskKind(StrEnum):
    """What a task does; `cissapp/subscriptions.py` says who does it."""

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

# So long nobody else begins a task that somebody does; who died lets go of it then.
LEASE = timedelta(minutes=10)
# After each try in vain the next one comes so many minutes later; after the last there is none.
MINUTES_TO_NEXT = (1, 5, 15, 60, 240, 720, 1440)
MOST_TRIES = len(MINUTES_TO_NEXT) + 1
AT_ONCE = timedelta(0)
# A process that ends does what has begun and what was rung for, for so long; the rest waits for another one.
SECONDS_AT_THE_END = 60
ENDED_WITH_PROCESS = "The process ended in the middle of it."


class TaskFailed(Exception):
    """A task could not be done, for a reason that may be shown to the operator."""


class Again(Struct, frozen=True):
    """More is left of a task: it goes on so much later."""

    after: timedelta = AT_ONCE


def next_try(tries: int, at: datetime) -> datetime | None:
    """Return when to try again after so many tries in vain; None if that was the last."""
    if tries >= MOST_TRIES:
        return None
    return at + timedelta(minutes=MINUTES_TO_NEXT[tries - 1])
