"""Reloads reviews that another person may have just changed."""

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules.places import ReviewPlace


def reload_review(review: Review) -> None:
    """Reload a review that another person may have just changed."""
    application, number = review.application, review.round
    session.expire(review)
    queries.reviews_of(application, number)


def reloaded_reviews(application: Application) -> dict[ReviewPlace, Review]:
    """Reload and return all reviews of the current round, by place."""
    for review in queries.reviews_of(application, application.round).values():
        session.expire(review)
    return queries.reviews_of(application, application.round)
