"""Pages of enrolling: the register of schools, lists, invitations, the programme."""

from cissapp.people.enrolment.views import (
    invitations,
    leaving,
    letterheads,
    open_points,
    programme,
    reforms,
    schools,
    staff,
)
from cissapp.people.enrolment.views.blueprint import bp

__all__ = [
    "bp",
    "invitations",
    "leaving",
    "letterheads",
    "open_points",
    "programme",
    "reforms",
    "schools",
    "staff",
]
