"""The stages to certification as a task list, and the certificate, in words."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.content.values import Content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import ShownProblem
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.learn.learning.queries import TrainingGap
from cissapp.people.accounts.rules import DUTY_NAMES, Duty
from cissapp.people.schools.models import School
from cissapp.people.schools.queries.standings import standing_today
from cissapp.people.schools.rules import STANDING_NAMES, Standing
from cissapp.prepare.applications.phrases.missing import duration, missing_items
from cissapp.prepare.applications.queries.pages import FirstPage
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.prepare.applications.rules.stages import (
    PREPARING,
    STATUS_NAMES,
    Stage,
    StageKind,
    StageStatus,
)


class StatusRow(Struct, frozen=True):
    """A line with a state: in the task list, the rounds, or the criteria that came back.

    `coming` is the next thing to do in it; `criterion_id` names the criterion that the line is about.
    """

    label: str
    href: str | None
    kind: str
    state: str
    detail: str | None = None
    coming: ShownProblem | None = None
    criterion_id: str | None = None


STATUS_KINDS = {
    StageStatus.DONE: "ok",
    StageStatus.STARTED: "info",
    StageStatus.TO_DO: "none",
    StageStatus.LATER: "none",
    StageStatus.WAITING: "info",
    StageStatus.RUNNING: "info",
    StageStatus.BACK: "warn",
    StageStatus.NOT_MET: "warn",
}

# The colour and sign under which a state is shown.
STATE_KINDS = {
    ApplicationState.DRAFT: "none",
    ApplicationState.SUBMITTED: "info",
    ApplicationState.IN_REVIEW: "info",
    ApplicationState.CHANGES_REQUESTED: "warn",
    ApplicationState.DECIDED: "ok",
    ApplicationState.WITHDRAWN: "none",
}

# The colour and sign of what a certificate says today.
STANDING_KINDS = {
    Standing.NONE: "none",
    Standing.VALID: "ok",
    Standing.EXPIRING: "warn",
    Standing.EXPIRED: "bad",
    Standing.SUSPENDED: "warn",
    Standing.WITHDRAWN: "bad",
}

PARTS = {
    StageKind.TRAINING: (N_("Training for those responsible"), "learning.modules"),
    StageKind.DOCUMENTS: (N_("Documents"), "documents.documents"),
    StageKind.MECHANISM: (N_("Reporting mechanism"), "mechanism.reporting"),
    StageKind.CRITERIA: (N_("Self-assessment"), "assessment.self_assessment"),
    StageKind.SUBMIT: (N_("Check and submit"), "applications.application"),
    StageKind.REVIEW: (N_("Review by the national group"), "applications.application"),
    StageKind.CERTIFICATE: (N_("Certificate"), "certificates.of_school"),
}


# Stages in one of these states show something that can be done now.
AT_WORK = frozenset({StageStatus.TO_DO, StageStatus.STARTED, StageStatus.BACK})


def stage_rows(page: FirstPage) -> list[StatusRow]:
    """Render the stages as a numbered task list, each with the one thing to do next in it."""
    return [_stage_row(number, stage, page) for number, stage in enumerate(page.stages, start=1)]


def _stage_row(number: int, stage: Stage, page: FirstPage) -> StatusRow:
    name, endpoint = PARTS[stage.kind]
    row = StatusRow(
        label=f"{number}. {_(name)}",
        href=url_for(endpoint),
        kind=STATUS_KINDS[stage.status],
        state=_(STATUS_NAMES[stage.status]),
        detail=_stage_detail(stage, page),
        coming=_coming(stage, page) if stage.status in AT_WORK else None,
    )
    if stage.kind is StageKind.DOCUMENTS and stage.status is StageStatus.DONE:
        return _with_expired(row, page)
    return row


def _with_expired(row: StatusRow, page: FirstPage) -> StatusRow:
    """Return the row of the documents with the first that expired: nothing is missing, but it must be replaced."""
    if not page.position.expired:
        return row
    first = page.position.expired[0]
    text = _(
        "%(title)s, was valid until %(day)s",
        title=first.title,
        day=filters.day(first.newest.expires_on) if first.newest.expires_on else "",
    )
    href = url_for("documents.document", document_id=first.id)
    return replace(row, kind="warn", state=_("Expired"), coming=ShownProblem(text, href))


def _coming(stage: Stage, page: FirstPage) -> ShownProblem | None:
    facts = page.position.readiness.facts
    if stage.kind is StageKind.TRAINING:
        return _coming_training(page)
    if stage.status is StageStatus.BACK and stage.kind is StageKind.CRITERIA:
        return _coming_back(page)
    left = {
        StageKind.DOCUMENTS: facts.documents_left,
        StageKind.MECHANISM: facts.mechanism_left,
        StageKind.CRITERIA: facts.criteria_left,
    }.get(stage.kind)
    return missing_items(stage.kind, left[:1])[0] if left else None


def _coming_back(page: FirstPage) -> ShownProblem:
    criterion = page.position.unchanged[0].criterion
    title = criterion.text(languages.current()).title
    return ShownProblem(
        f"{criterion.id} {title}", url_for("assessment.criterion", criterion_id=criterion.id)
    )


def _coming_training(page: FirstPage) -> ShownProblem | None:
    # Whoever is not there yet comes first: inviting takes a minute, and both can then learn at once.
    # Then whoever is done soonest.
    gaps = page.position.readiness.gaps
    gap = min(gaps, key=lambda one: (one.person is not None, len(one.left)), default=None)
    if gap is None or gap.person is None:
        place = gaps.index(gap) if gap else 0
        left = page.position.readiness.facts.training_left[place : place + 1]
        return missing_items(StageKind.TRAINING, left)[0] if left else None
    text = ngettext(
        "%(name)s needs to pass module %(numbers)s",
        "%(name)s needs to pass modules %(numbers)s",
        len(gap.left),
        name=gap.person.name,
        numbers=", ".join(str(one.number) for one in gap.left),
    )
    reader = signed_in()
    is_own = reader is not None and reader.id == gap.person.id
    return ShownProblem(text, url_for("learning.modules" if is_own else "enrolment.people"))


def work_left(page: FirstPage) -> str | None:
    """Write how long the school's own part still takes; None, when nothing is left to it."""
    minutes = sum(stage.minutes for stage in page.stages if stage.status is not StageStatus.DONE)
    own_part = page.step in PREPARING
    if not minutes or not own_part:
        return None
    return str(
        _(
            "Left for your school: %(time)s, in sessions of any length. Your work is saved, so you can continue any day.",
            time=duration(minutes),
        )
    )


def _stage_detail(stage: Stage, page: FirstPage) -> str | None:
    time = duration(stage.minutes) if stage.minutes else None
    if stage.kind is StageKind.CRITERIA and stage.status in {
        StageStatus.TO_DO,
        StageStatus.STARTED,
    }:
        done = _(
            "%(done)d of %(total)d complete", done=page.criteria_done, total=page.criteria_total
        )
        return f"{done}{BETWEEN_FACTS}{time}"
    if stage.kind is StageKind.TRAINING and stage.status is not StageStatus.DONE:
        return _training_detail(page)
    if stage.kind is StageKind.REVIEW and stage.status in {StageStatus.LATER, StageStatus.WAITING}:
        return str(
            ngettext("up to %(num)d working day", "up to %(num)d working days", page.review_days)
        )
    return time


def _training_detail(page: FirstPage) -> str:
    """Write how long the training still takes, for each by name once they differ."""
    gaps = page.position.readiness.gaps
    times = [duration(minutes) for minutes in page.gap_minutes]
    if len(set(times)) == 1 < len(times):
        return str(_("Head or deputy head, and designated person: %(time)s each", time=times[0]))
    return BETWEEN_FACTS.join(f"{_who(gap)}: {time}" for gap, time in zip(gaps, times, strict=True))


def _who(gap: TrainingGap) -> str:
    if gap.person is not None:
        return gap.person.name
    return " / ".join(_(DUTY_NAMES[Duty(one)]) for one in gap.duties)


class CertificateSummary(Struct, frozen=True):
    """What the newest certificate of a school says today."""

    kind: str
    state: str
    level: str
    until: str


def certificate_summary(
    school: School, content: Content, language: str
) -> CertificateSummary | None:
    """Render what the certificate of a school says today; None, if there is none."""
    if school.standing is Standing.NONE or school.level is None or school.valid_until_on is None:
        return None
    standing = standing_today(school, clock.today())
    return CertificateSummary(
        STANDING_KINDS[standing],
        _(STANDING_NAMES[standing]),
        level_name(school.level, content, language),
        "" if standing is Standing.WITHDRAWN else filters.day(school.valid_until_on),
    )


def level_name(level: int, content: Content, language: str) -> str:
    """Name a level: its number, and its words."""
    standard = content.standard
    rule = next(one for one in standard.decision.levels if one.level == level)
    name = standard.decision_text(language).levels[rule.name].name
    return str(_("Level %(level)d, %(name)s", level=level, name=name))
