"""Sends a message to an address of a stranger: resolved once, never inwards, and never for long."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cissapp.oversee.api.rules.webhooks import SendFailure, may_connect

READ_BYTES = 4_096


class ClosedAddress(OSError):
    """An address that is not on the public internet."""


@dataclass(frozen=True)
class Answer:
    """What a receiver answered: its status, or why there was none."""

    status: int | None
    failure: SendFailure | None = None


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at: nobody asks again where the name points."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address, self.secure = address, secure

    def connect(self) -> None:
        """Connect to the address that was chosen; the certificate must be that of the name."""
        plain = socket.create_connection((self.address, self.port), self.timeout)
        if not self.secure:
            self.sock = plain
            return
        try:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def post(
    url: str, body: str, headers: Mapping[str, str], *, loopback: bool, seconds: float
) -> Answer:
    """Send a body to an address; what goes wrong there is the answer, and never an error here.

    No redirect is followed: it could lead inwards. After `seconds` the connection is cut, also where the
    other side sends one byte after the other.
    """
    try:
        return Answer(_status(url, body.encode(), headers, loopback=loopback, seconds=seconds))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(None, _failure(error))


# The first kind that fits counts: each is a kind of those below it.
FAILURES: tuple[tuple[type[Exception], SendFailure], ...] = (
    (ClosedAddress, SendFailure.NOT_PUBLIC),
    (TimeoutError, SendFailure.TIMEOUT),
    (socket.gaierror, SendFailure.UNKNOWN_NAME),
    (UnicodeError, SendFailure.UNKNOWN_NAME),
    (ssl.SSLError, SendFailure.NOT_SECURE),
    (ConnectionRefusedError, SendFailure.NOT_REACHED),
    (http.client.RemoteDisconnected, SendFailure.TIMEOUT),
)


def _failure(error: Exception) -> SendFailure:
    found = (kind for known, kind in FAILURES if isinstance(error, known))
    return next(found, SendFailure.BROKEN)


def _status(
    url: str, body: bytes, headers: Mapping[str, str], *, loopback: bool, seconds: float
) -> int:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    address = _address_of(host, port, loopback=loopback)
    connection = _Connection(host, port, address, secure=secure, seconds=seconds)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    cut = threading.Timer(seconds, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(READ_BYTES)
        return answer.status
    finally:
        cut.cancel()
        connection.close()


def _address_of(host: str, port: int, *, loopback: bool) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = may_connect([str(one[4][0]) for one in found], loopback=loopback)
    if address is None:
        raise ClosedAddress("the name does not lead to the public internet")
    return address


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a connection that takes too long: whoever waits for it gets an error at once."""
    waiting = connection.sock
    if waiting is not None:
        try:
            waiting.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
