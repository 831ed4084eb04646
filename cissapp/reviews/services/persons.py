"""Who acts on an application, one at a time."""

from uuid import UUID

from cissapp.applications.models import Application
from cissapp.core.actor import Actor
from cissapp.core.db import lock, session
from cissapp.core.errors import Missing
from cissapp.reviews import queries
from cissapp.reviews.models import Review


def member(application: Application, by: Actor) -> UUID:
    """Give the id of a person of the school's national group; nobody else knows of the application."""
    if by.id is None or by.group_id is None or by.group_id != application.group_id:
        raise Missing
    return by.id


def alone(application: Application) -> None:
    """Let one person at a time act on a school's application, and see what the one before did."""
    lock(f"application:{application.school_id}")
    session.refresh(application)


def fresh(review: Review) -> None:
    """Look at a review again, for what another person may have done to it just before."""
    application, number = review.application, review.round
    session.expire(review)
    queries.review_of_round(application, number)
