"""When two spellings of an e-mail address are the same."""

from cissapp.foundation.core.unicode import fold_domain, normalised


def fold_address(email: str) -> str:
    """Fold an address to the form in which two spellings of it are equal; each letter stays itself.

    A mail server may keep a mailbox `straße` beside `strasse`: only small and capital letters are the same.
    """
    local, at, domain = email.strip().rpartition("@")
    small = normalised("NFC", normalised("NFC", local).lower())
    return f"{small}{at}{fold_domain(domain)}".strip()
