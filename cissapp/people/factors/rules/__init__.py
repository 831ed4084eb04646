"""Rules of the second proof: codes, limits, what is asked again, whose factors may go."""

from datetime import timedelta
from enum import StrEnum

from cissapp.foundation.core.errors import N_

CHALLENGE_LASTS = timedelta(minutes=10)
NAME_LENGTH = 60


class FactorKind(StrEnum):
    """What somebody has beside a password."""

    APP = "app"
    PASSKEY = "passkey"


class ChallengePurpose(StrEnum):
    """What a session was asked for, once."""

    NEW_APP = "new_app"
    NEW_PASSKEY = "new_passkey"
    PASSKEY = "passkey"


class FactorChange(StrEnum):
    """What happened to the factors of a person, as the mail to them says it."""

    ADDED_APP = "added_app"
    ADDED_PASSKEY = "added_passkey"
    REMOVED_APP = "removed_app"
    REMOVED_PASSKEY = "removed_passkey"
    NEW_CODES = "new_codes"
    CODE_USED = "code_used"
    RESET = "reset"


NOT_RIGHT = N_("This code is not correct. Enter the code that the app shows now.")
USED_ALREADY = N_("This code has already been used. Wait until the app shows the next one.")
CLOCK_IS_OFF = N_(
    "Your phone’s clock seems to be wrong. Set it to automatic time, then enter the next code."
)
NOT_A_RECOVERY_CODE = N_("This is not one of your recovery codes, or it has already been used.")
NOT_THE_PASSWORD = N_("This is not your current password.")
NOT_THIS_PASSKEY = N_("This passkey was not accepted. Try again, or use a code.")
TOO_MANY = N_("There were too many failed attempts. Try again after %(until)s.")
TOO_OLD = N_("This took too long. Start again.")
LAST_OF_STAFF = N_("Your role needs a second factor. Add another one before you remove this one.")
NOT_YOURSELF = N_(
    "You cannot reset your own second factor. Ask someone else who is allowed to do it."
)
HAS_FACTORS = N_("This account already has a second factor. Use that one to sign in.")
