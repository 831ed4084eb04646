"""Removes for good what should never have been stored or has expired: a file and all that was made of it."""

from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.safeguards.rules import EXPIRED, TOMBSTONE
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.services.copies import discard_files


def remove_file(version: DocumentVersion, *, title_too: bool, store: FileStore) -> None:
    """Remove the file of a version, its copy, the pictures of its pages and its text.

    The files are deleted once the change is committed. The hash stays: nothing can be read from it.
    """
    discard_files(version, store=store)
    _empty(version, TOMBSTONE)
    if title_too:
        version.document.title = TOMBSTONE
    session.flush()


def expire_file(version: DocumentVersion, *, store: FileStore) -> None:
    """Delete the file of a version whose retention has ended, like `remove_file`; title and hash stay."""
    discard_files(version, store=store)
    _empty(version, EXPIRED)
    session.flush()


def _empty(version: DocumentVersion, mark: str) -> None:
    version.file_name = mark
    version.file_key = version.copy_file_key = version.copy_sha256 = version.copy_size = None
    version.text, version.page_texts, version.found = "", None, None
    version.page_sources = []
