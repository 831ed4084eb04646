"""What another person may have done just before."""

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application
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
