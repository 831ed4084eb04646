"""Building blocks of the review pages, without any views of their own."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.forms import shown
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.people.deadlines.phrases import distance_text
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import DeadlineKind, local_day
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.phrases.stages import STATE_KINDS
from cissapp.prepare.applications.queries.deadlines import find_open_deadline
from cissapp.prepare.applications.rules import OUTCOME_NAMES, STATE_NAMES, ApplicationOutcome
from cissapp.review.reviews.models import Review, Score
from cissapp.review.reviews.queries import Case, QueueRow
from cissapp.review.reviews.rules.outcomes import rule_result
from cissapp.review.reviews.rules.phases import CaseContent, Phase
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.references import MECHANISM, VISIT
from cissapp.review.reviews.rules.standard import Scores
from cissapp.review.reviews.rules.waiting import CLOCKS, WaitingFor
from cissapp.review.reviews.rules.work import Work
from cissapp.review.reviews.views.blueprint import with_need_name
from cissapp.review.visits.queries import signed_visit

KINDS = {None: "none", 0: "bad", 1: "warn", 2: "ok", 3: "ok"}


class CriterionLine(Struct, frozen=True):
    """A criterion in the overview of a review."""

    label: str
    href: str
    kind: str
    state: str | None
    detail: str | None


def due_text(on: date, today: date) -> str:
    """Render when something is due, and how far away that is."""
    far = distance_text((on - today).days)
    return str(_("due %(day)s, %(far)s", day=day(on), far=far))


def place_and_time(case: Case) -> str:
    """Render where the school is, which round this is, when it was submitted and when it is due."""
    application, submitted_at = case.application, case.submission.submitted_at
    details = [
        content().region_place(application.school.region_code, languages.current()),
        _("round %(round)s", round=application.round),
        _("submitted %(day)s", day=day(submitted_at)),
    ]
    until = due_line(case)
    return BETWEEN_FACTS.join([*details, until] if until else details)


def state_of(application: Application | QueueRow, waits: WaitingFor | None) -> tuple[str, str]:
    """Return kind and name of the outcome of an application, or of its state; also whether a decision is due."""
    if application.outcome:
        kind = "ok" if application.outcome is ApplicationOutcome.CERTIFIED else "warn"
        return kind, _(OUTCOME_NAMES[application.outcome])
    if waits is WaitingFor.DECISION:
        return "info", _("Waiting for a decision")
    return STATE_KINDS[application.state], _(STATE_NAMES[application.state])


class RubricPart(Struct, frozen=True):
    """A part of the rubric in the overview."""

    title: str
    lines: list[CriterionLine]


def level_name(score: Score) -> str:
    """Render a level in words."""
    if score.level is None:
        return str(_("Not applicable"))
    return str(_("Level %(level)s", level=score.level))


def rubric_parts(case: Case, standard: Standard) -> list[RubricPart]:
    """List the criteria by part; with their states, if the person may see the scores."""
    text = standard.rubric_text(languages.current())
    return [
        RubricPart(
            f"{part.id} · {text.parts[part.id].title}",
            [_line(case, one) for one in standard.criteria if one.part == part.id],
        )
        for part in standard.rubric.parts
    ]


def criteria_to_score(case: Case, standard: Standard) -> list[CriterionLine]:
    """List the criteria of a round or review that is about some of them only; none if it is about all."""
    open_now = [one for one in standard.criteria if case.is_open(one.id)]
    if len(open_now) == len(standard.criteria):
        return []
    return [_line(case, one) for one in open_now]


def _line(case: Case, criterion: Criterion) -> CriterionLine:
    score = case.scores.get(criterion.id)
    title = criterion.text(languages.current()).title
    href = url_for(
        "reviews.criterion", application_id=case.application.id, criterion_id=criterion.id
    )
    details = [_("critical: at least 2")] if criterion.critical else []
    if not case.is_open(criterion.id):
        third = case.own is not None and case.own.criteria is not None
        details.append(_("not part of this review") if third else _("settled in an earlier round"))
    state = level_name(score) if score else _("Not scored yet") if case.mine else None
    kind = KINDS[score.level] if score else "none"
    return CriterionLine(
        f"{criterion.id} · {title}", href, kind, state, BETWEEN_FACTS.join(details) or None
    )


def next_unscored(case: Case, standard: Standard) -> str | None:
    """Return the first criterion that the person has not scored yet in their own review."""
    if case.own is None:
        return None
    wanted = wanted_of(case.own, standard)
    return next((one.id for one in wanted if one.id not in case.scores), None)


def shown_rule(levels: Scores, standard: Standard) -> dict[str, Any]:
    """Return what a page shows of the decision rule: result, obstacles to the next level, modules."""
    rule = rule_result(levels, standard.decision, standard.criteria)
    titles = {
        one.id: f"{one.number} · {one.text(languages.current()).title}" for one in content().modules
    }
    return {
        "rule": rule,
        "keeps": [shown(with_need_name(one)) for one in rule.keeps],
        "means": [(part, filters.decimal(value)) for part, value in rule.means.items()],
        "modules": [
            (titles[one], filters.decimal(rule.modules[one]))
            for one in titles
            if one in rule.modules
        ],
        "outcomes": OUTCOME_NAMES,
    }


def wanted_of(review: Review, standard: Standard) -> list[Criterion]:
    """List the criteria that a review has to score."""
    wanted = review.criteria
    return [one for one in standard.criteria if wanted is None or one.id in wanted]


def progress_of(case: Case, standard: Standard) -> tuple[int, int] | None:
    """Count the scored and all criteria of the person's own review; None without one."""
    if case.own is None:
        return None
    wanted = {one.id for one in wanted_of(case.own, standard)}
    return len(wanted & set(case.levels)), len(wanted)


def named_criteria(standard: Standard) -> list[tuple[str, str]]:
    """List the criteria with their titles, to choose from."""
    language = languages.current()
    return [(one.id, f"{one.id} · {one.text(language).title}") for one in standard.criteria]


def places_of(case: Case) -> list[tuple[str, str]]:
    """List what a score can point to, to choose from."""
    documents = [
        (
            str(one.version.id),
            _("%(title)s, version %(number)s", title=one.title, number=one.version.number),
        )
        for one in case.dossier.documents
    ]
    found = [*documents, (MECHANISM, _("Reporting mechanism"))]
    if signed_visit(case.application.id):
        found.append((VISIT, _("Visit or video interview")))
    return found


def due_line(case: Case) -> str | None:
    """Render when the current step is due; for a second or third reviewer, when their own review is."""
    kinds = CLOCKS.get(case.phase, frozenset())
    if case.work is Work.SCORE and case.own is not None:
        first = case.own.place is ReviewPlace.FIRST
        kinds = frozenset({DeadlineKind.REVIEW if first else DeadlineKind.SECOND_REVIEW})
    elif case.phase in {Phase.REVIEW, Phase.SECOND_REVIEW}:
        first = case.phase is Phase.REVIEW
        kinds = frozenset({DeadlineKind.REVIEW if first else DeadlineKind.SECOND_REVIEW})
    found = find_open_deadline(case.application, *sorted(kinds))
    if found is None:
        return None
    calendar = calendar_at(case.application.school.country_code)
    return due_text(found.due_on, local_day(clock.now(), calendar))


PLACE_NAMES = {
    ReviewPlace.FIRST: N_("First review"),
    ReviewPlace.SECOND: N_("Second review"),
    ReviewPlace.THIRD: N_("Third review"),
}


def reviewer_lines(case: Case) -> list[dict[str, str]]:
    """List who writes which review of this round, with the date of submission if the person may see it."""
    lines = []
    for place, one in case.reviewers.items():
        value = one.assessor.name
        seen = case.sees(CaseContent.PROGRESS) or one is case.own
        if seen and one.handed_in_at:
            value = _("%(name)s, submitted on %(day)s", name=value, day=day(one.handed_in_at))
        lines.append({"label": _(PLACE_NAMES[place]), "value": value})
    return lines
