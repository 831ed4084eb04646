"""The completeness check of an application: complete, readable, nothing forbidden in it."""

from collections.abc import Mapping
from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application, CompletenessCheck
from cissapp.prepare.applications.queries.deadlines import working_day_after
from cissapp.prepare.applications.queries.standards import standard_of
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.prepare.applications.services import review_records
from cissapp.prepare.applications.services.deadlines import meet_deadlines
from cissapp.review.independence.queries import involvement_of
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.services import lock_application, require_group_member
from cissapp.review.reviews import mails
from cissapp.review.reviews.queries import submission_of
from cissapp.review.reviews.rules.work import reasons_not_to_check_completeness
from cissapp.review.reviews.services.following import open_deadline_of

REMARK_LEAST = 20


def check_completeness(
    application: Application,
    *,
    remarks: Mapping[str, str],
    content: Content,
    by: Actor,
    at: datetime,
) -> CompletenessCheck:
    """Record the completeness check: the application passes, or goes back with remarks (programme rule 5.2).

    It passes if there are no remarks. `remarks` maps a criterion id, a document id or "all" to what has to be
    corrected. An application can be returned only once. The check is not a review: it assigns no role, so the
    same person may review or decide later.
    """
    lock_application(application)
    person_id = require_group_member(application, by)
    found = reasons_not_to_check_completeness(
        involvement_of(application, person_id, today=at.date())
    )
    if (
        application.state is not ApplicationState.SUBMITTED
        or applications.course(application).completeness_checked
    ):
        found.append(Problem("state", N_("There is no completeness check to do here now.")))
    if any(len(text) < REMARK_LEAST for text in remarks.values()):
        message = N_(
            "Write at least %(least)s characters for each remark, so that the school knows what to correct."
        )
        found.append(Problem("remarks", message, {"least": REMARK_LEAST}))
    if found:
        raise Refused(*found)
    if remarks:
        applications.return_to_school(application, by=by, at=at)
    check = review_records.record_completeness_check(
        application, remarks, checker_id=person_id, by=by, at=at
    )
    if check.passed:
        _begin_review(application, content, by, at)
    else:
        mails.tell_returned(application, at=at)
    return check


def _begin_review(application: Application, content: Content, by: Actor, at: datetime) -> None:
    meet_deadlines(application, DeadlineKind.COMPLETENESS_CHECK, at=at)
    standard = standard_of(submission_of(application), content)
    due_on = working_day_after(application, standard.decision.process.review_days, at)
    open_deadline_of(application, CaseRole.REVIEWER, due_on, by=by, at=at)
