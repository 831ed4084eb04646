"""Keeps the files of a long list for as long as any cache may: making one anew takes half a second of CPU."""

import hashlib
import os
from collections.abc import Hashable, Iterator
from datetime import datetime, timedelta
from tempfile import TemporaryFile

from flask import Response, current_app, request

from cissapp.foundation.core import clock

EXTENSION = "ciss-kept-files"
CHUNK = 256 * 1024
# The whole list, and three searches; with 170,000 schools in the list each takes 70 MB of the disk.
MOST_KEPT = 4

Files = dict[Hashable, "KeptFile"]


class KeptFile:
    """A file without a name on the disk, which goes with the last answer that reads it."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.mark = hashlib.sha256()
        self._file = TemporaryFile()  # noqa: SIM115 -- closed with this object

    def __del__(self) -> None:
        """Close the file."""
        self._file.close()

    def write(self, piece: bytes) -> None:
        """Add the next piece."""
        self.mark.update(piece)
        self._file.write(piece)

    def end(self) -> None:
        """Make all pieces readable."""
        self._file.flush()

    def pieces(self) -> Iterator[bytes]:
        """Read the file from its beginning; several threads may do so at the same time."""
        at = 0
        while piece := os.pread(self._file.fileno(), CHUNK, at):
            yield piece
            at += len(piece)


def kept(response: Response, key: Hashable, *, seconds: int) -> Response:
    """Answer with the kept file of this key instead, if it is not older than some seconds.

    A cache may keep the answer for the rest of this time.
    """
    found, age = _files().get(key), timedelta(seconds=seconds)
    if found is None or clock.now() - found.at >= age:
        return response
    response.response = found.pieces()
    response.cache_control.max_age = int((found.at + age - clock.now()).total_seconds())
    response.set_etag(found.mark.hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response


def keep(pieces: Iterator[bytes], key: Hashable, *, at: datetime) -> Iterator[bytes]:
    """Return the pieces of a file, which is kept once all are made; `at` is the time that it describes."""
    return _keep(_files(), pieces, key, at)


def _keep(files: Files, pieces: Iterator[bytes], key: Hashable, at: datetime) -> Iterator[bytes]:
    file = KeptFile(at)
    for piece in pieces:
        file.write(piece)
        yield piece
    file.end()
    files.pop(key, None)
    files[key] = file
    for oldest in list(files)[:-MOST_KEPT]:
        files.pop(oldest, None)


def _files() -> Files:
    found: Files = current_app.extensions.setdefault(EXTENSION, {})
    return found
