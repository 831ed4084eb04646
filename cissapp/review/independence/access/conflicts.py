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
from cissapp.review.independence.rules import READABLE
from cissapp.review.independence.rules.involvement import (
    Involvement,
    may_open,
    must_declare,
    reasons_not_to_open,
)

View = Callable[..., ResponseReturnValue]


def _may_have_typed(application: Application, own: Involvement) -> bool:
    """Return whether a form was sent by whoever may have opened it: a person of the group who declared.

    Who checks completeness, or notes what was seen at a visit, has no role in the case.
    """
    is_of_group = actor().group_id == application.group_id
    return request.method == "POST" and is_of_group and own.has_conflict is not None


def _closed(application: Application, own: Involvement) -> Exception:
    """Return what a request meets once the school has taken its application back."""
    if _may_have_typed(application, own):
        return Refused(Problem("state", N_("The school has taken its application back.")))
    return Missing()


def _barred(application: Application, own: Involvement) -> Exception:
    """Return what a request meets from a person to whom the contents are closed.

    Whoever declared a conflict of interest on another page meanwhile gets back what they typed in the form that
    they sent, and nothing else of the case.
    """
    if own.has_conflict and _may_have_typed(application, own):
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
            raise _closed(application, own)
        if must_declare(own):
            return redirect(url_for("independence.declare", application_id=application.id))
        if not may_open(own):
            raise _barred(application, own)
        note_reading(Event.APPLICATION_READ, application, school_id=application.school_id)
        return view(application, **arguments)

    return guarded
