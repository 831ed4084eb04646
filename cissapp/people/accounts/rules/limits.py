"""How often something may be tried or sent, and in what time."""

from datetime import timedelta

from msgspec import Struct

from cissapp.people.accounts.rules.sessions import RESET_LASTS


class AttemptLimit(Struct, frozen=True):
    """So many within so long. With `slides` each further one begins the time anew."""

    kind: str
    most: int
    within: timedelta
    slides: bool = False


_FIVE_MINUTES, _DAY = timedelta(minutes=5), timedelta(days=1)

SIGN_IN_OF_ACCOUNT = AttemptLimit("sign-in", 10, _FIVE_MINUTES, slides=True)
SIGN_IN_FROM_ADDRESS = AttemptLimit("sign-in from", 30, _FIVE_MINUTES)
# Of IPv6 an address is a neighbourhood (/64), and whoever rents a machine has 65,536 of them in one network (/48):
# without this limit 34 of them fill that of all; with it, it takes ten networks.
SIGN_IN_FROM_NETWORK = AttemptLimit("sign-in from network", 100, _FIVE_MINUTES)
SIGN_IN_IN_ALL = AttemptLimit("sign-in in all", 1000, _FIVE_MINUTES)
# Whoever comes by the link of a mail has tries that no stranger can use up.
SIGN_IN_BY_LINK = AttemptLimit("sign-in by link", 10, _FIVE_MINUTES)
# Whoever signs in from a browser in which they were signed in before has such tries, too.
SIGN_IN_FROM_DEVICE = AttemptLimit("sign-in from device", 10, _FIVE_MINUTES)
# Of a person who is signed in: whoever has the session shall not find the password too.
OWN_PASSWORD = AttemptLimit("own password", 10, timedelta(hours=1))
LINK_COUNTS_FOR = timedelta(minutes=15)
# As long as a link lasts: whoever may ask for no further one has one in the mailbox that works, also where a
# stranger has asked for it.
RESET_MAILS = AttemptLimit("reset mails", 2, RESET_LASTS)
INVITATIONS = AttemptLimit("invitations", 50, _DAY)
