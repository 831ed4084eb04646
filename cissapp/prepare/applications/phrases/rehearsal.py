"""The words of the rehearsal: next actions, bars, what each answer is asked."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from cissapp.foundation.content.values import Content
from cissapp.foundation.web.filters import decimal
from cissapp.foundation.web.forms import ShownProblem
from cissapp.prepare.applications.queries.rehearsal import CheckedAnswer, Rehearsal
from cissapp.prepare.applications.rules.next_actions import (
    HIGHEST,
    URGENCY_NAMES,
    NextAction,
    PartMean,
)
from cissapp.prepare.mechanism.phrases import shown_check

WIDTH = 120


@dataclass(frozen=True)
class ShownLine:
    """A line of a list: words, a link, a remark."""

    label: str
    href: str
    detail: str


@dataclass(frozen=True)
class ShownBar:
    """A bar with its words; `width` is of 120."""

    title: str
    width: int
    mean: str
    scored: str


@dataclass(frozen=True)
class ShownPart:
    """The answers of a part that something is asked of."""

    title: str
    lines: list[ShownLine]


@dataclass(frozen=True)
class ShownRehearsal:
    """What the page of the rehearsal shows."""

    actions: list[ShownLine]
    bars: list[ShownBar]
    parts: list[ShownPart]
    advice: list[ShownProblem]


def shown_rehearsal(found: Rehearsal, content: Content, language: str) -> ShownRehearsal:
    """Render the rehearsal."""
    titles = content.standard.rubric_text(language).parts
    parts = {one.part: titles[one.part].title for one in found.part_means}
    return ShownRehearsal(
        [_action(one, content, language) for one in found.actions],
        [_bar(one, parts[one.part]) for one in found.part_means],
        [
            ShownPart(
                f"{part} {title}",
                [_line(one, language) for one in found.unclear if one.criterion.part == part],
            )
            for part, title in parts.items()
        ],
        [shown_check(one) for one in found.advice],
    )


def _action(action: NextAction, content: Content, language: str) -> ShownLine:
    title = content.standard.by_id[action.criterion_id].text(language).title
    level = (
        _("not scored yet") if action.level is None else _("level %(level)s", level=action.level)
    )
    return ShownLine(
        f"{action.criterion_id} {title}",
        url_for("assessment.criterion", criterion_id=action.criterion_id),
        f"{_(URGENCY_NAMES[action.why])} · {level}",
    )


def _bar(bar: PartMean, title: str) -> ShownBar:
    return ShownBar(
        f"{bar.part} {title}",
        round(WIDTH * (bar.mean or 0) / HIGHEST),
        "–" if bar.mean is None else decimal(bar.mean),
        _("%(scored)s of %(total)s", scored=bar.scored, total=bar.total),
    )


def _line(one: CheckedAnswer, language: str) -> ShownLine:
    prompt = one.clarity.prompt if one.clarity else None
    return ShownLine(
        f"{one.criterion.id} {one.criterion.text(language).title}",
        url_for("assessment.criterion", criterion_id=one.criterion.id),
        _(prompt) if prompt else "",
    )
