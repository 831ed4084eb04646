"""The names of everything that is recorded, and how an entry is hashed."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum


class Event(StrEnum):
    """What happened, as thing.past_tense."""

    COUNTRY_ADDED = "country.added"
    GROUP_CREATED = "group.created"
    GROUP_CHANGED = "group.changed"
    SCHOOL_REGISTERED = "school.registered"
    SCHOOL_CHANGED = "school.changed"
    SCHOOL_IMPORTED = "school.imported"
    PERSON_CREATED = "person.created"
    PERSON_INVITED = "person.invited"
    PERSON_JOINED = "person.joined"
    PERSON_CHANGED = "person.changed"
    PERSON_DEACTIVATED = "person.deactivated"
    INVITATION_REVOKED = "invitation.revoked"
    SIGNED_IN = "session.opened"
    SIGNED_OUT = "session.closed"
    SIGN_IN_FAILED = "session.refused"
    PASSWORD_RESET_ASKED = "password.reset_asked"  # noqa: S105 -- the name of an event
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 -- the name of an event
    LESSON_READ = "lesson.read"
    ATTEMPT_STARTED = "attempt.started"
    ANSWER_SAVED = "answer.saved"
    ATTEMPT_HANDED_IN = "attempt.handed_in"
    MODULE_PASSED = "module.passed"
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_VERSION_ADDED = "document.version_added"
    DOCUMENT_DRAFT_REMOVED = "document.draft_removed"
    DOCUMENT_READ = "document.read"
    MECHANISM_CHANGED = "mechanism.changed"
    SELF_SCORE_SAVED = "self_score.saved"
    APPLICATION_OPENED = "application.opened"
    APPLICATION_SUBMITTED = "application.submitted"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    APPLICATION_REVIEW_STARTED = "application.review_started"
    CHANGES_REQUESTED = "application.changes_requested"
    APPLICATION_DECIDED = "application.decided"
    CONFLICT_DECLARED = "conflict.declared"
    SCORE_SAVED = "score.saved"
    REVIEW_HANDED_IN = "review.handed_in"
    DECISION_TAKEN = "decision.taken"
    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_SUSPENDED = "certificate.suspended"
    CERTIFICATE_REINSTATED = "certificate.reinstated"
    CERTIFICATE_WITHDRAWN = "certificate.withdrawn"
    CERTIFICATE_REPLACED = "certificate.replaced"
    TALLY_REPAIRED = "tally.repaired"


def seal(previous: str, hashes: Iterable[str]) -> str:
    """Bind entries to all that came before: SHA-256 over the previous seal and each entry's hash."""
    digest = hashlib.sha256(previous.encode())
    for one in hashes:
        digest.update(one.encode())
    return digest.hexdigest()
