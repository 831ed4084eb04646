"""Says whether a document is the one that was approved: the very file, or another file with its text."""

import hashlib

from cissapp.certify.certificates.facts import Facts
from cissapp.foundation.intake import look_again
from cissapp.prepare.documents.rules.same_text import normalised_text_sha256
from cissapp.verify.verification.rules import Approved, Compared, same_file, same_text


def approved(facts: Facts) -> list[Approved]:
    """List the documents that a certificate names."""
    return [
        Approved(one.evidence_code, one.version, one.sha256, one.text_sha256)
        for one in facts.documents
    ]


def compare_hash(sha256: str, facts: Facts) -> Compared | None:
    """Compare a document of which only the hash is known; None, if that is not enough."""
    return same_file(sha256, approved(facts))


def compare(content: bytes, facts: Facts) -> Compared:
    """Compare a document; its text is read in a process that is shut in, and nothing of it is kept."""
    documents = approved(facts)
    found = same_file(hashlib.sha256(content).hexdigest(), documents)
    return found or same_text(_text_sha256(content), documents)


def _text_sha256(content: bytes) -> str | None:
    taken = look_again(content)
    if taken is None:
        return None
    return normalised_text_sha256(
        taken.text, pages=taken.pages, texts=taken.texts if taken.pages else None
    )
