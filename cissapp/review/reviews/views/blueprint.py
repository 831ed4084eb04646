"""The blueprint, what the pages share, and what a school reads on pages of rooms below."""

from typing import Any

from flask import Blueprint, g, request
from msgspec.structs import replace

from cissapp.foundation.access.guard import actor, has, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Problem, Refused
from cissapp.foundation.web import languages
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.queries import assignment_of
from cissapp.review.independence.rules import REVIEWING_ROLES
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.endings import reason_review_ended
from cissapp.review.reviews.rules.work import Work

bp = Blueprint("reviews", __name__, template_folder="../templates")


@bp.app_context_processor
def offered_to_pages() -> dict[str, Any]:
    """Let the pages where a school works on a criterion that came back show why it did."""
    return {"group_wrote": _group_wrote}


def _group_wrote(criterion_id: str) -> str | None:
    """Return what the group wrote to the person's school of a criterion; all is read once per request."""
    person = signed_in()
    if person is None or person.school_id is None or not has(person, Permission.DOSSIER_READ):
        return None
    if "group_wrote" not in g:
        g.group_wrote = queries.written_to_school(person.school_id)
    written: dict[str, str] = g.group_wrote
    return written.get(criterion_id)


def case_of(application: Application) -> Case:
    """Return an application as the person of this request sees it today."""
    return queries.case(application, actor(), today=clock.today())


def standard_of(case: Case) -> Standard:
    """Return the standard by which a case was submitted."""
    return services.standard_of(case.submission, content())


def criterion_of(standard: Standard, criterion_id: str) -> Criterion:
    """Find a criterion of the rubric."""
    found = standard.by_id.get(criterion_id)
    if found is None:
        raise Missing
    return found


def leads_to_case(case: Case) -> bool:
    """Return whether a reader of a page for an open review is led back to the case, which says what is next."""
    if request.method != "GET" or case.work is Work.SCORE:
        return False
    held = assignment_of(case.application.id, actor().id)
    is_held = held is not None and held.left_at is None and held.role in REVIEWING_ROLES
    return case.own is not None or is_held


def own_review(case: Case) -> Review:
    """Return the person's open review; raise `Refused` with what ended it, `Missing` if there never was one."""
    held = assignment_of(case.application.id, actor().id)
    if held is None or held.role not in REVIEWING_ROLES:
        raise Missing
    ended = reason_review_ended(
        case.own.state if case.own else None,
        is_compared=queries.has_void_third(case.application, held.person_id),
        handed_over=held.left_at is not None,
        decided=case.decision is not None,
        earlier_round=held.round < case.application.round,
    )
    if ended or case.own is None:
        to_case = ("reviews.show", {"application_id": case.application.id})
        raise Refused(*([replace(ended, link=to_case)] if ended else []))
    return case.own


def with_need_name(problem: Problem) -> Problem:
    """Return a problem with the name of a need in place of its id."""
    need = problem.values.get("need")
    if need is None:
        return problem
    name = content().standard.decision_text(languages.current()).needs[need].name
    return replace(problem, values={"need": name})


def with_need_names(refused: Refused) -> Refused:
    """Return a refusal with names of needs in place of ids."""
    return Refused(*map(with_need_name, refused.problems))
