"""Checks whether a document is the approved one: the same file, or another file with the same text."""

import hashlib

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.foundation.intake import examine_again
from cissapp.prepare.documents.rules.same_text import normalised_text_sha256
from cissapp.verify.verification.rules import (
    ApprovedDocument,
    DocumentComparison,
    same_file,
    same_text,
)


def approved_documents(facts: CertificateFacts) -> list[ApprovedDocument]:
    """List the documents that a certificate names."""
    return [
        ApprovedDocument(one.evidence_code, one.version, one.sha256, one.text_sha256)
        for one in facts.documents
    ]


def compare_hash(sha256: str, facts: CertificateFacts) -> DocumentComparison | None:
    """Compare a document by its hash only; return None if no approved file has it."""
    return same_file(sha256, approved_documents(facts))


def compare_document(content: bytes, facts: CertificateFacts) -> DocumentComparison:
    """Compare a document; its text is read in an isolated process, and nothing of it is kept."""
    documents = approved_documents(facts)
    found = same_file(hashlib.sha256(content).hexdigest(), documents)
    return found or same_text(_text_sha256(content), documents)


def _text_sha256(content: bytes) -> str | None:
    taken = examine_again(content)
    if taken is None:
        return None
    return normalised_text_sha256(
        taken.text, pages=taken.pages, texts=taken.texts if taken.pages else None
    )
