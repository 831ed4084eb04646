"""What the pages of a school show of its way and of its application. Reads only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.queries import history_of
from cissapp.foundation.content.values import Content, Criterion
from cissapp.learn.learning import queries as learning
from cissapp.learn.learning.queries import TrainingGap
from cissapp.learn.learning.rules import QUIZ_MINUTES
from cissapp.learn.learning.rules import LearningOverview as Training
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries, rules, turns, way
from cissapp.prepare.applications.dossier import Dossier
from cissapp.prepare.applications.facts import Gathered, before_of, gathered
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries import HandedIn
from cissapp.prepare.applications.rules import Before, State


@dataclass(frozen=True)
class OpenCriterion:
    """A criterion that came back, whether the school changed it since, and what the group wrote."""

    criterion: Criterion
    changed: bool
    remark: str | None = None


@dataclass(frozen=True)
class Remark:
    """What the group wrote about a document, or, without a title, about the dossier as a whole."""

    title: str | None
    text: str


@dataclass(frozen=True)
class Position:
    """Where a school is on its way."""

    school: School
    newest: Application | None
    before: Before
    gathered: Gathered
    open_criteria: list[OpenCriterion]
    may_open: bool
    opens_on: date | None
    remarks: list[Remark] = field(default_factory=list)
    due_on: date | None = None

    @property
    def unchanged(self) -> list[OpenCriterion]:
        """The criteria that came back and are as they were."""
        return [one for one in self.open_criteria if not one.changed]


def position(school: School, content: Content, *, language: str, today: date) -> Position:
    """Find out where a school is, and what its dossier lacks."""
    newest = queries.newest_application(school.id)
    before = before_of(newest, school)
    months = content.certificate_terms(school.country_code).renewal_opens_months
    found = gathered(newest, school, content, language=language, today=today)
    back = newest if newest and newest.state is State.CHANGES_REQUESTED else None
    written = queries.remarks(back) if back else {}
    return Position(
        school=school,
        newest=newest,
        before=before,
        gathered=found,
        open_criteria=_open_criteria(newest, found.dossier, content, written),
        may_open=not rules.opening_problems(before, months, today),
        opens_on=rules.opens_on(before, months),
        remarks=_remarks(written, found.dossier, content),
        due_on=turns.due_on(back) if back else None,
    )


def _remarks(written: Mapping[str, str], dossier: Dossier, content: Content) -> list[Remark]:
    """List what is not about a criterion: remarks on documents by their title, and on everything."""
    titles = {str(one.id): one.title for one in dossier.documents}
    return [
        Remark(titles.get(key), text)
        for key, text in written.items()
        if key not in content.standard.by_id
    ]


def _wanted(newest: Application | None, content: Content) -> list[Criterion]:
    everything = list(content.standard.criteria)
    if newest is None or newest.state is not State.CHANGES_REQUESTED:
        return everything
    if newest.open_criteria is None:
        return everything
    return [one for one in everything if one.id in newest.open_criteria]


def _open_criteria(
    newest: Application | None, dossier: Dossier, content: Content, written: Mapping[str, str]
) -> list[OpenCriterion]:
    """List the criteria that came back; a later save, or a newer file behind it, is a change.

    What the sift sent back is open as a whole; of that only the criteria with a remark are listed.
    """
    if newest is None or newest.state is not State.CHANGES_REQUESTED:
        return []
    named = _wanted(newest, content)
    if newest.open_criteria is None:
        named = [one for one in named if one.id in written]
    return [
        OpenCriterion(one, _changed_since(one.id, dossier, newest.changed_at), written.get(one.id))
        for one in named
    ]


def _changed_since(criterion_id: str, dossier: Dossier, moment: datetime) -> bool:
    score = dossier.scores.get(criterion_id)
    if score is None:
        return False
    files = [one.newest for one in dossier.documents if one.id in score.document_ids]
    return max([score.saved_at, *(one.uploaded_at for one in files)]) > moment


# --- the first page --------------------------------------------------------------------------


@dataclass(frozen=True)
class FirstPage:
    """The first page of a school manager."""

    position: Position
    step: way.Step
    legs: list[way.Leg]
    shares: list[float]
    training: Training
    criteria_done: int
    criteria_total: int

    @property
    def modules_met(self) -> int:
        """How many modules all those have passed who must."""
        return sum(share == 1 for share in self.shares)


def first_page(
    school: School, person: User, content: Content, *, language: str, at: datetime
) -> FirstPage:
    """Gather the first page: the next thing, the whole way, and what is missing."""
    found = position(school, content, language=language, today=at.date())
    training = learning.overview(person.id, content.modules, at)
    facts = found.gathered.facts
    own = training.minutes_left > 0 and any(
        person.duty in gap.duties for gap in found.gathered.gaps
    )
    passed = shares(found.gathered.gaps, content)
    lacking = {one.kind for one in facts.criteria_left}
    wanted = _wanted(found.newest, content)
    return FirstPage(
        position=found,
        step=way.next_step(
            found.before,
            facts,
            own_training=own,
            answered=not found.unchanged,
            may_open=found.may_open,
        ),
        legs=way.legs(found.before, facts, _begun(found.gathered, passed)),
        shares=passed,
        training=training,
        criteria_done=sum(one.id not in lacking for one in wanted),
        criteria_total=len(wanted),
    )


def shares(gaps: Sequence[TrainingGap], content: Content) -> list[float]:
    """Say for each module which share of those who must pass it have passed it."""
    groups = len(content.standard.decision.gate_duties)
    left = Counter(module.id for gap in gaps for module in gap.left)
    return [1 - left[module.id] / groups for module in content.modules]


def _begun(found: Gathered, training: list[float]) -> way.Begun:
    dossier = found.dossier
    return way.Begun(
        training=any(training),
        documents=bool(dossier.documents),
        mechanism=bool(dossier.mechanism or dossier.persons or dossier.channels or dossier.steps),
        criteria=bool(dossier.scores),
        training_minutes=_minutes(found.gaps),
    )


def _minutes(gaps: Sequence[TrainingGap]) -> int:
    """Sum the minutes of each module that somebody still has to pass, once."""
    left = {module.id: module.minutes + QUIZ_MINUTES for gap in gaps for module in gap.left}
    return sum(left.values())


# --- the application -------------------------------------------------------------------------


@dataclass(frozen=True)
class ApplicationPage:
    """The newest application of a school, with its rounds, its history and those before it."""

    position: Position
    rounds: list[HandedIn]
    history: list[AuditEntry]
    earlier: list[Application]


def application_page(
    school: School, content: Content, *, language: str, today: date
) -> ApplicationPage:
    """Gather the page of the application."""
    found = position(school, content, language=language, today=today)
    newest = found.newest
    return ApplicationPage(
        position=found,
        rounds=queries.submissions(newest) if newest else [],
        history=history_of(newest) if newest else [],
        earlier=queries.applications_of(school.id)[1:],
    )
