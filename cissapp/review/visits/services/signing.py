"""Signs the record of a visit; the second of two signatures freezes it."""

from datetime import datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import EditConflict, Refused
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.review.independence.services.participants import require_group_member
from cissapp.review.visits import mails, queries
from cissapp.review.visits.models import Visit, VisitRecord, VisitSignature
from cissapp.review.visits.rules import (
    completes_record,
    signing_problems,
)
from cissapp.review.visits.services import record
from cissapp.review.visits.services.participants import (
    lock_visit,
    reasons_not_to_change,
    record_event,
)


def sign(visit: Visit, *, sha256: str, standard: Standard, by: Actor, at: datetime) -> None:
    """Sign the text that was shown; the second of two signatures freezes it (programme rule 5.2).

    Signatures on an earlier text do not count. One of the two people must review the case, and neither may
    have a conflict of interest.
    """
    lock_visit(visit)
    person_id = require_group_member(visit.application, by)
    found = reasons_not_to_change(visit)
    if found:
        raise Refused(*found)
    text = record.record_text(visit, standard)
    if sha256 != record.record_hash(text):
        raise EditConflict
    signer = queries.signer_of(visit, person_id, today=at.date())
    before = queries.signers_of_text(visit, sha256)
    left = record.unmarked_criteria(visit, standard)
    found = signing_problems(signer, before, started=visit.has_begun(at), left=left)
    if found:
        raise Refused(*found)
    signature = _add_signature(visit, person_id, sha256, assesses=signer.assesses, at=at)
    record_event(Event.VISIT_SIGNED, visit, by=by, at=at, sha256=sha256)
    if completes_record(before, signer):
        _freeze_record(
            visit, text, _first_signer(before, assesses=signer.assesses), person_id, by=by, at=at
        )
    else:
        asked = queries.second_signers(visit, signature, today=at.date())
        mails.ask_to_sign(visit, signature, asked, at=at)


def _add_signature(
    visit: Visit, person_id: UUID, sha256: str, *, assesses: bool, at: datetime
) -> VisitSignature:
    added = VisitSignature(person_id=person_id, assesses=assesses, sha256=sha256, signed_at=at)
    visit.signatures.append(added)
    session.flush()
    return added


def _first_signer(before: dict[UUID, bool], *, assesses: bool) -> UUID:
    """Return the first of the two signers: a reviewer, unless the second one is."""
    return next(key for key, one in before.items() if one or assesses)


def _freeze_record(
    visit: Visit, text: str, first: UUID, second: UUID, *, by: Actor, at: datetime
) -> None:
    visit.record = VisitRecord(
        content=text,
        sha256=record.record_hash(text),
        first_id=first,
        second_id=second,
        signed_at=at,
    )
    session.flush()
    deadlines.meet(DeadlineKind.VISIT, subject_id=visit.application_id, at=at)
    record_event(Event.VISIT_RECORD_CLOSED, visit, by=by, at=at, sha256=visit.record.sha256)
