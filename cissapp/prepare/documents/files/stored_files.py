"""Reads the files of a version from the store: only the bytes that were stored are returned."""

import hashlib

from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake.examination import examine_again
from cissapp.prepare.documents.models import DocumentVersion, PagePicture


class DamagedFile(Exception):
    """A stored file is missing, or is not the one that was stored."""


def read_original(version: DocumentVersion, store: FileStore) -> bytes:
    """Return the file as the school uploaded it; raise `DamagedFile` if it is missing or was changed.

    Raise `Missing` if it was removed for good.
    """
    if version.file_key is None:
        raise Missing
    return _whole(version.file_key, version.sha256, f"file of version {version.id}", store)


def read_copy(version: DocumentVersion, store: FileStore) -> bytes:
    """Return the file without the names and places in it; a missing copy is made now."""
    if version.copy_file_key and version.copy_sha256:
        name = f"copy of version {version.id}"
        return _whole(version.copy_file_key, version.copy_sha256, name, store)
    taken = examine_again(read_original(version, store))
    if taken is None:
        raise DamagedFile(f"no copy of version {version.id} can be made")
    return taken.copy


def read_picture(row: PagePicture, store: FileStore) -> bytes:
    """Return the picture of a page."""
    name = f"picture of page {row.number} of version {row.version_id}"
    return _whole(str(row.file_key), str(row.sha256), name, store)


def read_attachment(key: str, sha256: str, store: FileStore) -> bytes:
    """Return a file that is not a version of a document; raise `DamagedFile` if it is missing or changed."""
    return _whole(key, sha256, f"file {key}", store)


def read_page(key: str, store: FileStore) -> bytes:
    """Return a page that was made of a photograph; raise DamagedFile if it is gone."""
    return _read(key, f"file {key}", store)


def _whole(key: str, sha256: str, name: str, store: FileStore) -> bytes:
    content = _read(key, name, store)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFile(f"{name} does not have its hash")
    return content


def _read(key: str, name: str, store: FileStore) -> bytes:
    try:
        return store.get(key)
    except FileNotFoundError as error:
        raise DamagedFile(f"{name} is missing") from error
