"""The accepted kinds of file. It imports nothing, because the worker loads it for every file."""

from enum import StrEnum


class MediaType(StrEnum):
    """The kinds of file that are accepted."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"


# The type under which each kind is served, whatever the sender called it.
SERVED_AS = {
    MediaType.PDF: "application/pdf",
    MediaType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    MediaType.ODT: "application/vnd.oasis.opendocument.text",
}
