"""Draws the certificate: one A4 page, tagged, with embedded fonts; the same bytes for the same facts."""

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.foundation.paper.text import Unprintable

__all__ = ["CertificateWords", "Unprintable", "draw_page", "facts_in"]


def draw_page(
    facts: CertificateFacts, words: tuple[CertificateWords, ...], logo: bytes | None = None
) -> bytes:
    """Draw the certificate in these languages, the first one large, with a logo (PNG); raise `Unprintable`."""
    from cissapp.certify.certificates.document.pdf import finish, layout  # noqa: PLC0415 -- slow import

    return finish.finish_pdf(layout.paint_page(facts, words, logo), facts, words)


def facts_in(content: bytes) -> str | None:
    """Return the text of the facts, or None if there is none; only the signature proves it genuine."""
    from cissapp.certify.certificates.document.pdf import finish  # noqa: PLC0415 -- slow import

    return finish.facts_in(content)
