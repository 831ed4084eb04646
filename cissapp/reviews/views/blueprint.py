"""The blueprint, and the door that stays shut until a person has declared to have no tie."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from cissapp.access.guard import actor
from cissapp.applications.models import Application
from cissapp.content.values import Criterion
from cissapp.core.errors import Missing, Problem, Refused
from cissapp.core.storage import files
from cissapp.reviews import queries
from cissapp.reviews.rules import READABLE
from cissapp.reviews.services import Issuing
from cissapp.web import languages
from cissapp.web.context import content

bp = Blueprint("reviews", __name__, template_folder="../templates")

View = Callable[..., ResponseReturnValue]


def opened(view: View) -> View:
    """Open the contents of an application to a person without ties only.

    Who declared nothing yet is led to the declaration; for who is tied, or once the school took the
    application back, there is nothing here.
    """

    @wraps(view)
    def guarded(application: Application, **arguments: Any) -> ResponseReturnValue:
        hands = queries.hands(application, actor().id)
        if application.state not in READABLE or hands.tied:
            raise Missing
        if hands.tied is None:
            return redirect(url_for("reviews.declare", application_id=application.id))
        return view(application, **arguments)

    return guarded


def criterion_of(criterion_id: str) -> Criterion:
    """Find a criterion of the rubric."""
    found = content().standard.by_id.get(criterion_id)
    if found is None:
        raise Missing
    return found


def issuing() -> Issuing:
    """Gather what it takes to issue a certificate."""
    return Issuing(content(), current_app.config["CISS"], files())


def named(problem: Problem) -> Problem:
    """Put the name of what a level needs in the place of its id."""
    need = problem.values.get("need")
    if need is None:
        return problem
    name = content().standard.decision_text(languages.current()).needs[need].name
    return replace(problem, values={"need": name})


def named_all(refused: Refused) -> Refused:
    """Put names in the place of ids in every reason of a refusal."""
    return Refused(*map(named, refused.problems))
