"""A sign-in in progress: what this browser must bring back, kept in its signed cookie and valid once."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from flask import current_app, session, url_for
from msgspec import Struct

from cissapp.foundation.core import clock
from cissapp.people.sign_on.models import IdentityProvider
from cissapp.people.sign_on.rules import STARTED_FOR, Purpose

BEGUN = "sign_on"


class Begun(Struct, frozen=True):
    """A sign-in that was begun in this browser.

    `whose` is the token of the invitation to be accepted, or the id of the person who signs in again.
    """

    state: str
    nonce: str
    verifier: str
    provider_id: UUID
    purpose: Purpose
    next_path: str
    whose: str
    at: datetime


def remember(
    provider_id: UUID, purpose: Purpose, *, next_path: str = "/", whose: str = ""
) -> Begun:
    """Store in the cookie that a sign-in was started; it replaces an earlier one."""
    made = Begun(
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(48),
        provider_id,
        purpose,
        next_path,
        whose,
        clock.now(),
    )
    kept = [
        made.state,
        made.nonce,
        made.verifier,
        str(provider_id),
        purpose.value,
        next_path,
        whose,
    ]
    session[BEGUN] = [*kept, int(made.at.timestamp())]
    return made


def begun(state: str) -> Begun | None:
    """Return the sign-in that this browser started with this state; None if unknown or after ten minutes."""
    kept = session.get(BEGUN)
    if not kept or not state or not secrets.compare_digest(kept[0].encode(), state.encode()):
        return None
    if clock.now().timestamp() - kept[-1] > STARTED_FOR.total_seconds():
        return None
    own, nonce, verifier, provider_id, purpose, next_path, whose, seconds = kept
    at = datetime.fromtimestamp(seconds, UTC)
    return Begun(own, nonce, verifier, UUID(provider_id), Purpose(purpose), next_path, whose, at)


def forget_begun() -> None:
    """End what was begun in this browser."""
    session.pop(BEGUN, None)


def return_address(provider_id: UUID) -> str:
    """Return the address to which this organisation, and no other, sends people back (RFC 9700, 4.4.2)."""
    path = url_for("sign_on.come_back", provider_id=provider_id)
    return f"{current_app.config['BASE_URL']}{path}"


def address_to_ask(provider: IdentityProvider, made: Begun) -> str:
    """Return the address at which an organisation asks a person to sign in, for us and this browser alone.

    Somebody who signs in again is asked even if they are still signed in there (OpenID Connect Core, 3.1.2.1).
    """
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415 -- slow import
    from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415 -- slow import

    endpoints = provider.endpoints or {}
    again = {"prompt": "login", "max_age": "0"} if made.purpose is Purpose.AGAIN else {}
    address = prepare_grant_uri(
        endpoints["authorization"],
        provider.client_id,
        "code",
        redirect_uri=return_address(provider.id),
        scope="openid",
        state=made.state,
        nonce=made.nonce,
        code_challenge=create_s256_code_challenge(made.verifier),
        code_challenge_method="S256",
        **again,
    )
    return str(address)
