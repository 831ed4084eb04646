"""Writes of the public page: on and off, its parts, a new code."""

from collections.abc import Sequence
from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.facts.queries import gather
from cissapp.prepare.mechanism.rules import ChannelKind
from cissapp.prepare.reporting_page import queries
from cissapp.prepare.reporting_page.models import EndedPageCode, ReportingPage
from cissapp.prepare.reporting_page.rules import PagePart, new_code


def save_page(
    school: School, parts: Sequence[PagePart], *, is_on: bool, by: User, at: datetime
) -> ReportingPage:
    """Save which parts the page shows and whether it is on; only the head can switch it on.

    Raise `Refused` when switching it on while the school has neither a person nor a way of its own.
    """
    lock(f"reporting-page-{school.id}")
    page = queries.page_of(school.id)
    was_on = page is not None and page.is_on
    problems = _problems(school, by) if is_on and not was_on else []
    if not parts:
        problems.append(Problem("parts", N_("Choose at least one part.")))
    if problems:
        raise Refused(*problems)
    wanted = [part.value for part in parts]
    if page is not None and (page.is_on, page.parts) == (is_on, wanted):
        return page
    if page is None:
        page = ReportingPage(school_id=school.id, code=_free_code())
        session.add(page)
    page.is_on, page.parts = is_on, wanted
    _touch(page, by=by, at=at)
    record(Event.REPORTING_PAGE_CHANGED, page, by=by, at=at, school_id=school.id, is_on=is_on)
    return page


def _problems(school: School, by: User) -> list[Problem]:
    found = []
    if by.duty is not Duty.HEAD:
        found.append(Problem("is_on", N_("Only the head of the school can turn the page on.")))
    gathered = gather(school)
    inside = [one for one in gathered.channels if one.kind is not ChannelKind.OUTSIDE]
    if not gathered.persons and not inside:
        link: tuple[str, dict[str, str]] = ("mechanism.reporting", {})
        text = N_("First add a person who takes reports, or a way to report at your school.")
        found.append(Problem("mechanism", text, link=link))
    return found


def renew_code(school: School, *, by: Actor, at: datetime) -> None:
    """Set a new code for the page; visitors with the old one are told that the page moved."""
    lock(f"reporting-page-{school.id}")
    page = queries.page_of(school.id)
    if page is None:
        return
    session.add(EndedPageCode(code=page.code, school_id=school.id, ended_at=at))
    page.code = _free_code()
    _touch(page, by=by, at=at)
    record(Event.REPORTING_PAGE_CHANGED, page, by=by, at=at, school_id=school.id, code="renewed")


def _touch(page: ReportingPage, *, by: Actor, at: datetime) -> None:
    page.changed_at, page.changed_by_id = at, by.id
    session.flush()


def _free_code() -> str:
    code = new_code()
    while queries.is_taken(code):
        code = new_code()
    return code
