"""What is found out about the signature of a file."""

from datetime import datetime

from msgspec import Struct

from cissapp.foundation.signing.keys import PublicKey


class SigningFailed(Exception):
    """The file cannot be signed now."""


class Seal(Struct, frozen=True):
    """The result of examining the signature of a file.

    `stamped_at` is the time from a time-stamp service on the signature. Whether to trust that service is for
    the reader to decide.
    """

    readable: bool = True
    signatures: int = 0
    intact: bool = False
    whole: bool = False
    locked: bool = False
    key: PublicKey | None = None
    stamped_at: datetime | None = None

    @property
    def good(self) -> bool:
        """Whether the whole file is as one of our keys signed it, once."""
        return (
            self.signatures == 1
            and self.intact
            and self.whole
            and self.locked
            and self.key is not None
        )
