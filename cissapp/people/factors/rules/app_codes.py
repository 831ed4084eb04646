"""Codes of an authenticator app (TOTP, RFC 6238): six digits, a new one every thirty seconds."""

import hmac
import unicodedata
from datetime import datetime

import pyotp
from msgspec import Struct

STEP_SECONDS, DIGITS = 30, 6
# A clock may be one step off each way. A code up to ten minutes off is reported as a wrong clock.
DRIFT, FAR = 1, 20
INSTALLATION = "CISS"


class CodeMatch(Struct, frozen=True):
    """The step whose code was typed, and its offset from now in steps; negative for a clock that is slow."""

    step: int
    off: int

    @property
    def counts(self) -> bool:
        """Whether the code is valid now."""
        return abs(self.off) <= DRIFT


def plain_code(typed: str) -> str:
    """Return the digits that were typed, however they are grouped and in whatever script."""
    return "".join(
        str(unicodedata.digit(mark)) for mark in typed if unicodedata.digit(mark, None) is not None
    )


def step_of(at: datetime) -> int:
    """Return the number of the step that a time falls in."""
    return int(at.timestamp()) // STEP_SECONDS


def match_code(secret: str, typed: str, at: datetime) -> CodeMatch | None:
    """Find the step that a code belongs to, the nearest first; None if there is none within ten minutes."""
    code, now, app = plain_code(typed), step_of(at), pyotp.TOTP(secret)
    if len(code) != DIGITS:
        return None
    for off in sorted(range(-FAR, FAR + 1), key=abs):
        if hmac.compare_digest(app.generate_otp(now + off), code):
            return CodeMatch(now + off, off)
    return None


def new_secret() -> str:
    """Return a new secret of 160 bits, as apps take it."""
    return pyotp.random_base32()


def grouped(secret: str) -> str:
    """Return a secret in groups of four, for somebody who types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def app_address(secret: str, email: str) -> str:
    """Return the address that the QR code holds and that an app on the same phone opens."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=INSTALLATION)
