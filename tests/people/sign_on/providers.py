"""A provider that answers in memory, and lies in whatever way a test wants."""

import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

from cissapp.foundation.core import clock

ISSUER = "https://accounts.ministry.example"
CLIENT, SECRET = "ciss", "a secret: with / marks"
_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})


@dataclass
class Provider:
    """What it answers can be changed by each test; `asked` is what it was asked."""

    issuer: str = ISSUER
    secret: str = SECRET
    decodes: bool = True
    registered: str = ""  # the only way in which it takes our secret: header or body
    key: RSAKey = field(default_factory=lambda: _KEY)
    claims: dict[str, Any] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    answers: dict[str, tuple[int, bytes] | Exception] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ask(self, url: str, body: bytes | None, headers: Any, **_limits: Any) -> tuple[int, bytes]:
        """Answer as the network would."""
        path = urlsplit(url).path
        self.asked.append(path)
        if path in self.answers:
            planned = self.answers[path]
            if isinstance(planned, Exception):
                raise planned
            return planned
        if path == "/token":
            return self._token(body or b"", headers)
        known = {"/.well-known/openid-configuration": self._configuration, "/keys": self._keys}
        return 200, json.dumps(known[path]()).encode()

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.configuration,
        }

    def _keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def signs_in(self, location: str, subject: str = "person-1") -> dict[str, str]:
        """Let a person sign in at the address that the browser was led to; return what it brings back."""
        assert location.startswith(f"{self.issuer}/authorize?")
        asked = {name: one[0] for name, one in parse_qs(urlsplit(location).query).items()}
        assert asked["response_type"], asked["scope"] == ("code", "openid")
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**asked, "sub": subject}
        return {"code": code, "state": asked["state"]}

    def _token(self, body: bytes, headers: Any) -> tuple[int, bytes]:
        """Exchange a code for a token; as often as one likes: it is a bad provider."""
        sent = {name: one[0] for name, one in parse_qs(body.decode()).items()}
        asked = self.codes[sent["code"]]
        way = "body" if "client_secret" in sent else "header"
        if self.registered not in {"", way} or self._secret_of(sent, headers) != self.secret:
            return 401, b'{"error": "invalid_client"}'
        if (
            create_s256_code_challenge(sent["code_verifier"]) != asked["code_challenge"]
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, b'{"error": "invalid_grant"}'
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["sub"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "email": "secretariat@ciss.example",
            "role": "secretariat",
            **self.claims,
        }
        claims = {name: one for name, one in claims.items() if one is not None}
        token = self.sign(claims) if self.sign else self.signed(claims)
        return 200, json.dumps(
            {"access_token": "a", "token_type": "Bearer", "id_token": token}
        ).encode()

    def _secret_of(self, sent: dict[str, str], headers: Any) -> str:
        """Read our secret: from a body as it is, from a header as RFC 6749 wants it encoded, or as many take it."""
        if "client_secret" in sent:
            assert "Authorization" not in headers
            return sent["client_secret"]
        secret = b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
        assert secret.startswith("ciss:")
        return (unquote if self.decodes else str)(secret.removeprefix("ciss:"))

    def signed(self, claims: dict[str, Any]) -> str:
        """Sign claims with the own key."""
        header = {"alg": "RS256", "kid": "first", **self.header}
        return jwt.encode(header, claims, self.key, algorithms=[header["alg"]])


def unsigned(claims: dict[str, Any]) -> str:
    """Return a token that says it needs no signature."""
    return f"{_unsigned_part({'alg': 'none', 'kid': 'first'}, claims)}."


def signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """Return a token that takes the public key, which anybody knows, for a shared secret."""
    part = _unsigned_part({"alg": "HS256", "kid": "first"}, claims)
    made = hmac.digest(_KEY.as_pem(private=False), part.encode(), "sha256")
    return f"{part}.{_encoded(made)}"


def _unsigned_part(*parts: dict[str, Any]) -> str:
    return ".".join(_encoded(json.dumps(part).encode()) for part in parts)


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def signed_by_a_stranger(claims: dict[str, Any]) -> str:
    """Return a token that names the key of the provider, and was signed with another one."""
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, OTHER_KEY)


def bringing_its_own_key(claims: dict[str, Any]) -> str:
    """Return a token that carries the key it is to be checked with."""
    header = {"alg": "RS256", "kid": "first", "jwk": OTHER_KEY.as_dict(private=False)}
    return jwt.encode(header, claims, OTHER_KEY)
