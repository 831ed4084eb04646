"""When two spellings of an e-mail address are the same, and which address nobody has."""

from uuid import UUID

from cissapp.foundation.core.unicode import fold_domain, normalised

# Reserved for addresses to which nothing is ever delivered (RFC 2606).
GIVEN_UP = "given-up.invalid"


def fold_address(email: str) -> str:
    """Fold an address to the form in which two spellings of it are equal; each letter stays itself.

    A mail server may keep a mailbox `straße` beside `strasse`: only small and capital letters are the same.
    """
    local, at, domain = email.strip().rpartition("@")
    small = normalised("NFC", normalised("NFC", local).lower())
    return f"{small}{at}{fold_domain(domain)}".strip()


def given_up_address(person_id: UUID) -> str:
    """Return the address of a closed account whose own address somebody else has now."""
    return f"{person_id.hex}@{GIVEN_UP}"
