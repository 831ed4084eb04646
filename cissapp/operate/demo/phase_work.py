"""First looks and second reviews of the demonstration."""

from datetime import datetime, timedelta

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import services as independence
from cissapp.review.independence.queries import declaration_of
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.queries import reviews_of
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.references import MECHANISM
from cissapp.review.reviews.rules.standard import needs_attested

REASON = "The rule stands on page 1, with office and date; the contact answered when it was tried."
DIFFERS = ("A7", "B3")
LOWER = (
    "The rule is named, but nobody is named who follows it up. That is less than the level asks."
)
REMARKS = {
    "all": "The list of annexes names an order that is not among the documents. Please add it.",
    "A2": "The page with the signature and the date cannot be read. Please scan it once more.",
    "B2": "The phone number of the second way to report is missing. Please add it.",
}


def _opened(application: Application, person: User, at: datetime) -> None:
    if declaration_of(application, person.id) is None:
        independence.declare(application, grounds=[], note="", by=person, at=at)


def sift(
    school: School, coordinator: User, *, content: Content, at: datetime, back: bool = False
) -> None:
    """Take the first look at a dossier: it passes, or goes back with remarks."""
    application = applications.open_application(school.id)
    if application is None:
        raise LookupError(school.id)
    _opened(application, coordinator, at)
    remarks = REMARKS if back else {}
    reviews.check_completeness(application, remarks=remarks, content=content, by=coordinator, at=at)


def second_review(
    application: Application,
    assessor: User,
    *,
    content: Content,
    at: datetime,
    differing: bool = False,
) -> None:
    """Write the second review; a differing one is left open just before it is handed in."""
    if differing:
        reviews.request_reviews(application, 2, content.standard, by=SYSTEM, at=at)
    _opened(application, assessor, at)
    case = reviews.start_review(application, place=ReviewPlace.SECOND, by=assessor, at=at)
    first = {
        one.criterion_id: one.level
        for one in reviews_of(application, application.round)[ReviewPlace.FIRST].scores
    }
    lower = DIFFERS if differing else ()
    judgements = [
        reviews.ScoreInput(criterion, 0, LOWER, [MECHANISM])
        if criterion.id in lower
        else reviews.ScoreInput(criterion, first[criterion.id], REASON, [MECHANISM])
        for criterion in content.standard.criteria
    ]
    reviews.save_scores(
        case, judgements, standard=content.standard, by=assessor, at=at + timedelta(hours=3)
    )
    if not differing:
        _handed_in(application, assessor, content, at + timedelta(hours=4))


def _handed_in(application: Application, assessor: User, content: Content, at: datetime) -> None:
    """Come to the same as the first review."""
    both = reviews_of(application, application.round)
    first, case = both[ReviewPlace.FIRST], both[ReviewPlace.SECOND]
    reviews.submit_review(
        case,
        reviews.Recommendation(
            outcome=first.recommendation,
            level=first.level,
            needs=needs_attested(content.standard.decision, first.level),
            summary="I come to the same: short, clear, in use. The channels were tried again.",
        ),
        version=case.version,
        standard=content.standard,
        by=assessor,
        at=at,
    )
