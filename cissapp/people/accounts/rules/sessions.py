"""How long sessions, invitations and links last, and when an account waits."""

from datetime import timedelta

from cissapp.foundation.core.roles import Role

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)

SCHOOL_IDLE, SCHOOL_ABSOLUTE = timedelta(hours=8), timedelta(hours=24)
STAFF_IDLE, STAFF_ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)

FAILURES_ALLOWED, FAILURES_WITHIN = 10, timedelta(minutes=5)


def idle_and_absolute(role: Role) -> tuple[timedelta, timedelta]:
    """Return after how long without use, and after how long at all, a session ends (ASVS 7.1.1)."""
    if role is Role.SCHOOL_MANAGER:
        return SCHOOL_IDLE, SCHOOL_ABSOLUTE
    return STAFF_IDLE, STAFF_ABSOLUTE
