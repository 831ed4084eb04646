"""When two spellings of an e-mail address are the same."""

from cissapp.foundation.core.unicode import normalised

# Mail programs read it as the dot of a domain; NFKC turns its half-width form into it.
IDEOGRAPHIC_DOT = "\u3002"


def fold_address(email: str) -> str:
    """Fold an address to the form in which two spellings of it are equal."""
    folded = normalised("NFKC", email).casefold()
    return normalised("NFKC", folded).replace(IDEOGRAPHIC_DOT, ".").strip()
