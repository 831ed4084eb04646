"""Looks at a text for every kind of sign."""

from cissapp.safeguards.rules.disclosures import disclosures
from cissapp.safeguards.rules.folding import folded, shortened
from cissapp.safeguards.rules.identity import numbers
from cissapp.safeguards.rules.names import named
from cissapp.safeguards.rules.phrases import words_of
from cissapp.safeguards.rules.signs import Kind, Sign


def look(text: str, *, country: str | None = None) -> list[Sign]:  # noqa: ARG001 -- a place for rules of one country only
    """List the signs of a text, in their order; at most its first 500,000 characters are looked at.

    What is found may be harmless, and what is not found may be there: no list of words knows every story.
    """
    text = shortened(text)
    flat = folded(text)
    words = words_of(flat.text)
    seen = {
        Kind.IDENTITY_NUMBER: numbers(flat.text),
        Kind.CHILD_NAMED: named(text, flat, words),
        Kind.DISCLOSURE: disclosures(flat.text, words),
    }
    signs = {Sign(kind, *flat.place(*place)) for kind, places in seen.items() for place in places}
    return sorted(signs, key=lambda sign: (sign.start, sign.end, sign.kind))
