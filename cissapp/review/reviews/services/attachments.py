"""Files that reviewers attach for the school, which receives them with the decision."""

import hashlib
from datetime import datetime
from uuid import uuid4

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import after_commit, new_id, release_transaction, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import AcceptedFile, display_name, examine
from cissapp.foundation.safeguards.services import refuse_signs
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.independence.queries import involvement_of
from cissapp.review.independence.rules.involvement import may_decide
from cissapp.review.independence.services import lock_application, require_group_member
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Attachment

MOST = 5


def examine_attachment(content: bytes, file_name: str, *, clamd_url: str) -> AcceptedFile:
    """Check a file by its content, as files from schools are checked; call it before the first write."""
    release_transaction()
    taken = examine(content, file_name, clamd_url=clamd_url)
    refuse_signs(content, taken.media_type.value, taken.text)
    return taken


def attach(
    application: Application,
    taken: AcceptedFile,
    *,
    file_name: str,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> Attachment:
    """Store a checked file for the school; raise `Refused` unless the person reviews or decides this round.

    The stored copy contains none of the names and places in the file's metadata.
    """
    lock_application(application)
    person_id = require_group_member(application, by)
    reviews = queries.reviews_of(application, application.round).values()
    authors = {one.assessor_id for one in reviews}
    found = []
    if application.state is not ApplicationState.IN_REVIEW:
        found.append(Problem("file", N_("You can only add a file while a round is under review.")))
    if person_id not in authors and not may_decide(
        involvement_of(application, person_id, today=at.date())
    ):
        found.append(
            Problem("file", N_("Only the people who review or decide this round can add a file."))
        )
    if len(queries.attachments_of(application.id, application.round)) >= MOST:
        found.append(
            Problem("file", N_("You can add at most %(most)s files to a decision."), {"most": MOST})
        )
    if found:
        raise Refused(*found)
    name = uuid4().hex
    key = f"attachments/{name[:2]}/{name}"
    content = taken.copy
    store.put(key, content)
    made = Attachment(
        id=new_id(),
        application_id=application.id,
        round=application.round,
        added_by_id=person_id,
        added_at=at,
        file_key=key,
        file_name=display_name(file_name),
        media_type=taken.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    session.add(made)
    session.flush()
    _record(Event.ATTACHMENT_ADDED, made, application, by, at)
    return made


def detach(attachment: Attachment, *, store: FileStore, by: Actor, at: datetime) -> None:
    """Remove one's own file, as long as the round is not decided."""
    application = attachment.application
    lock_application(application)
    person_id = require_group_member(application, by)
    same_round = attachment.round == application.round
    if attachment.added_by_id != person_id:
        raise Refused(Problem("file", N_("Only the person who added the file can take it back.")))
    if application.state is not ApplicationState.IN_REVIEW or not same_round:
        raise Refused(
            Problem("file", N_("This round has been decided, so the file cannot be removed."))
        )
    _record(Event.ATTACHMENT_REMOVED, attachment, application, by, at)
    key = attachment.file_key
    session.delete(attachment)
    session.flush()
    after_commit(lambda: store.delete(key))


def _record(
    event: Event, one: Attachment, application: Application, by: Actor, at: datetime
) -> None:
    facts = {"round": one.round, "sha256": one.sha256, "size": one.size}
    record(event, one, by=by, at=at, school_id=application.school_id, **facts)
