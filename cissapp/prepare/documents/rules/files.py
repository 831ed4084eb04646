"""A file as it was sent, and as it was examined."""

from msgspec import Struct

from cissapp.foundation.intake.results import AcceptedFile
from cissapp.prepare.documents.rules.states import TextSource


class UploadedFile(Struct, frozen=True):
    """A file as it was sent."""

    content: bytes
    file_name: str


class CheckedFile(Struct, frozen=True):
    """A file as it was sent, with the result of its examination.

    `sources` holds the source of the text of each page; empty if all of it is the file's own.
    """

    content: bytes
    file_name: str
    examined: AcceptedFile
    sources: tuple[TextSource, ...] = ()
