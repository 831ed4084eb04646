"""Guards the contents of an application: only a person without a conflict of interest may see them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.web.readings import note_reading
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.queries import involvement_of
from cissapp.review.independence.rules import READABLE, WORKING_ROLES
from cissapp.review.independence.rules.involvement import (
    Involvement,
    may_open,
    must_declare,
    reasons_not_to_open,
)

View = Callable[..., ResponseReturnValue]


def _closed(own: Involvement) -> Exception:
    """Return what a request meets once the school has taken its application back."""
    if request.method == "POST" and own.role in WORKING_ROLES:
        return Refused(Problem("state", N_("The school has taken its application back.")))
    return Missing()


def _barred(own: Involvement) -> Exception:
    """Return what a request meets from a person to whom the contents are closed.

    Whoever had a task, and declared a conflict of interest on another page meanwhile, gets back what they typed
    in the form that they sent, and nothing else of the case.
    """
    if request.method == "POST" and own.has_conflict and own.role in WORKING_ROLES:
        return Refused(*reasons_not_to_open(own))
    return Missing()


def requires_no_conflict(view: View) -> View:
    """Open the contents of an application only to a person without a conflict of interest.

    People who have not declared yet are redirected to the declaration. For mentors, for those with a conflict
    of interest, or once the school has withdrawn the application, raise `Missing`, or `Refused` if they sent a
    form that may have been open before. Every access is recorded.
    """

    @wraps(view)
    def guarded(application: Application, **arguments: Any) -> ResponseReturnValue:
        own = involvement_of(application, actor().id, today=clock.today())
        if application.state not in READABLE:
            raise _closed(own)
        if must_declare(own):
            return redirect(url_for("independence.declare", application_id=application.id))
        if not may_open(own):
            raise _barred(own)
        note_reading(Event.APPLICATION_READ, application, school_id=application.school_id)
        return view(application, **arguments)

    return guarded
