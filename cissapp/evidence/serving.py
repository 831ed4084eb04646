"""Serves a stored file: only the bytes that were taken, only as a download, under a type of ours."""

import hashlib
from http import HTTPStatus
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue
from obstore.exceptions import NotFoundError

from cissapp.core.storage import FileStore
from cissapp.evidence.models import DocumentVersion
from cissapp.evidence.rules import SERVED_AS
from cissapp.web import errors
from cissapp.web.headers import SANDBOX


class Damaged(Exception):
    """A stored file is gone, or is not the one that was taken."""


def served(version: DocumentVersion, store: FileStore) -> ResponseReturnValue:
    """Answer with the file of a version; a damaged one is a fault that is logged, never served."""
    try:
        content = _whole(version, store)
    except Damaged as damage:
        return errors.fault(HTTPStatus.INTERNAL_SERVER_ERROR, damage)
    answer = send_file(
        BytesIO(content),
        mimetype=SERVED_AS[version.media_type],
        as_attachment=True,
        download_name=_name(version),
        conditional=False,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _whole(version: DocumentVersion, store: FileStore) -> bytes:
    try:
        content = store.get(version.file_key)
    except (FileNotFoundError, NotFoundError) as error:
        raise Damaged(f"file of version {version.id} is missing") from error
    if hashlib.sha256(content).hexdigest() != version.sha256:
        raise Damaged(f"file of version {version.id} does not have its hash")
    return content


def _name(version: DocumentVersion) -> str:
    """Give the name for saving; its ending says what the content is."""
    ending = f".{version.media_type.value}"
    name = version.file_name
    return name if name.casefold().endswith(ending) else f"{name}{ending}"
