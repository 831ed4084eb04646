"""PDF files of manuscripts; the drawing code is imported on first use."""

from cissapp.foundation.office.manuscripts import Manuscript


def pdf_of(manuscript: Manuscript) -> bytes:
    """Return the text as PDF, tagged, on A4."""
    from cissapp.foundation.office import printing  # noqa: PLC0415 -- slow import

    return printing.draw_manuscript(manuscript)
