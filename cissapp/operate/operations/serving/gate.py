"""Lets as many requests work at once as the machine can do, and a few wait; all others are answered at once.

Without it each request waits for all that came before, until nobody gets an answer in time. What arrives or is
read slowly waits outside: a request enters when it is here whole, and leaves when its answer is written.
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

# Whoever watches over the service has to hear from it most when much is asked.
ALWAYS = {"/healthz", "/metrics"}
IN_MEMORY, PIECE = 1_000_000, 65_536
# What is longer is either refused unread, or one of the rare forms with many photographs.
LONGEST_BODY = 12_500_000


class Gate:
    """An application with so many places; with `whole` bodies are read before, and answers written down."""

    def __init__(self, app: "WSGIApplication", *, whole: bool) -> None:
        self.app, self.whole, self.places = app, whole, Places()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request, or say that there is no place for it now."""
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
    """Read what was sent; what is too long stays for the application to refuse."""
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
    """Take the whole answer: how fast it is read concerns nobody but its reader."""
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
        """Forget the file."""
        self.file.close()
