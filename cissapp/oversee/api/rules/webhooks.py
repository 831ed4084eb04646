"""Webhook rules: events, addresses, signatures and retries."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.network.outbound import is_public

MOST_WEBHOOKS = 10
URL_MARKS = 500
SECONDS = 10  # a receiver that has not answered by then is tried again later
KEPT_DAYS = 30


class WebhookKind(StrEnum):
    """The events sent to a webhook; the values are the message types."""

    ISSUED = "certificate.issued"
    SUSPENDED = "certificate.suspended"
    REINSTATED = "certificate.reinstated"
    WITHDRAWN = "certificate.withdrawn"
    REPLACED = "certificate.replaced"
    EXPIRED = "certificate.expired"
    MONTH_FROZEN = "month.frozen"
    TEST = "webhook.test"


KIND_NAMES = {
    WebhookKind.ISSUED: N_("A certificate was issued"),
    WebhookKind.SUSPENDED: N_("A certificate was suspended"),
    WebhookKind.REINSTATED: N_("A suspension has ended"),
    WebhookKind.WITHDRAWN: N_("A certificate was withdrawn"),
    WebhookKind.REPLACED: N_("A certificate was replaced"),
    WebhookKind.EXPIRED: N_("A certificate expired"),
    WebhookKind.MONTH_FROZEN: N_("The figures for a month were frozen"),
    WebhookKind.TEST: N_("Test"),
}
# Tests are sent on request, so nobody subscribes to them.
CHOSEN_KINDS = tuple(kind for kind in WebhookKind if kind is not WebhookKind.TEST)

# After each failure the next try waits longer; together this is a little more than three days.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# What else is due to a receiver that gave no answer waits as long as the message, and at most this: down, it costs
# little; silent to one message alone, it still gets the others.
LONGEST_REST = timedelta(minutes=5)


class WebhookStop(StrEnum):
    """Why nothing more is sent to a webhook."""

    FAILED = "failed"
    GONE = "gone"
    PERSON_LEFT = "person_left"
    ROLE_CHANGED = "role_changed"


STOP_NAMES = {
    WebhookStop.FAILED: N_("It did not accept a message for three days"),
    WebhookStop.GONE: N_("It replied that it no longer exists (410)"),
    WebhookStop.PERSON_LEFT: N_("The account was closed"),
    WebhookStop.ROLE_CHANGED: N_("Your role or place changed"),
}


class SendFailure(StrEnum):
    """Why a receiver gave no answer."""

    TIMEOUT = "timeout"
    NOT_REACHED = "not_reached"
    UNKNOWN_NAME = "unknown_name"
    NOT_SECURE = "not_secure"
    NOT_PUBLIC = "not_public"
    BROKEN = "broken"


FAILURE_NAMES = {
    SendFailure.TIMEOUT: N_("it took longer than ten seconds"),
    SendFailure.NOT_REACHED: N_("there is no answer at this address"),
    SendFailure.UNKNOWN_NAME: N_("the domain name in the address is not known"),
    SendFailure.NOT_SECURE: N_("its TLS certificate is not valid"),
    SendFailure.NOT_PUBLIC: N_("the address is not on the public internet"),
    SendFailure.BROKEN: N_("the connection was lost"),
}


def next_try(tries: int, at: datetime) -> datetime | None:
    """Return when to retry a message after the given number of tries; None after the last one."""
    return at + WAITS[tries - 1] if tries <= len(WAITS) else None


def is_good(status: int) -> bool:
    """Return whether a receiver accepted the message."""
    return 200 <= status < 300


# --- signature (Standard Webhooks) ---------------------------------------------------------------


def secret_of(webhook_id: str, salt: str, secret_key: str) -> bytes:
    """Derive a webhook's secret; it is never stored, so no copy of the database contains it."""
    return hmac.digest(secret_key.encode(), f"webhook:{webhook_id}:{salt}".encode(), "sha256")


def written_secret(secret: bytes) -> str:
    """Format a secret as Standard Webhooks libraries expect it."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def signature(secret: bytes, message_id: str, at: datetime, body: str) -> str:
    """Sign the ID, timestamp and body of a message."""
    signed = f"{message_id}.{int(at.timestamp())}.{body}".encode()
    return f"v1,{base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()}"


def signed_headers(
    secrets: Sequence[bytes], message_id: str, at: datetime, body: str
) -> dict[str, str]:
    """Return the headers of a message, with one signature per secret."""
    signatures = [signature(secret, message_id, at, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "CISS-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def body_of(kind: WebhookKind, at: datetime, data: dict[str, Any]) -> str:
    """Write the body of a message."""
    said = {"type": kind.value, "timestamp": at.isoformat(timespec="seconds"), "data": data}
    return _written(said)


def subject_in(body: str) -> str:
    """Return the part of a body that names what it is about: a certificate, or the month of a country."""
    data = json.loads(body)["data"]
    names = ("number",) if "number" in data else ("country", "month")
    return _written({name: data[name] for name in names}).strip("{}")


def _written(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


# --- addresses -----------------------------------------------------------------------------------

LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".home.arpa")


def url_problems(url: str, *, loopback: bool) -> list[Problem]:
    """List what is wrong with the address of a webhook, judging by its text alone."""
    message = N_("Enter an address that begins with https:// and does not contain a user name.")
    wrong = [Problem("url", message)]
    if len(url) > URL_MARKS or not url.isascii() or not url.isprintable() or " " in url:
        return wrong
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return wrong
    local = loopback and _names_loopback(host)
    schemes = {"https", "http"} if local else {"https"}
    if parts.scheme not in schemes or not host or parts.username is not None or port == 0:
        return wrong
    if not local and (host.endswith(LOCAL_NAMES) or _is_hidden_number(host)):
        return [Problem("url", N_("This address is not on the public internet."))]
    return []


def host_of(url: str) -> str:
    """Return the host of an address; the rest may be secret and stays out of the audit trail and logs."""
    return urlsplit(url).hostname or ""


def _names_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"


def _is_hidden_number(host: str) -> bool:
    """Return whether a host is a non-public IP address or a number in an unusual form such as 0x7f.1."""
    try:
        return not is_public(ip_address(host))
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        return last.isdigit() or last.lower().startswith("0x")
