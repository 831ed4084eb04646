"""When two spellings of an e-mail address are the same."""

from cissapp.foundation.core.unicode import normalised


def fold_address(email: str) -> str:
    """Fold an address to the form in which two spellings of it are equal."""
    folded = normalised("NFKC", email).casefold()
    return normalised("NFKC", folded).strip()
