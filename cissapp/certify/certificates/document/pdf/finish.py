"""Turns the drawing into an archivable file with the certified facts embedded, and reads them back."""

from datetime import UTC, datetime, time

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.paper.archive import open_pdf, save_pdf, write_colour_profile
from cissapp.foundation.paper.canvas import TaggedPaper
from cissapp.foundation.paper.metadata import (
    Description,
    read_text_inside,
    stamp_of,
    write_archive_description,
    write_text_inside,
)
from cissapp.foundation.paper.structure import write_structure

# The name under which the facts are embedded in the file.
FACTS = "CISS"


def finish_pdf(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> bytes:
    """Return the bytes of the file, ready to be signed."""
    decided_at = datetime.combine(facts.decided_on, time(), UTC)
    description = Description(
        title=f"{facts.school_name}: {words[0].text.title}",
        subject=f"CISS {facts.number}, {in_groups(facts.code)}",
        author=facts.group_name,
        address=facts.address,
        languages=tuple(said.language for said in words),
        made_at=decided_at,
    )
    with open_pdf(paper.finish()) as pdf:
        write_structure(pdf, paper.root, words[0].language)
        write_colour_profile(pdf)
        write_archive_description(pdf, description)
        write_text_inside(pdf, FACTS, facts.text(), stamp=stamp_of(decided_at))
        return save_pdf(pdf)


def facts_in(content: bytes) -> str | None:
    """Return the text of the facts, or None if there is none; only the signature proves it genuine."""
    return read_text_inside(content, FACTS)
