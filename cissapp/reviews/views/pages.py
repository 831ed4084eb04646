"""What the pages of the review show, put together from what is known. No answers of their own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from cissapp.applications.models import Application
from cissapp.applications.rules import OUTCOME_NAMES, STATE_KINDS, STATE_NAMES, Outcome, State
from cissapp.content.values import Criterion, Standard
from cissapp.reviews.models import Score
from cissapp.reviews.queries import Case, Letter, Row
from cissapp.reviews.rules import due_on
from cissapp.reviews.rules.scores import far_apart
from cissapp.reviews.rules.verdicts import next_steps, result
from cissapp.reviews.views.blueprint import named
from cissapp.web import languages
from cissapp.web.context import content
from cissapp.web.filters import day, in_days
from cissapp.web.forms import shown

PAGE_ROWS = 50
KINDS = {None: "none", 0: "bad", 1: "warn", 2: "ok", 3: "ok"}


@dataclass(frozen=True)
class Page:
    """A page of a list, as the pagination asks for it."""

    rows: list[Any]
    page: int
    pages: int
    endpoint: str

    def href(self, number: int) -> str:
        """Give the address of another page."""
        return url_for(self.endpoint, page=number)


def page_of(rows: list[Any], number: int, endpoint: str) -> Page:
    """Cut a page out of a list."""
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(number, 1), pages)
    return Page(rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], page, pages, endpoint)


@dataclass(frozen=True)
class Line:
    """A criterion in the overview of a review."""

    label: str
    href: str
    kind: str
    state: str | None
    detail: str | None


def queue_lines(rows: list[Row]) -> list[Line]:
    """Write applications of the queue: which school, where, which round, until when."""
    return [_queue_line(row) for row in rows]


def _queue_line(row: Row) -> Line:
    details = [
        content().region_name(row.region_code, languages.current()),
        _("round %(round)s", round=row.round),
        _("submitted %(day)s", day=day(row.submitted_at)),
    ]
    if row.due_on:
        details.append(due(row.due_on))
    if row.assessor:
        details.append(_("assessed by %(name)s", name=row.assessor))
    if row.tied:
        details.append(_("you declared a tie"))
    href = url_for("reviews.show", application_id=row.id)
    kind, state = (
        ("info", _("Waits for a decision"))
        if row.handed_in and row.state is State.IN_REVIEW
        else state_of(row)
    )
    return Line(row.school, href, kind, state, " · ".join(details))


def due(on: date) -> str:
    """Say until when something is due."""
    return str(_("due %(day)s, %(far)s", day=day(on), far=in_days(on)))


def place_and_time(case: Case) -> str:
    """Say where the school is, which round this is, and until when it is due."""
    application, submitted_at = case.application, case.submission.submitted_at
    details = [
        content().region_name(application.school.region_code, languages.current()),
        _("round %(round)s", round=application.round),
        _("submitted %(day)s", day=day(submitted_at)),
    ]
    until = due_on(application.state, submitted_at.date())
    return " · ".join([*details, due(until)] if until else details)


def state_of(application: Application | Row) -> tuple[str, str]:
    """Give kind and name of the outcome of an application, or of its state."""
    if application.outcome:
        kind = "ok" if application.outcome is Outcome.CERTIFIED else "warn"
        return kind, _(OUTCOME_NAMES[application.outcome])
    return STATE_KINDS[application.state], _(STATE_NAMES[application.state])


@dataclass(frozen=True)
class Part:
    """A part of the rubric in the overview."""

    title: str
    lines: list[Line]


def level_name(score: Score) -> str:
    """Write a level in words."""
    if score.level is None:
        return str(_("Not applicable"))
    return str(_("Level %(level)s", level=score.level))


def parts(case: Case, standard: Standard) -> list[Part]:
    """List the criteria by part; with their states, if the person may see the scores."""
    text = standard.rubric_text(languages.current())
    return [
        Part(
            f"{part.id} · {text.parts[part.id].title}",
            [_line(case, one) for one in standard.criteria if one.part == part.id],
        )
        for part in standard.rubric.parts
    ]


def _line(case: Case, criterion: Criterion) -> Line:
    score = case.scores.get(criterion.id)
    title = criterion.text(languages.current()).title
    href = url_for(
        "reviews.criterion", application_id=case.application.id, criterion_id=criterion.id
    )
    details = [_("critical: at least 2")] if criterion.critical else []
    if case.earlier and not case.is_open(criterion.id):
        details.append(_("settled in an earlier round"))
    state = level_name(score) if score else _("Not scored yet") if case.mine else None
    kind = KINDS[score.level] if score else "none"
    return Line(f"{criterion.id} · {title}", href, kind, state, " · ".join(details) or None)


def next_unscored(case: Case, standard: Standard) -> str | None:
    """Name the first criterion that the assessor has not scored yet."""
    return next((one.id for one in standard.criteria if one.id not in case.scores), None)


@dataclass(frozen=True)
class Compared:
    """A criterion as school and reviewer see it."""

    id: str
    label: str
    href: str
    own: str
    level: str
    reason: str
    far: bool


def compared(case: Case, standard: Standard) -> list[Compared]:
    """List every scored criterion, those where school and reviewer are far apart first."""
    lines = [
        _compared(case, one, case.scores[one.id])
        for one in standard.criteria
        if one.id in case.scores
    ]
    return sorted(lines, key=lambda one: not one.far)


def _compared(case: Case, criterion: Criterion, score: Score) -> Compared:
    own = case.dossier.score(criterion.id)
    return Compared(
        criterion.id,
        f"{criterion.id} · {criterion.text(languages.current()).title}",
        url_for("reviews.criterion", application_id=case.application.id, criterion_id=criterion.id),
        "–" if own is None or own.level is None else str(own.level),
        "–" if score.level is None else str(score.level),
        score.reason,
        own is not None and far_apart(score.level, own.level),
    )


def shown_rule(case: Case, standard: Standard) -> dict[str, Any]:
    """Give what a page shows of the decision rule: result, what keeps from the next level, modules."""
    rule = result(case.levels, standard.decision, standard.criteria)
    titles = {
        one.id: f"{one.number} · {one.text(languages.current()).title}" for one in content().modules
    }
    return {
        "rule": rule,
        "keeps": [shown(named(one)) for one in rule.keeps],
        "modules": [(titles[one], rule.modules[one]) for one in titles if one in rule.modules],
        "outcomes": OUTCOME_NAMES,
    }


@dataclass(frozen=True)
class NextStep:
    """A criterion in the letter to the school: where it is, why, and what is next."""

    label: str
    level: str
    reason: str
    goal: int
    sentence: str


def steps_of(letter: Letter, standard: Standard) -> list[NextStep]:
    """List what keeps the school from level 1, or from the level after the one it was given."""
    decision = letter.decision
    scores = {one.criterion_id: one for one in decision.review.scores}
    goal = (decision.level or 0) + 1
    if goal > len(standard.decision.levels):
        return []
    levels = {key: one.level for key, one in scores.items()}
    found = next_steps(levels, standard.decision, standard.criteria, goal)
    language = languages.current()
    return [
        NextStep(
            f"{one.id} · {one.text(language).title}",
            level_name(scores[one.id]),
            scores[one.id].reason,
            found[one.id],
            one.text(language).levels[str(found[one.id])],
        )
        for one in standard.criteria
        if one.id in found and one.id in scores
    ]
