"""Checks whether a file is a statement of learning signed by one of our keys; never raises."""

from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring, PublicKey
from cissapp.learn.statements.document import tokens
from cissapp.learn.statements.document.facts import (
    LearningStatement,
    StatementCheck,
    read_statement,
)
from cissapp.learn.statements.rules import FORMAT, StatementWorth, read_json

LARGEST_FILE = 2_000_000
NAMES = frozenset({"statement", "jws"})

CHANGED = "It was changed after it was signed."
FOREIGN = "It is signed with a key that is not one of ours."
NOTHING = "It does not contain a statement of learning."
COMPROMISED = (
    "The key that signed it was compromised. It is not possible to tell whether the"
    " statement was made before that."
)
OTHER_KEY = "It names a different key from the one that signed it."
SIGNED = "The signature is valid and covers all of it."


def claims_to_be_statement(content: bytes) -> bool:
    """Check whether a file claims to be a statement of learning, without parsing it."""
    return FORMAT.encode() in content


def is_pdf(content: bytes) -> bool:
    """Check whether a file looks like a PDF."""
    return b"%PDF-" in content[:1024]


def check_file(content: bytes, ring: Keyring) -> StatementCheck:
    """Check a PDF, or the JSON of a statement, by the public keys alone."""
    if len(content) > LARGEST_FILE:
        return StatementCheck(StatementWorth.NO_STATEMENT, NOTHING)
    return _pdf(content, ring) if is_pdf(content) else _json(content, ring)


def _pdf(content: bytes, ring: Keyring) -> StatementCheck:
    from cissapp.learn.statements.document import page as pdf  # noqa: PLC0415 -- slow import

    found = seal.examine(content, ring)
    if not found.readable or not found.signatures:
        return StatementCheck(StatementWorth.NO_STATEMENT, NOTHING)
    if found.intact and found.key is None:
        return StatementCheck(StatementWorth.NOT_OURS, FOREIGN)
    if not found.good or found.key is None:
        return StatementCheck(StatementWorth.ALTERED, CHANGED)
    try:
        statement = read_statement(pdf.statement_in(content) or "")
    except ValueError:
        return StatementCheck(StatementWorth.NO_STATEMENT, NOTHING)
    return _judged(statement, found.key)


def _json(content: bytes, ring: Keyring) -> StatementCheck:
    try:
        document = read_json(content.decode("utf-8-sig"))
        if set(document) != NAMES or not isinstance(document["jws"], str):
            return StatementCheck(StatementWorth.NO_STATEMENT, NOTHING)
        token = tokens.read_token(document["jws"])
        statement = read_statement(token.text)
    except ValueError:
        return StatementCheck(StatementWorth.NO_STATEMENT, NOTHING)
    key = ring.by_id(token.key_id)
    if key is None or key.ed25519 is None:
        return StatementCheck(StatementWorth.NOT_OURS, FOREIGN)
    same = canonical(document["statement"]) == statement.text()
    if not same or not tokens.is_signed_by(token, key.ed25519):
        return StatementCheck(StatementWorth.ALTERED, CHANGED)
    return _judged(statement, key)


def _judged(statement: LearningStatement, key: PublicKey) -> StatementCheck:
    if statement.key_id != key.id:
        return StatementCheck(StatementWorth.ALTERED, OTHER_KEY)
    if key.compromised_at is not None:
        return StatementCheck(StatementWorth.UNKNOWN, COMPROMISED)
    return StatementCheck(StatementWorth.GENUINE, SIGNED, statement)
