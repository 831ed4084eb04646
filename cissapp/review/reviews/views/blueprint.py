"""The blueprint, and the door that stays shut until a person has declared to have no tie."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from cissapp.certify.certificates.issuer import Issuer
from cissapp.foundation.access.guard import actor
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.errors import Missing, Problem, Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.context import content
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.queries import hands
from cissapp.review.independence.rules import READABLE
from cissapp.review.independence.rules.people import may_open
from cissapp.review.reviews import services
from cissapp.review.reviews.queries import Case

bp = Blueprint("reviews", __name__, template_folder="../templates")

View = Callable[..., ResponseReturnValue]


def opened(view: View) -> View:
    """Open the contents of an application to a person without ties only.

    Who declared nothing yet is led to the declaration; for who is tied, or once the school took the
    application back, there is nothing here.
    """

    @wraps(view)
    def guarded(application: Application, **arguments: Any) -> ResponseReturnValue:
        own = hands(application, actor().id)
        if application.state not in READABLE:
            raise Missing
        if own.tied is None:
            return redirect(url_for("independence.declare", application_id=application.id))
        if not may_open(own):
            raise Missing
        return view(application, **arguments)

    return guarded


def standard_of(case: Case) -> Standard:
    """Give the standard by which the dossier of a case was handed in."""
    return services.standard_of(case.submission, content())


def criterion_of(standard: Standard, criterion_id: str) -> Criterion:
    """Find a criterion of the rubric."""
    found = standard.by_id.get(criterion_id)
    if found is None:
        raise Missing
    return found


def issuer() -> Issuer:
    """Gather what it takes to issue a certificate."""
    return Issuer(content(), current_app.config["CISS"], files())


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
