"""Draws the certificate: one A4 page, tagged, with embedded fonts; the same bytes for the same facts."""

from cissapp.certificates.facts import Facts
from cissapp.certificates.pdf.finish import finish
from cissapp.certificates.pdf.inside import facts_in
from cissapp.certificates.pdf.layout import paint
from cissapp.certificates.pdf.text import Unprintable
from cissapp.certificates.pdf.words import Words

__all__ = ["Unprintable", "Words", "draw", "facts_in"]


def draw(facts: Facts, words: tuple[Words, ...]) -> bytes:
    """Draw the certificate in these languages, the first one large; raise `Unprintable`."""
    return finish(paint(facts, words), facts, words)
