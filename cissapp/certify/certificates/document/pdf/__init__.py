"""Draws the certificate: one A4 page, tagged, with embedded fonts; the same bytes for the same facts."""

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.finish import facts_in, finish_pdf
from cissapp.certify.certificates.document.pdf.layout import paint_page
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.foundation.paper.text import Unprintable

__all__ = ["CertificateWords", "Unprintable", "draw_page", "facts_in"]


def draw_page(
    facts: CertificateFacts, words: tuple[CertificateWords, ...], logo: bytes | None = None
) -> bytes:
    """Draw the certificate in these languages, the first one large, with a logo (PNG); raise `Unprintable`."""
    return finish_pdf(paint_page(facts, words, logo), facts, words)
