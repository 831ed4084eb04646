"""The letter about a decision: rendered once in the language of the school, in parts that pages only show."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct, to_builtins

from cissapp.foundation.content.installed import day_in
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.web import filters, languages
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import calendar_day_after
from cissapp.prepare.applications.rules import OUTCOME_NAMES, ApplicationOutcome
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.rules.letters import next_steps

FORMAT = 1


class CriterionStep(Struct, frozen=True):
    """A criterion below its target: its present level, the reason, and the sentence of the next level.

    `language` is that of title and sentence; it differs from the letter's where the rubric is not
    translated yet.
    """

    criterion: str
    title: str
    now: str
    reason: str
    goal: str
    sentence: str
    language: str


class LetterText(Struct, frozen=True):
    """The parts of a letter, each as it is read."""

    format: int
    language: str
    heading: str
    place_and_day: str
    school: str
    outcome: str
    level: str | None
    meaning: str
    opening: str
    reasons_heading: str
    reasons: str
    next_heading: str
    next: list[str]
    steps_heading: str
    steps: list[CriterionStep]
    none_open: str
    appeal_heading: str
    appeal: str

    @property
    def plain(self) -> dict[str, object]:
        """The parts as plain values, for the canonical text."""
        parts: dict[str, object] = to_builtins(self)
        return parts


def language_of(application: Application, otherwise: str) -> str:
    """Return the language of the school if the programme has it, else `otherwise`."""
    language = application.school.language
    return language if language in languages.NAMES else otherwise


class LetterFacts(Struct, frozen=True):
    """The contents of a letter: outcome and level, what the decider wrote, and the scores that count."""

    outcome: ApplicationOutcome
    level: int | None
    reasons: str
    opening: str
    scores: Mapping[str, Score]


def written_letter(
    application: Application, told: LetterFacts, standard: Standard, *, language: str, at: datetime
) -> LetterText:
    """Render the letter in a language; an empty opening is replaced by the usual words."""
    with force_locale(language):
        decided = standard.decision_text(language)
        outcome = told.outcome.value
        return LetterText(
            format=FORMAT,
            language=language,
            heading=_("Decision on your application"),
            place_and_day=_(
                "%(group)s, %(day)s, round %(round)s",
                group=application.school.group.name,
                day=filters.day(day_in(application.school.country_code, at)),
                round=application.round,
            ),
            school=application.school.name,
            outcome=_(OUTCOME_NAMES[told.outcome]),
            level=_("Level %(level)s", level=told.level) if told.level else None,
            meaning=decided.outcomes[outcome].meaning,
            opening=told.opening or usual_opening(application),
            reasons_heading=_("Reasons"),
            reasons=told.reasons,
            next_heading=_("What happens next"),
            next=_next(application, told, standard, at),
            steps_heading=_steps_heading(told),
            steps=_steps(told, standard, language),
            none_open=_("No criterion is below its target. Keep the documents up to date."),
            appeal_heading=_("If you think that the decision is wrong"),
            appeal=_appeal(application, told.outcome, standard, at),
        )


def drafted_reasons(
    application: Application,
    outcome: ApplicationOutcome,
    level: int | None,
    named: Sequence[Criterion],
) -> str:
    """Render a draft of the reasons for the school: what was reached, and the criteria to work on."""
    language = language_of(application, "en")
    with force_locale(language):
        titles = "; ".join(f"{one.id} {one.text(language).title}" for one in named)
        if outcome is ApplicationOutcome.CERTIFIED:
            first = _(
                "Your policy and your way to report meet the criteria for level %(level)s.",
                level=level,
            )
            more = _("To work on next: %(criteria)s.", criteria=titles)
        else:
            first = _("Your application does not meet all the criteria for level 1 yet.")
            more = _("What is still missing: %(criteria)s.", criteria=titles)
        return "\n\n".join([str(first), *([str(more)] if named else [])])


def usual_opening(application: Application) -> str:
    """Render the usual opening words in the active language."""
    text: str = _(
        "Dear colleagues at %(school)s,\n\nThank you for your work to keep children safe online, and for showing it to us so openly. At least two people from our group read your application.",
        school=application.school.name,
    )
    return text


def _steps_heading(told: LetterFacts) -> str:
    if told.outcome is ApplicationOutcome.CERTIFIED:
        return str(_("Next steps towards the next level"))
    if told.outcome is ApplicationOutcome.MINOR_GAPS:
        return str(_("What you still need to correct"))
    # "Open" would be wrong after major gaps: the application has ended, and a new one may change everything.
    return str(_("What is still missing"))


def _next(
    application: Application, told: LetterFacts, standard: Standard, at: datetime
) -> list[str]:
    if told.outcome is ApplicationOutcome.CERTIFIED:
        return [_("Your certificate is ready. It shows how long it is valid.")]
    if told.outcome is ApplicationOutcome.MINOR_GAPS:
        days = standard.decision.outcomes.minor_gaps.days
        return [
            _(
                "Close the open criteria and submit your application again by %(day)s. Only these criteria are reviewed again. Everything else stays as it is.",
                day=filters.day(calendar_day_after(application, days, at)),
            )
        ]
    return [
        _(
            "You can change your application again. Work through the steps below. Then you can submit a new application."
        )
    ]


def _appeal(
    application: Application, outcome: ApplicationOutcome, standard: Standard, at: datetime
) -> str:
    """Write until when the school may appeal; empty if it is certified, when there is nothing to appeal against."""
    if outcome is ApplicationOutcome.CERTIFIED:
        return ""
    until = calendar_day_after(application, standard.decision.appeal.file_days, at)
    text: str = _(
        "You can appeal until %(day)s on the page for this decision. People who took no part in it will look at it again. Appealing is free. The decision stands in the meantime.",
        day=filters.day(until),
    )
    return text


def _steps(told: LetterFacts, standard: Standard, language: str) -> list[CriterionStep]:
    levels = {key: one.level for key, one in told.scores.items()}
    found = next_steps(told.outcome, told.level, levels, standard.decision, standard.criteria)
    by_id = standard.by_id
    return [
        _step(by_id[key], told.scores[key], aim, language)
        for key, aim in found.items()
        if key in told.scores
    ]


def _step(criterion: Criterion, score: Score, aim: int, language: str) -> CriterionStep:
    text = criterion.text(language)
    now = _("Not applicable") if score.level is None else _("Level %(level)s", level=score.level)
    return CriterionStep(
        criterion=criterion.id,
        title=text.title,
        now=_("Now: %(level)s", level=now),
        reason=score.reason,
        goal=_("Next step, level %(level)s:", level=aim),
        sentence=text.levels[str(aim)],
        language=language if language in criterion.texts else "en",
    )
