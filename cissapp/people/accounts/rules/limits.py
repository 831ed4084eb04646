"""How often something may be tried or sent, and in what time."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class AttemptLimit:
    """So many within so long. With `slides` each further one begins the time anew."""

    kind: str
    most: int
    within: timedelta
    slides: bool = False


_FIVE_MINUTES, _DAY = timedelta(minutes=5), timedelta(days=1)

SIGN_IN_OF_ACCOUNT = AttemptLimit("sign-in", 10, _FIVE_MINUTES, slides=True)
SIGN_IN_FROM_ADDRESS = AttemptLimit("sign-in from", 30, _FIVE_MINUTES)
SIGN_IN_IN_ALL = AttemptLimit("sign-in in all", 1000, _FIVE_MINUTES)
# Whoever comes by the link of a mail has tries that no stranger can use up.
SIGN_IN_BY_LINK = AttemptLimit("sign-in by link", 10, _FIVE_MINUTES)
LINK_COUNTS_FOR = timedelta(minutes=15)
RESET_MAILS = AttemptLimit("reset mails", 5, _DAY)
INVITATIONS = AttemptLimit("invitations", 50, _DAY)
