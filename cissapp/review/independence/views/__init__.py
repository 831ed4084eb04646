"""Pages of independence: declarations, people of a case and of a group, mentors, guests, exceptions."""

from cissapp.review.independence.views import (
    assigning,
    declaring,
    guests,
    handing_back,
    mentors,
    own,
    team,
)
from cissapp.review.independence.views.blueprint import bp

__all__ = ["assigning", "bp", "declaring", "guests", "handing_back", "mentors", "own", "team"]
