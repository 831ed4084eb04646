"""Requests an address entered by a user: resolved once, never internal, time-limited, without redirects."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

IpAddress = IPv4Address | IPv6Address
# Ranges in which an IPv6 address stands for an IPv4 one that may be private.
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"))
# Global for the standard library but not public: site-local, documentation and cloud addresses, a relay.
_NOT_PUBLIC = (
    ip_network("fec0::/10"),
    ip_network("3fff::/20"),
    ip_network("168.63.129.16/32"),
    ip_network("192.88.99.0/24"),
)


class ClosedAddress(OSError):
    """An address that is not on the public internet."""


def is_public(address: IpAddress) -> bool:
    """Return whether an address is on the public internet, including an IPv4 address embedded in IPv6."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _TRANSLATED):
            return False
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def may_connect(addresses: Iterable[str], *, loopback: bool) -> list[str]:
    """Return the addresses to connect to; none if any is not public, so that no name can point inwards."""
    found = [ip_address(one.partition("%")[0]) for one in addresses]
    if not all(is_public(one) or (loopback and one.is_loopback) for one in found):
        return []
    return [str(one) for one in dict.fromkeys(found)]


class _Connection(http.client.HTTPConnection):
    """A connection to one of the addresses that have been checked; the name is not resolved again."""

    def __init__(
        self, host: str, port: int, addresses: list[str], *, secure: bool, seconds: float
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self.addresses, self.seconds, self.secure = addresses, seconds, secure
        self.link: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> None:
        """Connect to a checked address; the certificate must match the name."""
        self._hold(self._reached())
        if self.secure:
            # The handshake comes last: a socket that is not held yet could not be cut off during it.
            context = ssl.create_default_context()
            secured = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self._hold(secured)
            secured.do_handshake()

    def _reached(self) -> socket.socket:
        """Try each address in turn, all but the last for an equal part of half the time.

        Where IPv6 leads nowhere, a name that has an IPv4 address as well is still reached in time.
        """
        *others, last = self.addresses
        for address in others:
            with suppress(OSError):
                return self._linked(address, self.seconds / 2 / len(others))
        return self._linked(last, self.seconds)

    def _linked(self, address: str, seconds: float) -> socket.socket:
        link = socket.create_connection((address, self.port), seconds)
        link.settimeout(self.seconds)
        return link

    def _hold(self, link: socket.socket) -> None:
        self.sock = self.link = link
        if self.is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """Cut the connection at any stage; whoever waits for it gets an error at once."""
        self.is_cut = True
        if self.link is not None:
            with suppress(OSError):
                # Past TLS, which would wait for the other side to close.
                socket.socket.shutdown(self.link, socket.SHUT_RDWR)


def ask(
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    loopback: bool,
    seconds: float,
    most: int = 0,
) -> tuple[int, bytes]:
    """Send a body with POST, or GET without a body; return the status and at most `most` bytes of the answer.

    After `seconds` the connection is cut, even if the other side keeps sending single bytes. Raise OSError,
    ValueError or `http.client.HTTPException` if there is no answer or a longer one.
    """
    began = time.monotonic()
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    addresses = _addresses_of(host, port, loopback=loopback)
    left = seconds - (time.monotonic() - began)
    if left <= 0:
        raise TimeoutError
    connection = _Connection(host, port, addresses, secure=secure, seconds=left)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    cut = threading.Timer(left, connection.cut)
    cut.daemon = True
    cut.start()
    try:
        return _asked(connection, path, body, headers, most)
    finally:
        cut.cancel()
        connection.close()


def _asked(
    connection: _Connection, path: str, body: bytes | None, headers: Mapping[str, str], most: int
) -> tuple[int, bytes]:
    """Send a request and return the answer; do not read beyond the limit, as it may be endless."""
    try:
        connection.request("GET" if body is None else "POST", path, body, dict(headers))
        answer = connection.getresponse()
        read = answer.read(most + 1) if most else b""
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.is_cut:
            raise TimeoutError from error
        raise
    if connection.is_cut:
        raise TimeoutError
    if len(read) > most:
        raise ValueError("the answer is too long")
    return answer.status, read


def _addresses_of(host: str, port: int, *, loopback: bool) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = may_connect([str(one[4][0]) for one in found], loopback=loopback)
    if not addresses:
        raise ClosedAddress("the name does not lead to the public internet")
    return addresses
