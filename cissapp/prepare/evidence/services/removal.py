"""Takes out for good what should never have come in: a file with all that was made of it, or texts."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.safeguards.rules import TOMBSTONE
from cissapp.prepare.evidence.models import (
    DocumentVersion,
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    SelfScore,
    ToldOffice,
)
from cissapp.prepare.evidence.services.copies import discard

HOLDERS: dict[type[Any], tuple[str, ...]] = {
    SelfScore: ("text", "pages"),
    ReportingMechanism: (
        "confidentiality",
        "no_retaliation",
        "about_staff",
        "evidence_rule",
        "out_of_hours",
        "holiday_cover",
        "parents_contact",
    ),
    ReportingPerson: ("office", "contact", "hours"),
    ReportingChannel: ("description", "contact", "hours"),
    EscalationStep: ("body", "when_called", "contact"),
    ToldOffice: ("office", "learns"),
}


def take_out_file(version: DocumentVersion, *, title_too: bool, store: FileStore) -> None:
    """Take out the file of a version, its copy, the pictures of its pages and its text.

    The files go once the change is kept. The hash of the file stays: nothing can be read from it.
    """
    discard(version, store=store)
    version.file_key = version.copy_file_key = version.copy_sha256 = version.copy_size = None
    version.file_name = TOMBSTONE
    version.text, version.page_texts, version.found = "", None, None
    if title_too:
        version.document.title = TOMBSTONE
    session.flush()


def take_out_texts(school_id: UUID, gone: set[str]) -> None:
    """Replace these texts wherever the dossier of a school has them today."""
    for row, name in _holding(school_id, gone):
        setattr(row, name, TOMBSTONE)
    session.flush()


def _holding(school_id: UUID, gone: set[str]) -> Iterator[tuple[Any, str]]:
    for kind, names in HOLDERS.items():
        for row in session.scalars(select(kind).where(kind.school_id == school_id)):
            for name in names:
                if getattr(row, name) in gone:
                    yield row, name
