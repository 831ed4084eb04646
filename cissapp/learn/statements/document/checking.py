"""Finds out whether a file is a statement of learning as one of our keys signed it; never raises."""

from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring, PublicKey
from cissapp.learn.statements.document import page as pdf
from cissapp.learn.statements.document import tokens
from cissapp.learn.statements.document.facts import Found, Statement, read
from cissapp.learn.statements.rules import FORMAT, Worth, read_json

LARGEST_FILE = 2_000_000
NAMES = frozenset({"statement", "jws"})

CHANGED = "It was changed after it was signed."
FOREIGN = "It is signed by a key that is not one of ours."
NOTHING = "It carries no statement of learning."
COMPROMISED = (
    "The key that signed it fell into other hands. Nobody can tell whether it was made before that."
)
OTHER_KEY = "It names another key than the one that signed it."
SIGNED = "The signature holds, over all of it."


def says_so(content: bytes) -> bool:
    """Say whether a file says of itself that it is a statement of learning. Nothing is opened."""
    return FORMAT.encode() in content


def is_pdf(content: bytes) -> bool:
    """Say whether a file looks like a PDF."""
    return b"%PDF-" in content[:1024]


def examine(content: bytes, ring: Keyring) -> Found:
    """Look at a PDF, or at the JSON of a statement, by the public keys alone."""
    if len(content) > LARGEST_FILE:
        return Found(Worth.NO_STATEMENT, NOTHING)
    return _pdf(content, ring) if is_pdf(content) else _json(content, ring)


def _pdf(content: bytes, ring: Keyring) -> Found:
    found = seal.examine(content, ring)
    if not found.readable or not found.signatures:
        return Found(Worth.NO_STATEMENT, NOTHING)
    if found.intact and found.key is None:
        return Found(Worth.NOT_OURS, FOREIGN)
    if not found.good or found.key is None:
        return Found(Worth.ALTERED, CHANGED)
    try:
        statement = read(pdf.statement_in(content) or "")
    except ValueError:
        return Found(Worth.NO_STATEMENT, NOTHING)
    return _judged(statement, found.key)


def _json(content: bytes, ring: Keyring) -> Found:
    try:
        document = read_json(content.decode("utf-8-sig"))
        if set(document) != NAMES or not isinstance(document["jws"], str):
            return Found(Worth.NO_STATEMENT, NOTHING)
        token = tokens.read_token(document["jws"])
        statement = read(token.text)
    except ValueError:
        return Found(Worth.NO_STATEMENT, NOTHING)
    key = ring.by_id(token.key_id)
    if key is None or key.ed25519 is None:
        return Found(Worth.NOT_OURS, FOREIGN)
    same = canonical(document["statement"]) == statement.text()
    if not same or not tokens.is_signed_by(token, key.ed25519):
        return Found(Worth.ALTERED, CHANGED)
    return _judged(statement, key)


def _judged(statement: Statement, key: PublicKey) -> Found:
    if statement.key_id != key.id:
        return Found(Worth.ALTERED, OTHER_KEY)
    if key.compromised_at is not None:
        return Found(Worth.UNKNOWN, COMPROMISED)
    return Found(Worth.GENUINE, SIGNED, statement)
