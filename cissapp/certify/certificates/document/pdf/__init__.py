"""Draws the certificate: one A4 page, tagged, with embedded fonts; the same bytes for the same facts."""

from cissapp.certify.certificates.document.facts import Facts
from cissapp.certify.certificates.document.pdf.finish import facts_in, finish
from cissapp.certify.certificates.document.pdf.layout import paint
from cissapp.certify.certificates.document.pdf.words import Words
from cissapp.foundation.paper.text import Unprintable

__all__ = ["Unprintable", "Words", "draw", "facts_in"]


def draw(facts: Facts, words: tuple[Words, ...]) -> bytes:
    """Draw the certificate in these languages, the first one large; raise `Unprintable`."""
    return finish(paint(facts, words), facts, words)
