"""The words of the rehearsal: remarks, each said once with all its places, and bars."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.content.values import Content, Criterion
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.filters import decimal
from cissapp.foundation.web.forms import ShownProblem
from cissapp.prepare.applications.phrases.missing import RemarkGroup, remark_group
from cissapp.prepare.applications.queries.rehearsal import CheckedAnswer, Rehearsal
from cissapp.prepare.applications.rules.clarity_words import Aspect
from cissapp.prepare.applications.rules.next_actions import HIGHEST, PartMean, Urgency
from cissapp.prepare.mechanism.phrases import shown_check

WIDTH = 120

LEVEL_REMARKS = {
    Urgency.CRITICAL: N_(
        "Critical and below level 2: this is enough to prevent a school from being certified."
    ),
    Urgency.ZERO: N_("At level 0: nothing is in place yet."),
    Urgency.CHEAP: N_("At level 1: there is little left to do."),
}


class ShownBar(Struct, frozen=True):
    """A bar with its words; `width` is of 120."""

    title: str
    width: int
    mean: str
    scored: str


class ShownRehearsal(Struct, frozen=True):
    """What the page of the rehearsal shows, the weightiest remark of each list first."""

    levels: list[RemarkGroup]
    advice: RemarkGroup | None
    answers: list[RemarkGroup]
    bars: list[ShownBar]


def shown_rehearsal(found: Rehearsal, content: Content, language: str) -> ShownRehearsal:
    """Render the rehearsal."""
    titles = content.standard.rubric_text(language).parts
    advice = [shown_check(one) for one in found.advice]
    title = _("This would make the reporting mechanism stronger.")
    return ShownRehearsal(
        _levels(found, content, language),
        RemarkGroup(title, advice[0], advice[1:]) if advice else None,
        _answers(found.unclear, language),
        [_bar(one, titles[one.part].title) for one in found.part_means],
    )


def _levels(found: Rehearsal, content: Content, language: str) -> list[RemarkGroup]:
    """Group the criteria that were scored too low; those without a level are listed as missing."""
    places: dict[Urgency, list[ShownProblem]] = {}
    for one in found.actions:
        if one.level is not None:
            criterion = content.standard.by_id[one.criterion_id]
            places.setdefault(one.why, []).append(_place(criterion, language))
    return [remark_group(_(LEVEL_REMARKS[why]), places[why]) for why in Urgency if why in places]


def _answers(unclear: Sequence[CheckedAnswer], language: str) -> list[RemarkGroup]:
    """Group the answers by what they lack, the most common first; of a short one only the length is noted."""
    groups: dict[Aspect | None, list[ShownProblem]] = {}
    for one in unclear:
        if one.clarity is None:
            continue
        lacks = sorted(one.clarity.missing)
        for aspect in (None,) if one.clarity.short else lacks:
            groups.setdefault(aspect, []).append(_place(one.criterion, language))
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return [remark_group(_lack(aspect, len(places)), places) for aspect, places in ordered]


def _lack(aspect: Aspect | None, count: int) -> str:
    match aspect:
        case Aspect.WHO:
            return str(
                ngettext(
                    "%(num)d answer does not give a job title: say who does it.",
                    "%(num)d answers do not give a job title: say who does it.",
                    count,
                )
            )
        case Aspect.WHEN:
            return str(
                ngettext(
                    "%(num)d answer does not say when: add by when, or how often.",
                    "%(num)d answers do not say when: add by when, or how often.",
                    count,
                )
            )
        case Aspect.EVIDENCE:
            return str(
                ngettext(
                    "%(num)d answer names nothing that shows it: a page, an order, a register or a place where it is displayed.",
                    "%(num)d answers name nothing that shows it: a page, an order, a register or a place where it is displayed.",
                    count,
                )
            )
        case None:
            return str(
                ngettext(
                    "%(num)d answer is very short: say who does what, by when, and what shows it.",
                    "%(num)d answers are very short: say who does what, by when, and what shows it.",
                    count,
                )
            )


def _place(criterion: Criterion, language: str) -> ShownProblem:
    return ShownProblem(
        f"{criterion.id} {criterion.text(language).title}",
        url_for("assessment.criterion", criterion_id=criterion.id),
    )


def _bar(bar: PartMean, title: str) -> ShownBar:
    return ShownBar(
        f"{bar.part} {title}",
        round(WIDTH * (bar.mean or 0) / HIGHEST),
        "–" if bar.mean is None else decimal(bar.mean),
        _("%(scored)s of %(total)s", scored=bar.scored, total=bar.total),
    )
