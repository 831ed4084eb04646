"""Signs a certificate's file (PAdES B-B or B-T, P-256, no changes allowed), and examines a signed one.

What does the work is loaded with the first file: it takes half a second.
"""

from cissapp.foundation.signing.keys import Keyring, PublicKey
from cissapp.foundation.signing.seal_result import Seal, SigningFailed

__all__ = ["Seal", "SigningFailed", "examine", "is_signed_by", "sign"]


def sign(
    pdf: bytes, *, ring: Keyring, key: PublicKey, reason: str, place: str, tsa_url: str = ""
) -> bytes:
    """Sign the file as a certification: whatever is added later breaks it.

    With a time-stamp service the signature gets a stamp (PAdES B-T); raise `TimestampFailed`, if it gives none,
    and `SigningFailed`, if the file or the key does not let itself be used.
    """
    from cissapp.foundation.signing import pades  # noqa: PLC0415 -- slow import

    return pades.sign(pdf, ring=ring, key=key, reason=reason, place=place, tsa_url=tsa_url)


def examine(content: bytes, ring: Keyring) -> Seal:
    """Find out whether a file is as one of our keys signed it; never raise."""
    from cissapp.foundation.signing import pades  # noqa: PLC0415 -- slow import

    return pades.examine(content, ring)


def is_signed_by(content: bytes, key: PublicKey) -> bool:
    """Return whether the one signature of a file is by this key and over all of it; never raise.

    Takes a thirtieth of what `examine` takes, and is for a file that `sign` has just made: how the signature is
    wrapped, that it locks the file and who vouches for the key, it leaves to `examine`.
    """
    from cissapp.foundation.signing import pades  # noqa: PLC0415 -- slow import

    return pades.is_signed_by(content, key)
