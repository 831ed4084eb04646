"""What another person may have done just before, and by which criteria an application is judged."""

from cissapp.foundation.content.values import Content, Standard
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.prepare.applications.models import Application, Submission
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules.places import ReviewPlace


def reload_review(review: Review) -> None:
    """Read a review again, for what another person may have changed just before."""
    application, number = review.application, review.round
    session.expire(review)
    queries.reviews_of(application, number)


def reloaded_reviews(application: Application) -> dict[ReviewPlace, Review]:
    """Read all reviews of the present round again."""
    for review in queries.reviews_of(application, application.round).values():
        session.expire(review)
    return queries.reviews_of(application, application.round)


def standard_of(submission: Submission, content: Content) -> Standard:
    """Return the standard by which an application was submitted; refuse if it is no longer here."""
    found = content.standard_of(submission.rubric_version)
    if found is None:
        message = N_(
            "This application was submitted under version %(version)s of the criteria, which is no longer here. Ask the secretariat to restore it. Nothing is lost."
        )
        raise Refused(Problem("rubric", message, {"version": submission.rubric_version}))
    return found
