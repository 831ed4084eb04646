"""The text of a PDF, page by page."""

from collections.abc import Iterator
from io import BytesIO


def pages_of(content: bytes) -> Iterator[str]:
    """Yield the text of each page; the library is only loaded for an accepted PDF."""
    from pypdf import PdfReader  # noqa: PLC0415 -- slow import

    for page in PdfReader(BytesIO(content)).pages:
        yield page.extract_text() + "\n"
