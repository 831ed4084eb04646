"""Keeps the files of a long list for as long as any cache may: making one anew takes half a second of CPU."""

import hashlib
import os
from collections.abc import Hashable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO

from flask import Response, current_app, request
from msgspec import Struct, field

from cissapp.foundation.core import clock

EXTENSION = "ciss-kept-files"
CHUNK = 256 * 1024
# The whole list, and three searches; with 170,000 schools in the list each takes 70 MB of the disk.
MOST_KEPT = 4


class KeptFile:
    """A file without a name on the disk, which goes with the last answer that reads it."""

    def __init__(self, made_at: datetime, file: IO[bytes]) -> None:
        self.made_at = made_at
        self.mark = hashlib.sha256()
        self._file = file

    def __del__(self) -> None:
        """Close the file."""
        self._file.close()

    def takes(self, piece: bytes) -> bool:
        """Add the next piece; return whether the disk had room for it."""
        self.mark.update(piece)
        with suppress(OSError):
            return self._file.write(piece) == len(piece)
        return False

    def pieces(self) -> Iterator[bytes]:
        """Read the file from its beginning; several threads may do so at the same time."""
        at = 0
        while piece := os.pread(self._file.fileno(), CHUNK, at):
            yield piece
            at += len(piece)


class KeptFiles(Struct):
    """The newest files of a process, and the keys of those that are being made."""

    files: dict[Hashable, KeptFile] = field(default_factory=dict)
    making: set[Hashable] = field(default_factory=set)

    def add(self, key: Hashable, file: KeptFile) -> None:
        """Keep a file, instead of the oldest if there are many."""
        self.files.pop(key, None)
        self.files[key] = file
        for oldest in list(self.files)[:-MOST_KEPT]:
            self.files.pop(oldest, None)

    def drop(self, made_before: datetime) -> None:
        """Let files go that were made until some time."""
        for key, file in list(self.files.items()):
            if file.made_at <= made_before:
                self.files.pop(key, None)


def kept(response: Response, key: Hashable, *, seconds: int) -> Response:
    """Answer with the kept file of this key instead, if it was made within the last seconds.

    A cache may keep the answer for the rest of this time.
    """
    here, oldest = _kept_files(), clock.now() - timedelta(seconds=seconds)
    here.drop(oldest)
    found = here.files.get(key)
    if found is None:
        return response
    response.response = found.pieces()
    response.cache_control.max_age = int((found.made_at - oldest).total_seconds())
    response.set_etag(found.mark.hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response


def keep(pieces: Iterator[bytes], key: Hashable) -> Iterator[bytes]:
    """Return the pieces of a file, which is kept once all are made."""
    return _keep(_kept_files(), pieces, key, clock.now())


def _keep(
    kept: KeptFiles, pieces: Iterator[bytes], key: Hashable, made_at: datetime
) -> Iterator[bytes]:
    head = next(pieces, b"")
    # Who takes it slowly keeps nobody else from making the file.
    yield head
    if key in kept.making:
        yield from pieces
        return
    kept.making.add(key)
    try:
        copy = _new_file(made_at, head)
        for piece in pieces:
            copy = copy if copy and copy.takes(piece) else None
            yield piece
        if copy:
            kept.add(key, copy)
    finally:
        kept.making.discard(key)


def _new_file(made_at: datetime, head: bytes) -> KeptFile | None:
    """Begin a file; None if the disk is full."""
    with suppress(OSError):
        file = KeptFile(made_at, TemporaryFile(buffering=0))  # noqa: SIM115 -- closed with it
        return file if file.takes(head) else None
    return None


def _kept_files() -> KeptFiles:
    found: KeptFiles = current_app.extensions.setdefault(EXTENSION, KeptFiles())
    return found
