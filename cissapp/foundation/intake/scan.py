"""The virus scanner clamd, asked over its socket. Anything but a plain "OK" is a refusal."""

import socket
import struct
import time
from urllib.parse import urlsplit

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

PIECE = 65_536
# For the whole exchange: a scanner that sends a byte now and then holds nobody up for longer.
SECONDS = 15.0
LONGEST_ANSWER = 1_024
CLEAN = b"stream: OK"


def scan(content: bytes, clamd_url: str) -> None:
    """Refuse what clamd finds; also refuse if it cannot be asked or gives no clear answer."""
    try:
        answer = _instream(content, clamd_url)
    except (OSError, ValueError) as error:
        raise FileRejected(RejectionReason.NOT_SCANNED) from error
    if answer == CLEAN:
        return
    is_found = answer.startswith(b"stream: ") and answer.endswith(b" FOUND")
    raise FileRejected(RejectionReason.VIRUS if is_found else RejectionReason.NOT_SCANNED)


def _connected(clamd_url: str) -> socket.socket:
    """Connect to `unix:///path` or `tcp://host:port`."""
    parts = urlsplit(clamd_url)
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return socket.create_connection((parts.hostname, parts.port), timeout=SECONDS)
    if parts.scheme != "unix" or not parts.path:
        raise ValueError("must begin with unix:/// or tcp://")
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(SECONDS)
        line.connect(parts.path)
    except OSError:
        line.close()
        raise
    return line


def _instream(content: bytes, clamd_url: str) -> bytes:
    until = time.monotonic() + SECONDS
    with _connected(clamd_url) as line:
        line.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), PIECE):
            piece = content[at : at + PIECE]
            line.settimeout(_left(until))
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            line.settimeout(_left(until))
            more = line.recv(LONGEST_ANSWER)
            if not more:
                break
            answer += more
    if not answer.endswith(b"\0"):
        raise ValueError("the answer has no end")
    return answer.rstrip(b"\0")


def _left(until: float) -> float:
    """Return how many seconds are left; raise TimeoutError if none are."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner takes too long")
    return left
