"""What page and snapshot are made from, the words of a snapshot, and for how long it may be relied on."""

from datetime import datetime

from msgspec import Struct

from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.foundation.content.values import Content
from cissapp.foundation.signing.keys import Keyring

# After this many days a snapshot no longer reports any certificate as valid today.
VALID_FOR_DAYS = 31


WORDS = {
    RegisterEvent.ISSUED: "valid",
    RegisterEvent.REINSTATED: "valid",
    RegisterEvent.SUSPENDED: "suspended",
    RegisterEvent.WITHDRAWN: "withdrawn",
    RegisterEvent.REPLACED: "replaced",
}


class IssuedCertificate(Struct, frozen=True):
    """What the register knows of an issued certificate; `last` is its newest event, `index` its place in the log."""

    code: str
    file_sha256: str
    issued_at: datetime
    last: RegisterEvent
    last_at: datetime
    index: int | None


class PageSource(Struct, frozen=True):
    """What the page is made from."""

    ring: Keyring
    content: Content
    base_url: str
    valid_for_days: int = VALID_FOR_DAYS
