"""Reads of the public page: by code for visitors, by school for its people."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.notices.mails import link_to
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.prepare.reporting_page.models import EndedPageCode, ReportingPage
from cissapp.prepare.reporting_page.rules import fold_code


class FoundPage(Struct, frozen=True):
    """The result for a code: a page that is on, or else the school's country, and whether it moved."""

    page: ReportingPage | None = None
    school: School | None = None
    country_code: str | None = None
    has_ended: bool = False


def page_of(school_id: UUID) -> ReportingPage | None:
    """Find the page of a school, on or off."""
    return session.get(ReportingPage, school_id)


def page_address(school: School) -> str | None:
    """Return the address of a school's public page; None, if it is off."""
    page = page_of(school.id)
    if page is None or not page.is_on or not _may_be_shown(school):
        return None
    return link_to(path_of(page.code))


def path_of(code: str) -> str:
    """Return the path of a page."""
    return f"/s/{code}"


def find_page(typed: str) -> FoundPage:
    """Find the page for a code, however it was typed."""
    code = fold_code(typed)
    row = session.execute(
        select(ReportingPage, School)
        .join(School, School.id == ReportingPage.school_id)
        .where(ReportingPage.code == code)
    ).first()
    if row is not None:
        page, school = row
        if page.is_on and _may_be_shown(school):
            return FoundPage(page, school, school.country_code)
        return FoundPage(country_code=school.country_code)
    ended = session.scalar(
        select(School.country_code)
        .join(EndedPageCode, EndedPageCode.school_id == School.id)
        .where(EndedPageCode.code == code)
    )
    return FoundPage(country_code=ended, has_ended=ended is not None)


def is_taken(code: str) -> bool:
    """Check whether a code is or was in use."""
    used = select(ReportingPage.school_id).where(ReportingPage.code == code)
    return session.get(EndedPageCode, code) is not None or session.scalar(used) is not None


def _may_be_shown(school: School) -> bool:
    return school.only_for_id is None and school.standing is not Standing.WITHDRAWN
