"""Removes a part of a case permanently, and notifies the school."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import after_commit, lock, session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.safeguards import services as safeguards
from cissapp.foundation.safeguards.kept_removals import REMOVALS
from cissapp.foundation.safeguards.models import Removal
from cissapp.foundation.safeguards.rules import TOMBSTONE, RemovalReason
from cissapp.people.drafts import services as drafts
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.services import redaction
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.services.removal import remove_file
from cissapp.review.discussions import services as discussions
from cissapp.review.discussions.models import Comment
from cissapp.review.reviews.mails import tell_removed


class RemovableKind(StrEnum):
    """The kind of record that holds what has to be removed."""

    VERSION = "document_version"
    SCORE = "self_score"
    RULE = "reporting_mechanism"
    ENTRY = "reporting_entry"
    COMMENT = "comment"


class RemovablePart(Struct, frozen=True):
    """A part of a case: the kind of record that holds it, its key, and its label on pages."""

    holder: RemovableKind
    key: str
    label: str = ""

    @property
    def code(self) -> str:
        """The value that identifies the part in a form."""
        return f"{self.holder}:{self.key}"


RULES = (
    "confidentiality",
    "no_retaliation",
    "about_staff",
    "evidence_rule",
    "out_of_hours",
    "holiday_cover",
    "parents_contact",
)


def remove_part(
    application: Application,
    part: RemovablePart,
    *,
    reason: RemovalReason,
    title_too: bool = False,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> Removal:
    """Remove a part irreversibly from every round and from the school's current data."""
    # Every change of the application waits for this lock; a closed application does not prevent removal.
    lock(f"dossier:{application.school_id}")
    kind, subject_id, key = _subject(application, part)
    removal = safeguards.remove(
        (kind, subject_id, key),
        reason=reason,
        school_id=application.school_id,
        application_id=application.id,
        by=by,
        at=at,
    )
    if part.holder is RemovableKind.COMMENT:
        discussions.remove_comment(_find(Comment, part.key), by=by, at=at)
    elif part.holder is RemovableKind.VERSION:
        version = _find(DocumentVersion, part.key)
        change = redaction.redact_version(version.id, title_too=title_too)
        redaction.redact_submissions(application.school_id, removal, change, at=at)
        remove_file(version, title_too=title_too, store=store)
    else:
        change = _change(application, part)
        gone = redaction.redact_submissions(application.school_id, removal, change, at=at)
        redaction.redact_current_texts(application.school_id, gone)
        drafts.forget_texts(application.school_id, gone)
    tell_removed(application, at=at)
    after_commit(lambda: REMOVALS.keep(store))
    return removal


def _subject(application: Application, part: RemovablePart) -> tuple[str, UUID, str | None]:
    if part.holder in {RemovableKind.VERSION, RemovableKind.COMMENT}:
        return part.holder.value, UUID(part.key), None
    return part.holder.value, application.school_id, part.key


def _find(kind: type[Any], key: str) -> Any:
    found = session.get(kind, UUID(key))
    if found is None:
        raise Missing
    return found


def _change(application: Application, part: RemovablePart) -> redaction.Change:
    if part.holder is RemovableKind.SCORE:
        return redaction.redact_score(part.key)
    if part.holder is RemovableKind.RULE:
        return redaction.redact_rule(part.key)
    name, _, number = part.key.partition(".")
    dossier = read_submission(application.submissions[-1])
    texts = redaction.texts_of_entry(getattr(dossier.mechanism, name)[int(number)])
    return redaction.redact_entry(name, texts - {TOMBSTONE})


def removable_parts(application: Application, comments: list[Comment]) -> list[RemovablePart]:
    """List what can be removed from a case: files of every round, the current texts, and the comments."""
    dossiers = [read_submission(one) for one in application.submissions]
    files = {
        document.version.id: RemovablePart(
            RemovableKind.VERSION,
            str(document.version.id),
            f"{document.title}, {document.version.number}",
        )
        for dossier in dossiers
        for document in dossier.documents
        if document.version.file_name != TOMBSTONE
    }
    said = [
        RemovablePart(RemovableKind.COMMENT, str(one.id), (one.text or "")[:60])
        for one in comments
        if one.text
    ]
    return [*files.values(), *(_texts(dossiers[-1]) if dossiers else ()), *said]


def _place(item: tuple[str, object]) -> tuple[str, int]:
    """Return the place of a criterion in the rubric: A9 stands before A10."""
    return item[0][0], int(item[0][1:])


def _texts(dossier: SubmissionContent) -> list[RemovablePart]:
    scores = [
        RemovablePart(RemovableKind.SCORE, key, key)
        for key, score in sorted(dossier.scores.items(), key=_place)
        if score.text not in {"", TOMBSTONE}
    ]
    agreed = dossier.mechanism.agreed
    rules = [
        RemovablePart(RemovableKind.RULE, one)
        for one in RULES
        if getattr(agreed, one) not in {None, "", TOMBSTONE}
    ]
    entries = [
        RemovablePart(RemovableKind.ENTRY, f"{name}.{number}", _first(one))
        for name in redaction.LISTS
        for number, one in enumerate(getattr(dossier.mechanism, name))
        if redaction.texts_of_entry(one) - {TOMBSTONE}
    ]
    return [*scores, *rules, *entries]


def _first(entry: Any) -> str:
    return str(next(getattr(entry, name) for name in redaction.TEXTS if hasattr(entry, name)))
