"""Signs a certificate's file (PAdES B-B or B-T, P-256, no changes allowed), and examines a signed one.

What does the work is loaded with the first file: it takes half a second.
"""

import logging

from cissapp.foundation.signing.keys import Keyring, PublicKey
from cissapp.foundation.signing.seal_result import Seal, SigningFailed

__all__ = ["Seal", "SigningFailed", "examine", "is_signed_by", "sign", "silence_library"]


def sign(
    pdf: bytes, *, ring: Keyring, key: PublicKey, reason: str, place: str, tsa_url: str = ""
) -> bytes:
    """Sign the file as a certification: any later addition invalidates it.

    With a time-stamp service the signature gets a time stamp (PAdES B-T). Raise `TimestampFailed` if there is
    none, and `SigningFailed` if the file or the key cannot be used.
    """
    from cissapp.foundation.signing import pades  # noqa: PLC0415 -- slow import

    return pades.sign(pdf, ring=ring, key=key, reason=reason, place=place, tsa_url=tsa_url)


def examine(content: bytes, ring: Keyring) -> Seal:
    """Return what a file's signature shows about it and about which of our keys signed it; never raise."""
    from cissapp.foundation.signing import pades  # noqa: PLC0415 -- slow import

    return pades.examine(content, ring)


def is_signed_by(content: bytes, key: PublicKey) -> bool:
    """Return whether a file's only signature is by this key and covers all of it; never raise.

    Takes a thirtieth of the time of `examine`, and is meant for a file that `sign` has just made: how the
    signature is wrapped, that it locks the file and who vouches for the key are left to `examine`.
    """
    from cissapp.foundation.signing import pades  # noqa: PLC0415 -- slow import

    return pades.is_signed_by(content, key)


def silence_library() -> None:
    """Keep the library from reporting faults of a file on standard error in its own words; for commands."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
