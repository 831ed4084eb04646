"""How a channel is reached: its medium, and the hours in which it is checked."""

import re
from datetime import time
from typing import Protocol

from cissapp.prepare.mechanism.rules.channel_kinds import ChannelKind, ChannelMedium

MAIL_ADDRESS = re.compile(r"[^@\s,;<>\"']{1,64}@[^@\s,;<>\"']{1,190}\.[^@\s,;<>\"'.]{2,}")

CLOCK_TYPED = re.compile(r"(\d{1,2})(?:[:.,\- ](\d\d))?")


class ReachableChannel(Protocol):
    """The fields that these rules need of a channel."""

    kind: ChannelKind
    contact: str
    medium: ChannelMedium | None
    opens: str | None
    closes: str | None


def is_mail_address(contact: str) -> bool:
    """Check whether a contact is one e-mail address and nothing else."""
    return bool(MAIL_ADDRESS.fullmatch(contact))


USUAL_MEDIUM = {
    ChannelKind.IN_PERSON: ChannelMedium.CONVERSATION,
    ChannelKind.WRITTEN: ChannelMedium.BOX,
    ChannelKind.DIGITAL: ChannelMedium.FORM,
    ChannelKind.OUTSIDE: ChannelMedium.PHONE,
}


def medium_of(way: ReachableChannel) -> ChannelMedium:
    """Return what carries a report: what the school chose, else what its kind and its contact suggest.

    A way is e-mail only where its contact is one address and nothing else.
    """
    if way.medium is ChannelMedium.MAIL and not is_mail_address(way.contact):
        return USUAL_MEDIUM[way.kind]
    if way.medium is None and way.kind is ChannelKind.DIGITAL and is_mail_address(way.contact):
        return ChannelMedium.MAIL
    return way.medium or USUAL_MEDIUM[way.kind]


def clock_text(typed: str | None) -> str | None:
    """Write a time of day as HH:MM, as in "7:00", "8.30" or "7"; return any other text as it is."""
    found = CLOCK_TYPED.fullmatch((typed or "").strip())
    return f"{found[1]:0>2}:{found[2] or '00'}" if found else typed


class OpeningHours(Protocol):
    """The fields that these rules need of something with opening hours."""

    opens: str | None
    closes: str | None


def hours_of(way: OpeningHours) -> tuple[time, time] | None:
    """Return the hours of a channel on working days; None, if it names none."""
    if way.opens is None or way.closes is None:
        return None
    return time.fromisoformat(way.opens), time.fromisoformat(way.closes)
