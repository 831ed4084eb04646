"""Limits concurrent requests to what the machine can handle; a few wait, and the rest are refused at once.

Without it each request waits for all that came before, until nobody gets an answer in time. Slow clients
wait outside: a request enters once it has fully arrived, and leaves once its answer is written.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from cissapp.foundation.web.overload import TOO_MANY
from cissapp.operate.operations.serving.places import Places

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Monitoring needs answers most when the load is high.
ALWAYS = {"/healthz", "/metrics"}
IN_MEMORY, PIECE = 1_000_000, 65_536
# Longer bodies are either refused unread, or come from the rare forms with many photographs.
LONGEST_BODY = 12_500_000


class Gate:
    """An application with a limited number of places; with `whole`, bodies and answers are buffered."""

    def __init__(self, app: "WSGIApplication", *, whole: bool) -> None:
        self.app, self.whole, self.places = app, whole, Places()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request, or report that there is no place for it now."""
        if environ.get("PATH_INFO") in ALWAYS:
            return self.app(environ, start_response)
        if not self.whole:
            return self._pass(environ, start_response)
        with _read_body(environ):
            return self._pass(environ, start_response)

    def _pass(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not self.places.enter():
            environ[TOO_MANY] = True
            return self.app(environ, start_response)
        try:
            answer = self.app(environ, start_response)
            return _written_down(answer) if self.whole else answer
        finally:
            self.places.leave()


def _spool() -> "tempfile.SpooledTemporaryFile[bytes]":
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


@contextmanager
def _read_body(environ: "WSGIEnvironment") -> Iterator[None]:
    """Buffer the request body; one that is too long is left for the application to refuse."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    chunked = "chunked" in str(environ.get("HTTP_TRANSFER_ENCODING", "")).lower()
    if not chunked and (not length.isdigit() or not 0 < int(length) <= LONGEST_BODY):
        yield
        return
    source: Any = environ["wsgi.input"]
    fits = not chunked and int(length) <= IN_MEMORY
    with BytesIO() if fits else _spool() as body:
        read = 0
        while read <= LONGEST_BODY and (piece := source.read(PIECE)):
            read += body.write(piece)
        body.seek(0)
        environ["wsgi.input"] = body
        yield


def _written_down(answer: Iterable[bytes]) -> Iterable[bytes]:
    """Buffer the whole answer, so that a slow reader does not occupy a place."""
    if isinstance(answer, list):
        return answer
    pieces, size, rest = [], 0, iter(answer)
    try:
        for piece in rest:
            pieces.append(piece)
            size += len(piece)
            if size > IN_MEMORY:
                return _in_a_file(chain(pieces, rest))
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    return [b"".join(pieces)]


def _in_a_file(pieces: Iterable[bytes]) -> "_Pieces":
    spool = _spool()
    for piece in pieces:
        spool.write(piece)
    spool.seek(0)
    return _Pieces(spool)


class _Pieces:
    """A file in pieces, closed at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(PIECE), b"")

    def close(self) -> None:
        """Close the file."""
        self.file.close()
