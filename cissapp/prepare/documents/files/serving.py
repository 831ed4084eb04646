"""Serves a stored file: only the bytes that were stored, as a fixed type, and never as a page."""

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from typing import Protocol

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake.media import SERVED_AS, MediaType
from cissapp.foundation.web import errors
from cissapp.foundation.web.headers import SANDBOX
from cissapp.prepare.documents.files import stored_files
from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.prepare.documents.models import DocumentVersion, PagePicture

__all__ = [
    "DamagedFile",
    "serve_attachment",
    "serve_copy",
    "serve_jpeg",
    "serve_original",
    "serve_picture",
]

PICTURE_TYPE = "image/webp"


class NamedFile(Protocol):
    """A file with the name under which it was sent, and its type."""

    @property
    def file_name(self) -> str:
        """The name."""

    @property
    def media_type(self) -> MediaType:
        """What the content is."""


class StoredFile(NamedFile, Protocol):
    """A file in the store."""

    @property
    def file_key(self) -> str:
        """Where it is kept."""

    @property
    def sha256(self) -> str:
        """Its hash."""


def serve_original(version: DocumentVersion, store: FileStore) -> ResponseReturnValue:
    """Answer with the file as it was uploaded, only for the school that uploaded it."""
    return _download(version, lambda: stored_files.read_original(version, store))


def serve_copy(version: DocumentVersion, store: FileStore) -> ResponseReturnValue:
    """Answer with the copy without the names and places in it: for everybody else who may read it.

    A damaged file is a fault that is logged, never served.
    """
    return _download(version, lambda: stored_files.read_copy(version, store))


def serve_attachment(file: StoredFile, store: FileStore) -> ResponseReturnValue:
    """Answer with a file that is not a version of a document, such as one from a reviewer to the school."""
    return _download(file, lambda: stored_files.read_attachment(file.file_key, file.sha256, store))


def serve_picture(row: PagePicture, store: FileStore) -> ResponseReturnValue:
    """Answer with the picture of a page."""
    try:
        content = stored_files.read_picture(row, store)
    except DamagedFile as damage:
        return errors.fault(HTTPStatus.INTERNAL_SERVER_ERROR, damage)
    return _shut_in(Response(content, mimetype=PICTURE_TYPE))


def serve_jpeg(key: str, store: FileStore) -> ResponseReturnValue:
    """Answer with a page that was made of a photograph."""
    try:
        content = stored_files.read_page(key, store)
    except DamagedFile as damage:
        return errors.fault(HTTPStatus.INTERNAL_SERVER_ERROR, damage)
    return _shut_in(Response(content, mimetype="image/jpeg"))


def _download(version: NamedFile, read: Callable[[], bytes]) -> ResponseReturnValue:
    try:
        content = read()
    except DamagedFile as damage:
        return errors.fault(HTTPStatus.INTERNAL_SERVER_ERROR, damage)
    answer = send_file(
        BytesIO(content),
        mimetype=SERVED_AS[version.media_type],
        as_attachment=True,
        download_name=_name(version),
        conditional=False,
        etag=False,
    )
    return _shut_in(answer)


def _shut_in(answer: Response) -> Response:
    """Sandbox a file in case it is opened as a page, and forbid caching it."""
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _name(version: NamedFile) -> str:
    """Return the name for saving; its extension matches the content."""
    ending = f".{version.media_type.value}"
    name = version.file_name
    return name if name.casefold().endswith(ending) else f"{name}{ending}"
