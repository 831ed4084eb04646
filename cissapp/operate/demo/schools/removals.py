"""Two more documents of one demo school: one with a confirmation, one that was taken out."""

from datetime import datetime, timedelta

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import examine
from cissapp.foundation.safeguards.models import Confirmation
from cissapp.foundation.safeguards.rules import RemovalReason, SignKind
from cissapp.operate.demo.schools import policy_files
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules.files import CheckedFile
from cissapp.prepare.documents.services import documents
from cissapp.review.reviews.services.removals import RemovableKind, RemovablePart, remove_part

PLAN, LOG = N_("Notice board with the channels"), N_("Page of the report log")


def add_papers(school: School, head: User, *, store: FileStore, at: datetime) -> None:
    """Upload two documents; the head confirmed that the first names and shows no child."""
    plan = _added(school, head, PLAN, "PUB", store=store, at=at)
    _added(school, head, LOG, "LOG", store=store, at=at + timedelta(minutes=5))
    confirmation = Confirmation(
        school_id=school.id,
        subject_type="document_version",
        subject_id=plan.versions[-1].id,
        counts={SignKind.PEOPLE_SHOWN.value: 1},
        confirmed_at=at,
        confirmed_by_id=head.id,
    )
    session.add(confirmation)
    session.flush()


def _added(
    school: School, head: User, title: str, code: str, *, store: FileStore, at: datetime
) -> Document:
    title = in_language(title, school.language)
    file = policy_files.policy(school.name, school.locality, title, school.language)
    return documents.add_document(
        school,
        title=title,
        evidence_code=code,
        file=CheckedFile(file, "paper.pdf", examine(file, "paper.pdf")),
        store=store,
        by=head,
        at=at,
    )


def take_out(school: School, reviewer: User, *, store: FileStore, at: datetime) -> None:
    """Remove the page of the report log, because it looked like a case file."""
    application = applications.open_application(school.id)
    if application is None:
        raise ValueError("the school handed nothing in")
    versions = application.submissions[-1].versions
    log = in_language(LOG, application.school.language)
    version = next(one.version for one in versions if one.version.document.title == log)
    part = RemovablePart(RemovableKind.VERSION, str(version.id))
    remove_part(application, part, reason=RemovalReason.CASE_FILE, store=store, by=reviewer, at=at)
