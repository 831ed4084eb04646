"""Sends a message to an untrusted address: resolved once, never inside our network, with a time limit."""

import http.client
import socket
import ssl
from collections.abc import Mapping

from msgspec import Struct

from cissapp.foundation.core.network.outbound import ClosedAddress, ask
from cissapp.oversee.api.rules.webhooks import SendFailure


class Answer(Struct, frozen=True):
    """What a receiver answered: its status, or why there was none."""

    status: int | None
    failure: SendFailure | None = None


def post(
    url: str, body: str, headers: Mapping[str, str], *, loopback: bool, seconds: float
) -> Answer:
    """Send a body to an address; a failure there is returned as the answer and never raised.

    Redirects are not followed, since they could lead into our network. The connection is cut after
    `seconds`, even if the other side trickles single bytes; nothing is sent after that.
    """
    try:
        status, _read = ask(url, body.encode(), headers, loopback=loopback, seconds=seconds)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(None, _failure(error))
    return Answer(status)


# The first match counts: more specific errors come first.
FAILURES: tuple[tuple[type[Exception], SendFailure], ...] = (
    (ClosedAddress, SendFailure.NOT_PUBLIC),
    (TimeoutError, SendFailure.TIMEOUT),
    (socket.gaierror, SendFailure.UNKNOWN_NAME),
    (UnicodeError, SendFailure.UNKNOWN_NAME),
    (ssl.SSLError, SendFailure.NOT_SECURE),
    (ConnectionRefusedError, SendFailure.NOT_REACHED),
)


def _failure(error: Exception) -> SendFailure:
    found = (kind for known, kind in FAILURES if isinstance(error, known))
    return next(found, SendFailure.BROKEN)
