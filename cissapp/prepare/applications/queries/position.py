"""The position of a school: its newest application, what came back, and what is missing."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, field

from cissapp.foundation.content.values import Content, Criterion
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries, rules
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import answer_due_on
from cissapp.prepare.applications.queries.readiness import (
    Readiness,
    gather_readiness,
    last_application_of,
)
from cissapp.prepare.applications.rules import ApplicationState, LastApplication
from cissapp.prepare.applications.submission_content.evidence import SchoolEvidence
from cissapp.prepare.documents.queries import DocumentEntry


class OpenCriterion(Struct, frozen=True):
    """A criterion that came back, whether the school changed it since, and what the group wrote."""

    criterion: Criterion
    changed: bool
    remark: str | None = None


class GroupRemark(Struct, frozen=True):
    """What the group wrote about a document, or, without a title, about the application as a whole."""

    title: str | None
    text: str


class SchoolPosition(Struct, frozen=True):
    """The position of a school in its application process."""

    school: School
    newest: Application | None
    last_application: LastApplication
    readiness: Readiness
    open_criteria: list[OpenCriterion]
    may_open: bool
    opens_on: date | None
    remarks: list[GroupRemark] = field(default_factory=list)
    due_on: date | None = None
    expired: list[DocumentEntry] = field(default_factory=list)

    @property
    def unchanged(self) -> list[OpenCriterion]:
        """The criteria that came back and have not been changed."""
        return [one for one in self.open_criteria if not one.changed]


def find_position(
    school: School, content: Content, *, language: str, today: date, reader_id: UUID | None = None
) -> SchoolPosition:
    """Find the position of a school, and what is still missing."""
    newest = queries.newest_application(school.id)
    content = queries.content_to_answer(newest, content)
    last = last_application_of(newest, school, today)
    months = content.certificate_terms(school.country_code).renewal_opens_months
    found = gather_readiness(
        newest, school, content, language=language, today=today, reader_id=reader_id
    )
    back = newest if newest and newest.state is ApplicationState.CHANGES_REQUESTED else None
    written = queries.remarks(back) if back else {}
    return SchoolPosition(
        school=school,
        newest=newest,
        last_application=last,
        readiness=found,
        open_criteria=_open_criteria(newest, found.evidence, content, written),
        may_open=not rules.opening_problems(last, months, today),
        opens_on=rules.opens_on(last, months),
        remarks=_remarks(written, found.evidence, content),
        due_on=answer_due_on(back) if back else None,
        expired=_expired(newest, found.evidence, today),
    )


def _expired(
    newest: Application | None, evidence: SchoolEvidence, today: date
) -> list[DocumentEntry]:
    """List the documents that expired and can be replaced now: not those that the group is reading."""
    if newest and newest.state in {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW}:
        return []
    return evidence.expired(today)


def _remarks(
    written: Mapping[str, str], evidence: SchoolEvidence, content: Content
) -> list[GroupRemark]:
    """List what is not about a criterion: remarks on documents by their title, and on everything."""
    titles = {str(one.id): one.title for one in evidence.documents}
    return [
        GroupRemark(titles.get(key), text)
        for key, text in written.items()
        if key not in content.standard.by_id
    ]


def wanted_criteria(newest: Application | None, content: Content) -> list[Criterion]:
    """List the criteria that the school has to answer now: all, or those that came back."""
    everything = list(content.standard.criteria)
    if newest is None or newest.state is not ApplicationState.CHANGES_REQUESTED:
        return everything
    if newest.open_criteria is None:
        return everything
    return [one for one in everything if one.id in newest.open_criteria]


def _open_criteria(
    newest: Application | None,
    evidence: SchoolEvidence,
    content: Content,
    written: Mapping[str, str],
) -> list[OpenCriterion]:
    """List the criteria that came back; a later save, or a newer file named for one, counts as a change.

    After a completeness check the whole application is open; then only criteria with a remark are listed.
    """
    if newest is None or newest.state is not ApplicationState.CHANGES_REQUESTED:
        return []
    named = wanted_criteria(newest, content)
    if newest.open_criteria is None:
        named = [one for one in named if one.id in written]
    return [
        OpenCriterion(one, _changed_since(one.id, evidence, newest.changed_at), written.get(one.id))
        for one in named
    ]


def _changed_since(criterion_id: str, evidence: SchoolEvidence, moment: datetime) -> bool:
    score = evidence.scores.get(criterion_id)
    if score is None:
        return False
    files = [one.newest for one in evidence.documents if one.id in score.document_ids]
    return max([score.saved_at, *(one.uploaded_at for one in files)]) > moment
