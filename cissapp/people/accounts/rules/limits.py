"""How often something may be tried or sent, and in what time."""

from datetime import timedelta

from msgspec import Struct

from cissapp.people.accounts.rules.sessions import RESET_LASTS


class AttemptLimit(Struct, frozen=True):
    """At most `most` attempts within a time. With `slides`, each further one restarts that time."""

    kind: str
    most: int
    within: timedelta
    slides: bool = False


_FIVE_MINUTES, _DAY = timedelta(minutes=5), timedelta(days=1)

SIGN_IN_OF_ACCOUNT = AttemptLimit("sign-in", 10, _FIVE_MINUTES, slides=True)
SIGN_IN_FROM_ADDRESS = AttemptLimit("sign-in from", 30, _FIVE_MINUTES)
# An IPv6 address is counted as a /64, and anyone who rents a server has 65,536 of them in one network (/48):
# without this limit, 34 of them reach the limit for all; with it, that takes ten networks.
SIGN_IN_FROM_NETWORK = AttemptLimit("sign-in from network", 100, _FIVE_MINUTES)
SIGN_IN_IN_ALL = AttemptLimit("sign-in in all", 1000, _FIVE_MINUTES)
# People who come by a mailed link have attempts that no stranger can use up.
SIGN_IN_BY_LINK = AttemptLimit("sign-in by link", 10, _FIVE_MINUTES)
# So have people who sign in from a browser in which they were signed in before.
SIGN_IN_FROM_DEVICE = AttemptLimit("sign-in from device", 10, _FIVE_MINUTES)
# For people who are signed in: somebody who takes over a session must not guess the password too.
OWN_PASSWORD = AttemptLimit("own password", 10, timedelta(hours=1))
LINK_COUNTS_FOR = timedelta(minutes=15)
# As long as a link lasts: anyone who is refused another one has a working link in the mailbox, even if a
# stranger asked for it.
RESET_MAILS = AttemptLimit("reset mails", 2, RESET_LASTS)
# Each is an email to others, and an address may be a stranger's.
NEW_NAMES = AttemptLimit("new names", 5, _DAY)
NEW_ADDRESSES = AttemptLimit("new addresses", 5, _DAY)
# What a school tells its group of its plans: an email to each coordinator.
LEAVING = AttemptLimit("leaving", 3, _DAY)
ADDRESS_LINK_LASTS = _DAY
# Until then the old address can be restored: long enough for a holiday, too short for whoever gets the mailbox next.
FORMER_ADDRESS_LASTS = timedelta(days=7)
INVITATIONS = AttemptLimit("invitations", 50, _DAY)
