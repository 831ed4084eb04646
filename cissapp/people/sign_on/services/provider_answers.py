"""Requests to a provider, outside any transaction; only what is signed and meant for us is trusted."""

import http.client
import json
from base64 import b64encode
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from msgspec import Struct

from cissapp.foundation.core.network.outbound import ask
from cissapp.people.sign_on.rules import (
    ALGORITHMS,
    MOST_BYTES,
    SECONDS,
    Endpoints,
    Refusal,
    SignOnRefused,
    check_claims,
    discovery_address,
    endpoints_of,
    error_code,
)

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

KINDS_OF_KEYS = {"RSA", "EC", "OKP"}
OK = 200
# What providers answer to a client whose secret they do not find or do not accept (RFC 6749, 5.2; Keycloak the second).
NOT_RECOGNISED = (", invalid_client", ", unauthorized_client")


class Client(Struct, frozen=True):
    """Our registration as a client of a provider."""

    issuer: str
    client_id: str
    secret: str


class Redemption(Struct, frozen=True):
    """What a code is exchanged with: the code itself, and the values held only by the browser that began.

    `entered_since` is set if the person must have signed in at the provider after that moment.
    """

    code: str
    verifier: str
    nonce: str
    return_to: str
    entered_since: datetime | None = None


def discover(issuer: str, *, loopback: bool) -> Endpoints:
    """Fetch a provider's endpoints and check that its keys can be read; otherwise raise `SignOnRefused`."""
    found = endpoints_of(
        _json_of(discovery_address(issuer), loopback=loopback), issuer, loopback=loopback
    )
    _keys_of(found, loopback=loopback)
    return found


def redeem(
    client: Client, endpoints: Endpoints, redemption: Redemption, *, loopback: bool, at: datetime
) -> str:
    """Exchange a code for a token, and return the subject it is for; raise `SignOnRefused` on failure."""
    from joserfc import jwt  # noqa: PLC0415 -- slow import
    from joserfc.errors import JoseError  # noqa: PLC0415 -- slow import

    token = _token(client, endpoints, redemption, loopback=loopback)
    keys = _keys_of(endpoints, loopback=loopback)
    try:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignOnRefused(Refusal.SIGNATURE, type(error).__name__) from error
    return check_claims(
        claims,
        issuer=client.issuer,
        client_id=client.client_id,
        nonce=redemption.nonce,
        at=at,
        entered_since=redemption.entered_since,
    )


def _token(client: Client, endpoints: Endpoints, redemption: Redemption, *, loopback: bool) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": redemption.code,
        "redirect_uri": redemption.return_to,
        "code_verifier": redemption.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if endpoints.secret_in_body:
        form |= {"client_id": client.client_id, "client_secret": client.secret}
    else:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    body = urlencode(form).encode()
    try:
        answer = _json_of(endpoints.token, body, headers, loopback=loopback)
    except SignOnRefused as refused:
        if endpoints.either_way and refused.detail.endswith(NOT_RECOGNISED):
            raise SignOnRefused(
                Refusal.OTHER_WAY, refused.detail, secret_in_body=not endpoints.secret_in_body
            ) from refused
        raise
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise SignOnRefused(Refusal.NOT_UNDERSTOOD, "the answer contains no id_token")
    return token


def _keys_of(endpoints: Endpoints, *, loopback: bool) -> "KeySet":
    """Fetch a provider's public keys; a token names the one that signed it."""
    from joserfc.errors import JoseError  # noqa: PLC0415 -- slow import
    from joserfc.jwk import KeySet  # noqa: PLC0415 -- slow import

    found = _json_of(endpoints.keys, loopback=loopback)
    listed = found.get("keys") if isinstance(found, dict) else None
    try:
        usable = [
            key
            for key in listed or []
            if key.get("kty") in KINDS_OF_KEYS and key.get("use", "sig") == "sig" and "d" not in key
        ]
        keys = KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignOnRefused(Refusal.NOT_UNDERSTOOD, "its keys cannot be read") from error
    if not usable:
        raise SignOnRefused(Refusal.NOT_UNDERSTOOD, "it has no public key for signatures")
    return keys


def _json_of(
    url: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    loopback: bool,
) -> Any:
    """Request an address and parse its JSON; a redirect is refused, as it could lead anywhere."""
    try:
        status, read = ask(
            url,
            body,
            {"Accept": "application/json", **(headers or {})},
            loopback=loopback,
            seconds=SECONDS,
            most=MOST_BYTES,
        )
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SignOnRefused(Refusal.AWAY, type(error).__name__) from error
    if status != OK:
        reason = Refusal.AWAY if status >= 500 else Refusal.NOT_UNDERSTOOD
        named = error_code(_parsed(read))
        raise SignOnRefused(reason, f"status {status}{named and f', {named}'}")
    found = _parsed(read)
    if found is None:
        raise SignOnRefused(Refusal.NOT_UNDERSTOOD, "not JSON")
    return found


def _parsed(read: bytes) -> Any:
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        return None
