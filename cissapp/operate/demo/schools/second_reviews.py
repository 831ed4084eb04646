"""Second reviews of the demonstration: they agree with the first, or differ on two criteria."""

from datetime import datetime, timedelta

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.completeness_checks import declare_once
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.queries import reviews_of
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.references import MECHANISM
from cissapp.review.reviews.rules.standard import needs_attested

REASON = N_(
    "The rule is on page 1, with the job title and the date; the contact answered when it was tried."
)
SAME = N_("I come to the same result: short, clear, in use. The channels were tried again.")
DIFFERS = ("A7", "B3")
LOWER = N_(
    "The rule is there, but it does not say who follows it up. That is less than the level asks for."
)


def second_review(
    application: Application,
    reviewer: User,
    *,
    content: Content,
    at: datetime,
    differing: bool = False,
) -> None:
    """Write the second review; a differing one is left unsubmitted."""
    declare_once(application, reviewer, at)
    case = reviews.start_review(application, place=ReviewPlace.SECOND, by=reviewer, at=at)
    first = {
        one.criterion_id: one.level
        for one in reviews_of(application, application.round)[ReviewPlace.FIRST].scores
    }
    dossier = read_submission(case.submission)
    language = application.school.language
    lower = DIFFERS if differing else ()
    judgements = [
        reviews.ScoreInput(criterion, 0, in_language(LOWER, language), [MECHANISM])
        if criterion.id in lower
        else reviews.ScoreInput(
            criterion, first[criterion.id], in_language(REASON, language), [MECHANISM]
        )
        for criterion in content.standard.criteria
        if dossier.is_open(criterion.id)  # a later round judges only what came back
    ]
    reviews.save_scores(
        case, judgements, standard=content.standard, by=reviewer, at=at + timedelta(hours=3)
    )
    if not differing:
        _submit(application, reviewer, content, at + timedelta(hours=4))


def _submit(application: Application, reviewer: User, content: Content, at: datetime) -> None:
    """Recommend the same as the first review."""
    both = reviews_of(application, application.round)
    first, case = both[ReviewPlace.FIRST], both[ReviewPlace.SECOND]
    reviews.submit_review(
        case,
        reviews.Recommendation(
            outcome=first.recommendation,
            level=first.level,
            needs=needs_attested(content.standard.decision, first.level),
            summary=in_language(SAME, application.school.language),
        ),
        version=case.version,
        standard=content.standard,
        by=reviewer,
        at=at,
    )
