"""Compresses static files and pages with gzip where no proxy does it.

A page holds secrets next to text from its address. An attacker who can make a browser request it repeatedly,
and see the length of the answers, could derive the secrets from it (BREACH). So a page is compressed only if
the browser itself states that no other site sent the request; its compressed length varies at random; and
the form token is signed again every second.
"""

import gzip
import secrets
import struct
import zlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from cissapp.foundation.web.origin import OWN

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
PACKED = frozenset({".css", ".js", ".svg"})
PAGE = "text/html"
LEVEL = 6
LEAST_BYTES = 1000  # below it there is nothing to gain
MOST_PADDING = 64
# The head of a packed file with a name (RFC 1952): no time, no system. The name is the padding.
HEAD_WITH_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"
LETTERS = bytes(range(ord("A"), ord("Z") + 1))


@lru_cache(maxsize=64)
def packed(path: Path, changed_at: int) -> bytes:  # noqa: ARG001 -- a changed file is packed anew
    """Return a file packed with gzip; the same file gives the same bytes."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def packed_page(page: bytes) -> bytes:
    """Return a page packed with gzip, longer by a random number of bytes each time."""
    padding = bytes(secrets.choice(LETTERS) for _ in range(secrets.randbelow(MOST_PADDING)))
    work = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    end = struct.pack("<LL", zlib.crc32(page), len(page) & 0xFFFFFFFF)
    return b"".join((HEAD_WITH_NAME, padding, b"\0", work.compress(page), work.flush(), end))


def _file(response: Response) -> bytes | None:
    path = STATIC / str((request.view_args or {}).get("filename", ""))
    if path.suffix not in PACKED:
        return None
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return None
    response.close()  # the file that would have been sent whole
    response.direct_passthrough = False
    return packed(path, path.stat().st_mtime_ns)


def _page(response: Response) -> bytes | None:
    if response.mimetype != PAGE or response.is_streamed or response.direct_passthrough:
        return None
    response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    if request.headers.get("Sec-Fetch-Site") not in OWN or not request.accept_encodings["gzip"]:
        return None
    page = response.get_data()
    return packed_page(page) if len(page) >= LEAST_BYTES else None


def init_app(app: Flask) -> None:
    """Send static files and pages compressed to clients that accept gzip."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.status_code != 200 or "Content-Encoding" in response.headers:
            return response
        content = _file(response) if request.endpoint == "static" else _page(response)
        if content is None:
            return response
        response.set_data(content)
        response.headers["Content-Encoding"] = "gzip"
        etag, weak = response.get_etag()
        if etag:
            response.set_etag(f"{etag}-gzip", weak=bool(weak))
        return response
