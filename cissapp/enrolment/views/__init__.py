"""Pages of enrolling: the register of schools, lists, invitations, the programme."""

from cissapp.enrolment.views import invitations, lists, programme, schools, staff
from cissapp.enrolment.views.blueprint import bp

__all__ = ["bp", "invitations", "lists", "programme", "schools", "staff"]
