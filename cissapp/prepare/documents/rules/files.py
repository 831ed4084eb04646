"""A file as it was sent, and as it was examined."""

from dataclasses import dataclass

from cissapp.foundation.intake.results import AcceptedFile


@dataclass(frozen=True)
class UploadedFile:
    """A file as it was sent."""

    content: bytes
    file_name: str


@dataclass(frozen=True)
class CheckedFile:
    """A file as it was sent, with what its examination found."""

    content: bytes
    file_name: str
    examined: AcceptedFile
