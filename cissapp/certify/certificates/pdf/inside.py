"""Reads the certified facts that a certificate's file carries."""

from io import BytesIO

import pikepdf


def facts_in(content: bytes) -> str | None:
    """Give the text of the facts; None, if there is none. Whether it is true, the signature tells."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            stream = pdf.Root.PieceInfo.CISS.Private
            return bytes(stream.read_bytes()).decode()
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        return None
