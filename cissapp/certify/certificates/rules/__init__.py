"""How long a certificate lasts, what it is worth today, and how its number and code are formed."""

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.unicode import CODE_LETTERS, TYPED_AS, normalised
from cissapp.people.schools.rules import Standing


class RegisterEvent(StrEnum):
    """What can happen to a certificate; each is a row of the register that is never changed."""

    RESERVED = "reserved"
    VOIDED = "voided"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Status(StrEnum):
    """What a certificate is worth, computed from its dates and its register rows."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    UPCOMING = "upcoming"
    UNKNOWN = "unknown"


STATUSES_IN_FORCE = frozenset({Status.VALID, Status.EXPIRING})
# The standing of a school by the status of its newest certificate.
STANDINGS = {
    Status.VALID: Standing.VALID,
    Status.EXPIRING: Standing.EXPIRING,
    Status.EXPIRED: Standing.EXPIRED,
    Status.SUSPENDED: Standing.SUSPENDED,
    Status.WITHDRAWN: Standing.WITHDRAWN,
}

# The audit event for each register event.
TRAIL_EVENTS = {
    RegisterEvent.RESERVED: Event.CERTIFICATE_RESERVED,
    RegisterEvent.VOIDED: Event.CERTIFICATE_VOIDED,
    RegisterEvent.ISSUED: Event.CERTIFICATE_ISSUED,
    RegisterEvent.SUSPENDED: Event.CERTIFICATE_SUSPENDED,
    RegisterEvent.REINSTATED: Event.CERTIFICATE_REINSTATED,
    RegisterEvent.WITHDRAWN: Event.CERTIFICATE_WITHDRAWN,
    RegisterEvent.REPLACED: Event.CERTIFICATE_REPLACED,
}

# --- the machine -------------------------------------------------------------------------------

E = RegisterEvent
_IN_USE = frozenset({E.SUSPENDED, E.WITHDRAWN, E.REPLACED})
MAY_FOLLOW: dict[RegisterEvent | None, frozenset[RegisterEvent]] = {
    # Before there were reservations, a certificate began with its issue.
    None: frozenset({E.RESERVED, E.ISSUED}),
    E.RESERVED: frozenset({E.ISSUED, E.VOIDED}),
    E.VOIDED: frozenset(),
    E.ISSUED: _IN_USE,
    E.REINSTATED: _IN_USE,
    E.SUSPENDED: frozenset({E.REINSTATED, E.WITHDRAWN, E.REPLACED}),
    E.WITHDRAWN: frozenset(),
    E.REPLACED: frozenset(),
}


# After one of these events a certificate counts, whatever its dates; suspended, it can count again.
ALIVE = frozenset({E.ISSUED, E.SUSPENDED, E.REINSTATED})


def may_follow(events: Sequence[RegisterEvent], event: RegisterEvent) -> bool:
    """Return whether an event may follow the existing ones."""
    return event in MAY_FOLLOW[events[-1] if events else None]


def require_may_follow(events: Sequence[RegisterEvent], event: RegisterEvent) -> None:
    """Raise `Refused` if an event may not follow the existing ones."""
    if not may_follow(events, event):
        raise Refused(
            Problem("state", N_("Someone else changed this first. Here is how it stands now."))
        )


# --- dates -------------------------------------------------------------------------------------


def begins_on(before_until_on: date | None, today: date, opens_months: int) -> date:
    """Return the first day of a certificate decided today (programme rule: no day is lost).

    A renewal decided in the last `opens_months` of a certificate in force, which ends on `before_until_on`,
    begins on the following day; any other begins at once.
    """
    if before_until_on is None or today > before_until_on:
        return today
    renews = today >= months_after(before_until_on, -opens_months)
    return before_until_on + timedelta(days=1) if renews else today


def status_of(
    valid_from_on: date,
    valid_until_on: date,
    events: Sequence[RegisterEvent],
    today: date,
    expiring_days: int,
    *,
    issued_on: date | None = None,
    followed: bool = False,
) -> Status:
    """Compute the status of a certificate on a date.

    Decisions take precedence over the calendar. A certificate without its first row, or issued in the future,
    is unknown: something is wrong with the register or with the clock. `followed` means that the next one
    begins on the day after its last day and replaces it.
    """
    if not events or today < (issued_on or valid_from_on):
        return Status.UNKNOWN
    decided = {
        E.WITHDRAWN: Status.WITHDRAWN,
        E.REPLACED: Status.REPLACED,
        E.SUSPENDED: Status.SUSPENDED,
    }.get(events[-1])
    if decided is None and today < valid_from_on:
        return Status.UPCOMING
    if decided is None and followed and today > valid_until_on:
        return Status.REPLACED
    return decided or status_by_date(valid_until_on, today, expiring_days)


def status_by_date(valid_until_on: date, today: date, expiring_days: int) -> Status:
    """Compute the status by the calendar alone; the last day of the validity still counts."""
    if today > valid_until_on:
        return Status.EXPIRED
    soon = today + timedelta(days=expiring_days) >= valid_until_on
    return Status.EXPIRING if soon else Status.VALID


# --- number and code ---------------------------------------------------------------------------

RANDOM_MARKS = 19
CODE_MARKS = RANDOM_MARKS + 1
GROUP = 4
PRIME = 37


def format_number(country_code: str, year: int, sequence: int) -> str:
    """Write the number of a certificate, such as MD-2026-00042."""
    return f"{country_code}-{year}-{sequence:05}"


def check_character(marks: str) -> str | None:
    """Compute the check character of a code: a pure system of ISO 7064, modulus 37, radix 32.

    Every character has its own weight, so each single change and each swap of two is detected. Return None if
    the result is outside the alphabet; such a code is not used.
    """
    value = 0
    for mark in marks:
        value = (value + CODE_LETTERS.index(mark)) * len(CODE_LETTERS) % PRIME
    check = (1 - value) % PRIME
    return CODE_LETTERS[check] if check < len(CODE_LETTERS) else None


def new_code(draw: Callable[[str], str] = secrets.choice) -> str:
    """Draw an unguessable code of 95 bits with its check character."""
    while True:
        marks = "".join(draw(CODE_LETTERS) for _ in range(RANDOM_MARKS))
        check = check_character(marks)
        if check:
            return marks + check


def is_code(code: str) -> bool:
    """Check a code: length, characters, check character."""
    return (
        len(code) == CODE_MARKS
        and all(mark in CODE_LETTERS for mark in code)
        and check_character(code[:-1]) == code[-1]
    )


def in_groups(code: str) -> str:
    """Format a code for reading, in groups of four separated by dashes."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise_code(raw: str) -> str:
    """Normalise a code that was typed or pasted, or an address that ends in one.

    Case, spaces, dashes and look-alike letters do not matter. Characters that cannot be part of a code are
    kept, so that `is_code` refuses it.
    """
    text = normalised("NFKC", raw[:500]).rpartition("/verify/")[2]
    text = text.partition("#")[0].partition("?")[0].upper()
    kept = (
        mark
        for mark in text
        if not mark.isspace() and unicodedata.category(mark) not in {"Pd", "Cf"}
    )
    return "".join(kept).translate(TYPED_AS)
