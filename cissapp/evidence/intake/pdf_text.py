"""The text of a PDF, page by page, as far as the limit reaches."""

import logging
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader

LONGEST = 500_000


def pages_of(content: bytes) -> Iterator[str]:
    """Give the text of each page."""
    logging.disable()
    size = 0
    for page in PdfReader(BytesIO(content)).pages:
        text = page.extract_text()
        yield text
        size += len(text)
        if size > LONGEST:
            return
