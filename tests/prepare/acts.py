"""What the tests do in the name of a school: documents, entries and scores; and what the trail says of it."""

from datetime import timedelta

from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.intake import AcceptedFile
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.assessment import services as assessment
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.rules.files import CheckedFile
from cissapp.prepare.mechanism.rules.parts import (
    PersonFacts,
    TimeLimits,
)
from tests.factories import NOW

LATER = NOW + timedelta(minutes=5)

EXAMINED = AcceptedFile(MediaType.PDF, "Everybody looks after everybody.", 1, ())

PERSON = PersonFacts("Psychologist", "room 7", "9-15", trained=True)

LIMITS = TimeLimits(24, 1, 3)


def add(school, by, store, raw=b"one", **values):
    values = {"title": "Safety policy", "evidence_code": "POL", **values}
    file = CheckedFile(raw, values.pop("file_name", "policy.pdf"), EXAMINED)
    return documents.add_document(school, file=file, store=store, by=by, at=NOW, **values)


def more(document, by, store, raw):
    file = CheckedFile(raw, "next.pdf", EXAMINED)
    return documents.add_version(document, file=file, store=store, by=by, at=LATER)


def trail(school):
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.school_id == school.id).order_by(AuditEntry.id)
    )
    return [(row.event.value, row.facts) for row in rows]


def score(school, by, facts, *, criterion_id="A4", at=NOW, seen=None):
    standard = content().standard
    criterion = standard.by_id[criterion_id]
    return assessment.save_score(
        school, criterion, facts, standard=standard, seen=seen, by=by, at=at
    )
