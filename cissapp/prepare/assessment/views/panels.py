"""The panel beside every page of the self-assessment: progress, the parts, the criteria of one part."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.web import languages
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.assessment import queries
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.rules import PartCount, count_complete, score_problems
from cissapp.prepare.assessment.rules.order import in_order, near_ones
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.queries import DocumentEntry


class Assessment(Struct, frozen=True):
    """A school's self-assessment as its pages need it; `order` holds the URL values that keep the order."""

    school: School
    standard: Standard
    scores: Mapping[str, SelfScore]
    documents: list[DocumentEntry]
    problems: Mapping[str, list[Problem]]
    open_criteria: list[str] | None
    counts: list[PartCount]
    order: dict[str, Any]

    @property
    def decided(self) -> bool:
        """Whether the application with these answers is decided."""
        return self.school.progress is Progress.DECIDED

    @property
    def ordered(self) -> list[Criterion]:
        """The criteria in the order that was chosen."""
        return in_order(self.standard, critical_first=bool(self.order))

    @property
    def ids(self) -> list[str]:
        """The ids of the criteria in the order that was chosen."""
        return [one.id for one in self.ordered]

    def address(self, criterion_id: str) -> str:
        """Return the address of a criterion."""
        return url_for("assessment.criterion", criterion_id=criterion_id, **self.order)


class PanelPart(Struct, frozen=True):
    """A part with its count; `is_here` marks the one that is shown."""

    id: str
    href: str
    label: str
    done: int
    total: int
    is_here: bool


class PanelRow(Struct, frozen=True):
    """A criterion in the list of a part: its state as a kind of sign and a word."""

    id: str
    title: str
    href: str
    critical: bool
    kind: str
    state: str
    is_here: bool
    is_near: bool


class Panel(Struct, frozen=True):
    """The progress of the self-assessment, its parts, and the criteria of one of them."""

    done: int
    total: int
    shares: list[float]
    parts: list[PanelPart]
    rows: list[PanelRow]
    other_order: str
    is_critical_first: bool


def gather_assessment(school: School) -> Assessment:
    """Gather what the pages of the self-assessment need, in a constant number of queries."""
    standard = queries.standard_to_answer(school.id, content())
    scores, documents = queries.scores(school.id), document_queries.documents(school.id)
    problems = score_problems(standard, scores, {one.id for one in documents})
    critical_first = request.args.get("order") == "critical"
    return Assessment(
        school=school,
        standard=standard,
        scores=scores,
        documents=documents,
        problems=problems,
        open_criteria=document_queries.open_answers(school.id),
        counts=count_complete(standard, problems),
        order={"order": "critical"} if critical_first else {},
    )


def build_panel(found: Assessment, part: str, here: str | None = None) -> Panel:
    """Build the panel of a part; `here` is the criterion that is shown beside it."""
    criteria = [one for one in found.ordered if one.part == part]
    near = near_ones([one.id for one in criteria], here)
    values = dict(request.view_args or {})
    if not found.order:
        values["order"] = "critical"
    return Panel(
        done=sum(one.done for one in found.counts),
        total=sum(one.total for one in found.counts),
        shares=shares_of(found),
        parts=[_part(found, count, part) for count in found.counts],
        rows=[_row(found, one, here, is_near=one.id in near) for one in criteria],
        other_order=url_for(request.endpoint or "assessment.self_assessment", **values),
        is_critical_first=bool(found.order),
    )


def shares_of(found: Assessment) -> list[float]:
    """Return for each module, in their order, the share of its criteria that are complete."""
    shares = []
    for module in content().modules:
        ids = [one.id for one in found.standard.of_module(module.id)]
        done = sum(one not in found.problems for one in ids)
        shares.append(done / len(ids) if ids else 0.0)
    return shares


def said_of(score: SelfScore) -> str:
    """Write in two words what was chosen."""
    if score.not_applicable:
        return str(_("not applicable"))
    return str(_("level %(level)s", level=score.level))


def _part(found: Assessment, count: PartCount, here: str) -> PanelPart:
    title = found.standard.rubric_text(languages.current()).parts[count.part].title
    return PanelPart(
        id=count.part,
        href=url_for("assessment.part", part_id=count.part, **found.order),
        label=_("Part %(part)s: %(title)s", part=count.part, title=title),
        done=count.done,
        total=count.total,
        is_here=count.part == here,
    )


def _row(found: Assessment, criterion: Criterion, here: str | None, *, is_near: bool) -> PanelRow:
    score = found.scores.get(criterion.id)
    kind, state = "none", _("Not begun")
    if score:
        incomplete = criterion.id in found.problems
        kind, state = ("warn", _("Incomplete")) if incomplete else ("ok", said_of(score))
    return PanelRow(
        id=criterion.id,
        title=criterion.text(languages.current()).title,
        href=found.address(criterion.id),
        critical=criterion.critical,
        kind=kind,
        state=state,
        is_here=criterion.id == here,
        is_near=is_near,
    )


def answered(found: Assessment, ids: Sequence[str]) -> str | None:
    """Return the first of these criteria that is not complete, if there is one."""
    return next((one for one in ids if one in found.problems), None)
