"""Sends a message to an address of a stranger: resolved once, never inwards, and never for long."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from cissapp.oversee.api.rules.webhooks import SendFailure, may_connect


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
        self.link: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> None:
        """Connect to the address that was chosen; the certificate must be that of the name."""
        self._hold(socket.create_connection((self.address, self.port), self.timeout))
        if self.secure:
            # The handshake comes last: what is not held yet could not be cut in it.
            context = ssl.create_default_context()
            secured = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self._hold(secured)
            secured.do_handshake()

    def _hold(self, link: socket.socket) -> None:
        self.sock = self.link = link
        if self.is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """End it, whatever it is at: whoever waits for it gets an error at once."""
        self.is_cut = True
        if self.link is not None:
            with suppress(OSError):
                # Past TLS, which would wait for the other side to say goodbye.
                socket.socket.shutdown(self.link, socket.SHUT_RDWR)


def post(
    url: str, body: str, headers: Mapping[str, str], *, loopback: bool, seconds: float
) -> Answer:
    """Send a body to an address; what goes wrong there is the answer, and never an error here.

    No redirect is followed: it could lead inwards. After `seconds` the connection is cut, also where the
    other side sends one byte after the other; nothing is sent after that.
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
)


def _failure(error: Exception) -> SendFailure:
    found = (kind for known, kind in FAILURES if isinstance(error, known))
    return next(found, SendFailure.BROKEN)


def _status(
    url: str, body: bytes, headers: Mapping[str, str], *, loopback: bool, seconds: float
) -> int:
    began = time.monotonic()
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    address = _address_of(host, port, loopback=loopback)
    left = seconds - (time.monotonic() - began)
    if left <= 0:
        raise TimeoutError
    connection = _Connection(host, port, address, secure=secure, seconds=left)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    cut = threading.Timer(left, connection.cut)
    cut.daemon = True
    cut.start()
    try:
        return _asked(connection, path, body, headers)
    finally:
        cut.cancel()
        connection.close()


def _asked(connection: _Connection, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body and return the status of the answer; what follows it is not read: it may be endless."""
    try:
        connection.request("POST", path, body, dict(headers))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.is_cut:
            raise TimeoutError from error
        raise
    if connection.is_cut:
        raise TimeoutError
    return status


def _address_of(host: str, port: int, *, loopback: bool) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = may_connect([str(one[4][0]) for one in found], loopback=loopback)
    if address is None:
        raise ClosedAddress("the name does not lead to the public internet")
    return address
