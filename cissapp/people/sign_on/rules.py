"""Rules for what an identity provider may claim, and whose account it may open. No web, no database."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.roles import Role

# Only signatures made with a key that we do not have: never "none", never a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
OF_COUNTRY = frozenset({Role.MINISTRY, Role.REGION_OFFICER})
OF_GROUP = frozenset({Role.REVIEWER, Role.COORDINATOR})

STARTED_FOR = timedelta(minutes=10)
LEEWAY = timedelta(minutes=2)
LONGEST_LIFE = timedelta(hours=24)
_CODE = re.compile("[a-z_]{1,40}")
LONGEST_SUBJECT = 255
LONGEST_ADDRESS = 500
# In seconds since 1970: the year 9999, beyond which a number is no time.
FARTHEST = 253_402_300_799
SECONDS, MOST_BYTES = 5.0, 200_000
DISCOVERY = "/.well-known/openid-configuration"


class Purpose(StrEnum):
    """What a person wants of the account of an organisation."""

    SIGN_IN = "sign_in"
    LINK = "link"
    JOIN = "join"
    AGAIN = "again"


class Refusal(StrEnum):
    """Why nobody was signed in with the account of an organisation."""

    STATE = "state"
    DENIED = "denied"
    AWAY = "away"
    NOT_UNDERSTOOD = "not_understood"
    OTHER_WAY = "other_way"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    NONCE = "nonce"
    TIME = "time"
    SUBJECT = "subject"
    OFF = "off"
    NO_ACCOUNT = "no_account"
    OTHER_ACCOUNT = "other_account"
    SCOPE = "scope"
    NOT_AGAIN = "not_again"
    OTHER_PERSON = "other_person"


_LIED = N_(
    "Your organisation’s answer was not correct, so nobody was signed in. Sign in with your password, and tell the secretariat what this page says."
)
REFUSAL_TEXTS = {
    Refusal.STATE: N_(
        "This sign-in was started in another browser, was started too long ago, or has already been used. Start again on the sign-in page."
    ),
    Refusal.DENIED: N_(
        "Your organisation did not let you in. Try again there, or sign in with your password."
    ),
    Refusal.AWAY: N_(
        "Your organisation’s sign-in service is not responding. Try again later, or sign in with your password."
    ),
    Refusal.NOT_UNDERSTOOD: _LIED,
    Refusal.OTHER_WAY: N_(
        "Your organisation’s sign-in service did not recognise this site. Next time, we will identify ourselves to it in another way: please start again. If you see this page a second time, sign in with your password, and tell the secretariat what this page says."
    ),
    Refusal.SIGNATURE: _LIED,
    Refusal.ISSUER: _LIED,
    Refusal.AUDIENCE: _LIED,
    Refusal.NONCE: _LIED,
    Refusal.TIME: _LIED,
    Refusal.SUBJECT: _LIED,
    Refusal.OFF: N_(
        "Signing in with this organisation is switched off. Sign in with your password."
    ),
    Refusal.NO_ACCOUNT: N_(
        "No account here is linked to your account there. Sign in with your password once, open “Your account” and link the two."
    ),
    Refusal.OTHER_ACCOUNT: N_(
        "This account at your organisation is linked to another account here. Ask the secretariat."
    ),
    Refusal.SCOPE: N_(
        "Your role here does not belong to this organisation, so it cannot sign you in. Sign in with your password."
    ),
    Refusal.NOT_AGAIN: N_(
        "Your organisation did not confirm that you entered your password there just now, so we cannot be sure that it is you. You are still signed in here. Set a password for this service, or ask the secretariat."
    ),
    Refusal.OTHER_PERSON: N_(
        "The account at your organisation is not the one that opens your account here. You are still signed in as before. Sign out at your organisation, then try again with your own account."
    ),
}


class SignOnRefused(Exception):
    """Nobody is signed in; `reason` says why, `detail` is what an administrator needs to fix it.

    `secret_in_body` is the way to try next, if the provider did not take our secret in the other one.
    """

    def __init__(
        self, reason: Refusal, detail: str = "", *, secret_in_body: bool | None = None
    ) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.secret_in_body = reason, detail, secret_in_body


class Endpoints(Struct, frozen=True):
    """The endpoints of a provider, from its own configuration, and where it takes our secret.

    If it lists both ways, only a sign-in shows which one our registration there allows: many servers take one
    alone from each client. Those of a provider that was tested long ago do not say whether it lists both.
    """

    authorization: str
    token: str
    keys: str
    secret_in_body: bool
    either_way: bool = False


def address_problems(url: str, *, loopback: bool) -> list[Problem]:
    """List what is wrong with the address of a provider, judging by its text alone."""
    wrong = [
        Problem(
            "issuer",
            N_("Enter an address that begins with https:// and does not contain a user name."),
        )
    ]
    if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url:
        return wrong
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return wrong
    local = loopback and host in {"localhost", "127.0.0.1", "::1"}
    schemes = {"https", "http"} if local else {"https"}
    bad = not host or port == 0 or parts.username is not None or bool(parts.fragment)
    return wrong if parts.scheme not in schemes or bad else []


def discovery_address(issuer: str) -> str:
    """Return the address of a provider's discovery document."""
    return issuer.rstrip("/") + DISCOVERY


def endpoints_of(found: object, issuer: str, *, loopback: bool) -> Endpoints:
    """Parse a provider's configuration; raise `SignOnRefused` for another issuer or a missing entry."""
    if not isinstance(found, dict):
        raise SignOnRefused(Refusal.NOT_UNDERSTOOD, "the configuration is not a JSON object")
    if found.get("issuer") != issuer:
        raise SignOnRefused(Refusal.ISSUER, "the configuration names a different issuer")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    for name in names:
        address = found.get(name)
        if not isinstance(address, str) or address_problems(address, loopback=loopback):
            raise SignOnRefused(
                Refusal.NOT_UNDERSTOOD, f"{name} is missing or is not an https address"
            )
    authorization, token, keys = (str(found[name]) for name in names)
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    in_header, in_body = (f"client_secret_{one}" in methods for one in ("basic", "post"))
    return Endpoints(
        authorization, token, keys, secret_in_body=not in_header, either_way=in_header and in_body
    )


def error_code(found: object) -> str:
    """Return the error that a provider names in its answer (RFC 6749, 5.2), or an empty text.

    Only what looks like one of the registered names: anything else could be text of a stranger.
    """
    named = found.get("error") if isinstance(found, Mapping) else None
    return named if isinstance(named, str) and _CODE.fullmatch(named) else ""


def check_claims(
    claims: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    at: datetime,
    entered_since: datetime | None = None,
) -> str:
    """Return the subject of a fresh token issued to us for this very sign-in, or raise `SignOnRefused`.

    With `entered_since`, the person must have signed in at the provider itself since then (`auth_time`).
    """
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    checks = (
        (Refusal.ISSUER, claims.get("iss") == issuer),
        (Refusal.AUDIENCE, isinstance(audiences, list) and client_id in audiences),
        (Refusal.AUDIENCE, audiences == [client_id] or claims.get("azp") == client_id),
        (Refusal.AUDIENCE, claims.get("azp", client_id) == client_id),
        (Refusal.NONCE, bool(nonce) and claims.get("nonce") == nonce),
        (Refusal.TIME, _is_of_now(claims, at)),
    )
    for reason, holds in checks:
        if not holds:
            raise SignOnRefused(reason, _age(claims, at) if reason is Refusal.TIME else "")
    if entered_since is not None:
        _check_entered(claims.get("auth_time"), entered_since, at)
    return _subject_of(claims)


def _subject_of(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise SignOnRefused(Refusal.SUBJECT)
    return subject


def _check_entered(entered: object, since: datetime, at: datetime) -> None:
    """Raise `SignOnRefused` unless the provider asked the person who they are after this moment."""
    if not isinstance(entered, int | float) or isinstance(entered, bool):
        raise SignOnRefused(Refusal.NOT_AGAIN, "no auth_time")
    leeway = LEEWAY.total_seconds()
    if not since.timestamp() - leeway <= entered <= at.timestamp() + leeway:
        raise SignOnRefused(Refusal.NOT_AGAIN, "auth_time is not of this sign-in")


def _age(claims: Mapping[str, Any], at: datetime) -> str:
    """Return by how much a token seems older than this moment, from which a wrong clock can be told."""
    made = claims.get("iat")
    if not isinstance(made, int | float) or not abs(made) < FARTHEST:
        return "not dated"
    return f"issued {at.timestamp() - made:+.0f} s ago"


def _is_of_now(claims: Mapping[str, Any], at: datetime) -> bool:
    """Return whether a token is recent and has not expired, allowing clocks to differ by two minutes."""
    made, ends = claims.get("iat"), claims.get("exp")
    numbers = [one for one in (made, ends) if isinstance(one, int | float) and one is not True]
    if len(numbers) < 2:
        return False
    now, leeway = at.timestamp(), LEEWAY.total_seconds()
    begun = now - STARTED_FOR.total_seconds() - leeway
    in_time = numbers[1] > now - leeway and numbers[1] - numbers[0] <= LONGEST_LIFE.total_seconds()
    return begun <= numbers[0] <= now + leeway and in_time


def is_in_scope(
    provider: tuple[str | None, object],
    *,
    role: Role | None,
    country_code: str | None,
    group_id: object,
) -> bool:
    """Return whether an organisation's account may open an account here: one of its country or its group.

    `provider` is the country and the group of the provider, of which one is set. What a provider claims
    about a person is not considered.
    """
    of_country, of_group = provider
    if of_country is not None:
        return role in OF_COUNTRY and country_code == of_country
    return role in OF_GROUP and of_group is not None and group_id == of_group
