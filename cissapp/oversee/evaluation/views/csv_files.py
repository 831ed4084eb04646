"""Writes the same figures as CSV: numbers with three decimals, empty where nothing is shown."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.content.values import Content, Module
from cissapp.foundation.core import clock
from cissapp.foundation.web import filters, languages, spreadsheets
from cissapp.oversee.evaluation.rules import (
    GAIN_SIZES,
    SENTENCES,
    Figures,
    Gain,
    OptionUse,
    QuestionFigures,
)
from cissapp.oversee.evaluation.rules.groups import Gains
from cissapp.oversee.evaluation.views import tables


def gains_csv(
    module: Module, gains: Gains, content: Content, language: str, *, as_of: datetime | None
) -> bytes:
    """Write the gains of a module: everybody, by language, by region."""
    groups = [("all", "", _("Everyone"), gains.whole)]
    groups += [
        ("language", code, languages.NAMES.get(code, code), one)
        for code, one in gains.languages.items()
    ]
    groups += [
        ("region", code, content.region_name(code, language), one)
        for code, one in gains.regions.items()
    ]
    head = [_("Module"), _("Kind"), _("Code"), _("Group"), _("People"), _("Before, of 100")]
    head += [_("After, of 100"), _("Gain"), _("From (95 %)"), _("To (95 %)"), _("In words")]
    rows = [[module.id, kind, code, name, *_gain(one)] for kind, code, name, one in groups]
    gain = _("Gain is (after − before) ÷ (100 − before), from the means of the people who took both tests. Nothing is shown for fewer than 10 people, nor any figure from which theirs could be worked out.")  # fmt: skip
    return spreadsheets.csv_of(head, rows, [_as_of(as_of), [_("Gain"), gain]])


def _as_of(at: datetime | None) -> list[str]:
    return [_("As of"), filters.moment(at or clock.now())]


def _gain(found: Gain) -> list[str]:
    words = _(GAIN_SIZES[found.size]) if found.size else ""
    if found.reason:
        words = _(SENTENCES[found.reason])
    return [
        _whole(found.people),
        plain(found.before),
        plain(found.after),
        plain(found.gain),
        plain(found.interval.low if found.interval else None),
        plain(found.interval.high if found.interval else None),
        words,
    ]


def items_csv(
    module: Module, found: Iterable[QuestionFigures], language: str, *, as_of: datetime | None
) -> bytes:
    """Write the figures of the questions of a module, in all languages and in each."""
    head = [_("Module"), _("Question"), _("Language"), _("People"), _("Difficulty")]
    head += [
        _("Discrimination"),
        _("From (95 %)"),
        _("To (95 %)"),
        _("Differs from other languages by"),
    ]
    head += [
        _("Options: id, share, share of the strongest third, result on other questions"),
        _("Remarks"),
    ]
    rows = []
    for item in found:
        question = module.by_question_id[item.question_id]
        said: dict[str | None, list[str]] = {}
        for one in tables.remarks(item, question, language):
            said.setdefault(one.lang, []).append(one.text)
        for code, own in [(None, item.whole), *item.languages.items()]:
            words = [_(SENTENCES[own.reason])] if own.reason else said.get(code, [])
            name = code or "all"
            rows.append([module.id, item.question_id, name, *_figures(own), " ".join(words)])
    figures = _("Difficulty is the mean share of the points: 1 is easy. Discrimination is the correlation with the other questions of the attempt: people who do well on those should do well on this one. Each person counts once, with their first quiz.")  # fmt: skip
    return spreadsheets.csv_of(head, rows, [_as_of(as_of), [_("Questions"), figures]])


def _figures(own: Figures) -> list[str]:
    return [
        _whole(own.people),
        plain(own.difficulty),
        plain(own.discrimination),
        plain(own.interval.low if own.interval else None),
        plain(own.interval.high if own.interval else None),
        plain(own.apart),
        "; ".join(_option(one) for one in own.options),
    ]


def _option(one: OptionUse) -> str:
    name = f"{one.option} *" if one.right else one.option
    return ", ".join([name, plain(one.share), plain(one.strong) or "-", plain(one.rest) or "-"])


def plain(value: float | None) -> str:
    """Format a number for programs; return an empty string for None."""
    return "" if value is None else f"{value:.3f}"


def _whole(count: int | None) -> str:
    return "" if count is None else str(count)
