"""Word files; the code that writes them is imported on first use."""

from cissapp.foundation.office.manuscripts import Manuscript


def docx_of(manuscript: Manuscript) -> bytes:
    """Return the text as DOCX, on A4, in its language."""
    from cissapp.foundation.office import documents  # noqa: PLC0415 -- python-docx is slow to import

    return documents.docx_of(manuscript)
