"""The files that every page of the site is made of, packed for the way where no proxy does it."""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
PACKED = frozenset({".css", ".js", ".svg"})


@lru_cache(maxsize=64)
def packed(path: Path, changed_at: int) -> bytes:  # noqa: ARG001 -- a changed file is packed anew
    """Return a file packed with gzip; the same file gives the same bytes."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def init_app(app: Flask) -> None:
    """Send static texts packed to whoever takes gzip. Pages are not: they hold tokens (BREACH)."""

    @app.after_request
    def pack(response: Response) -> Response:
        if request.endpoint != "static" or response.status_code != 200:
            return response
        path = STATIC / str((request.view_args or {}).get("filename", ""))
        if path.suffix not in PACKED:
            return response
        response.vary.add("Accept-Encoding")
        if not request.accept_encodings["gzip"]:
            return response
        response.close()  # the file that would have been sent whole
        response.direct_passthrough = False
        response.set_data(packed(path, path.stat().st_mtime_ns))
        response.headers["Content-Encoding"] = "gzip"
        etag, _weak = response.get_etag()
        if etag:
            response.set_etag(f"{etag}-gzip")
        return response
