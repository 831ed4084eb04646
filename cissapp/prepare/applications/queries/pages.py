"""What the first page of a school and the page of its application show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.queries import history_of
from cissapp.foundation.content.values import Content
from cissapp.learn.learning import queries as learning
from cissapp.learn.learning.queries.schools import TrainingGap
from cissapp.learn.learning.rules import QUIZ_MINUTES
from cissapp.learn.learning.rules.progress import LearningOverview as Training
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.position import (
    SchoolPosition,
    find_position,
    wanted_criteria,
)
from cissapp.prepare.applications.queries.submissions import SubmittedRound
from cissapp.prepare.applications.rules.stages import (
    SchoolStep,
    Stage,
    StartedStages,
    choose_next_step,
    list_stages,
)


class FirstPage(Struct, frozen=True):
    """The first page of a school manager."""

    position: SchoolPosition
    step: SchoolStep
    stages: list[Stage]
    shares: list[float]
    training: Training
    gap_minutes: list[int]
    criteria_done: int
    criteria_total: int
    review_days: int

    @property
    def modules_met(self) -> int:
        """The number of modules that have been passed by everyone who has to."""
        return sum(share == 1 for share in self.shares)


def first_page(
    school: School, person: User, content: Content, *, language: str, at: datetime
) -> FirstPage:
    """Gather the first page: the next step, all stages, and what is missing."""
    today = at.date()
    found = find_position(school, content, language=language, today=today, reader_id=person.id)
    facts, gaps = found.readiness.facts, found.readiness.gaps
    known = learning.overviews({person.id, *_people(gaps)}, content.modules, at)
    training = known[person.id]
    minutes = [_gap_minutes(gap, known) for gap in gaps]
    passed = shares(gaps, content)
    lacking = {one.kind for one in facts.criteria_left}
    wanted = wanted_criteria(found.newest, content)
    return FirstPage(
        position=found,
        step=choose_next_step(
            found.last_application,
            facts,
            own_training=_is_nearest(person, training, gaps),
            answered=not found.unchanged,
            may_open=found.may_open,
        ),
        stages=list_stages(found.last_application, facts, _started(found, passed, sum(minutes))),
        shares=passed,
        training=training,
        gap_minutes=minutes,
        criteria_done=sum(one.id not in lacking for one in wanted),
        criteria_total=len(wanted),
        review_days=content.standard.decision.process.days_to_decision,
    )


def _is_nearest(person: User, training: Training, gaps: Sequence[TrainingGap]) -> bool:
    """Check whether the school needs modules of this person, and none of the same duties lacks fewer."""
    left = len(training.parts) - training.passed
    return any(person.duty in gap.duties and 0 < left <= len(gap.left) for gap in gaps)


def shares(gaps: Sequence[TrainingGap], content: Content) -> list[float]:
    """Return for each module the share of those required to pass it who have."""
    groups = len(content.standard.decision.gate_duties)
    left = Counter(module.id for gap in gaps for module in gap.left)
    return [1 - left[module.id] / groups for module in content.modules]


def _started(found: SchoolPosition, training: list[float], minutes: int) -> StartedStages:
    evidence = found.readiness.evidence
    return StartedStages(
        training=any(training),
        documents=bool(evidence.documents),
        mechanism=bool(
            evidence.mechanism or evidence.persons or evidence.channels or evidence.steps
        ),
        criteria=bool(evidence.scores),
        training_minutes=minutes,
        unchanged=bool(found.unchanged),
    )


def _people(gaps: Sequence[TrainingGap]) -> list[UUID]:
    return [gap.person.id for gap in gaps if gap.person]


def _gap_minutes(gap: TrainingGap, known: Mapping[UUID, Training]) -> int:
    # Lessons that were read are counted out, as on the person's own pages: two times for one thing are one too many.
    if gap.person is None:
        return sum(module.minutes + QUIZ_MINUTES for module in gap.left)
    left = {module.id for module in gap.left}
    return sum(part.minutes_left for part in known[gap.person.id].parts if part.module.id in left)


class ApplicationPage(Struct, frozen=True):
    """The newest application of a school, with its rounds, its history and those before it."""

    position: SchoolPosition
    rounds: list[SubmittedRound]
    history: list[AuditEntry]
    earlier: list[Application]


def application_page(
    school: School, content: Content, *, language: str, today: date
) -> ApplicationPage:
    """Gather the page of the application."""
    found = find_position(school, content, language=language, today=today)
    newest = found.newest
    return ApplicationPage(
        position=found,
        rounds=queries.submissions(newest) if newest else [],
        history=history_of(newest) if newest else [],
        earlier=[one for one in queries.applications_of(school.id) if one is not newest],
    )
