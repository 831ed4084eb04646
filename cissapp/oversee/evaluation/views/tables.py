"""Puts the figures of the pages into words, without computing any."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import format_decimal
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.schema import ChoiceKey
from cissapp.foundation.content.values import Content, Module, Question
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages
from cissapp.learn.learning.models import VoidedQuestion
from cissapp.oversee.evaluation.rules import (
    FLAG_SENTENCES,
    GAIN_SIZES,
    MARKS,
    SENTENCES,
    TENTATIVE,
    Figures,
    Flag,
    Gain,
    Interval,
    NoFigureReason,
    QuestionFigures,
    flags_of,
)
from cissapp.oversee.evaluation.rules.groups import Gains
from cissapp.oversee.evaluation.views.plots import GainPlot, ItemPlot, gain_plot, item_plot

NOTHING = "–"
ALL = N_("All languages")


def number(value: float | None, places: str = "0.00") -> str:
    """Format a number for the current language; return a dash for None."""
    if value is None:
        return NOTHING
    # A value that rounds to zero has no sign.
    return str(format_decimal(0 if abs(value) < 0.005 else value, format=places))


def ends(interval: Interval | None) -> str:
    """Write the two ends of an interval."""
    if interval is None:
        return NOTHING
    return str(_("%(low)s to %(high)s", low=number(interval.low), high=number(interval.high)))


def people(count: int | None, reason: NoFigureReason | None) -> str:
    """Format a number of people, or the mark that replaces it."""
    return MARKS[reason] if count is None and reason else str(count or 0)


# --- gains -----------------------------------------------------------------------------------


class GainLine(Struct, frozen=True):
    """A line of the table of gains; `lang` is set where the name is in another language."""

    name: str
    lang: str | None
    cells: tuple[str, ...]


def gain_line(name: str, found: Gain, lang: str | None) -> GainLine:
    """Write a gain: people, before, after, gain, interval, in words."""
    if found.size:
        words = _(GAIN_SIZES[found.size])
    else:
        words = _(SENTENCES[found.reason]) if found.reason else NOTHING
    return GainLine(
        name,
        lang,
        (
            people(found.people, found.reason),
            number(found.before, "0.0"),
            number(found.after, "0.0"),
            number(found.gain),
            ends(found.interval),
            words,
        ),
    )


def gain_heads() -> list[str]:
    """List the headings of the columns after that of the group."""
    return [
        _("People"),
        _("Before, of 100"),
        _("After, of 100"),
        _("Gain"),
        _("Interval (95 %)"),
        _("In words"),
    ]


# A group by its name, the language of the name, and its gain.
Named = tuple[str, str | None, Gain]


class GainPart(Struct, frozen=True):
    """A table of gains, the plot of it, and below it the groups without a figure by the reason in words."""

    lines: list[GainLine]
    plot: GainPlot | None
    without: Mapping[str, list[str]] = {}


def language_part(gains: Gains) -> GainPart:
    """Write the gains of everybody and by language."""
    named: list[Named] = [(_("Everyone"), None, gains.whole)]
    named += [(languages.NAMES.get(code, code), code, one) for code, one in gains.languages.items()]
    return _part(named)


def region_part(gains: Gains, content: Content, language: str) -> GainPart:
    """Write the gains by region, by country and name."""
    named: list[Named] = [
        (content.region_name(code, language), None, one) for code, one in gains.regions.items()
    ]
    # A table of 25 regions without a figure hides the one that has some.
    without: dict[str, list[str]] = {}
    for name, _lang, one in named:
        if one.gain is None and one.reason:
            without.setdefault(_(SENTENCES[one.reason]), []).append(name)
    shown = _part([one for one in named if one[2].gain is not None or not one[2].reason])
    return GainPart(shown.lines, shown.plot, without)


def module_part(gains: Mapping[str, Gain], modules: Iterable[Module], language: str) -> GainPart:
    """Write the gains of everybody by module."""
    none = Gain(reason=NoFigureReason.FEW)
    return _part([(one.text(language).title, None, gains.get(one.id, none)) for one in modules])


def _part(named: Sequence[Named]) -> GainPart:
    lines = [gain_line(name, one, lang) for name, lang, one in named]
    return GainPart(lines, gain_plot([(name, one) for name, _lang, one in named]))


# --- questions -------------------------------------------------------------------------------


class QuestionRemark(Struct, frozen=True):
    """What looks wrong, in a sentence; `language` names where, None for everywhere."""

    language: str | None
    lang: str | None
    text: str


class ItemLine(Struct, frozen=True):
    """A line of the table of questions."""

    number: int
    question_id: str
    text: str
    cells: tuple[str, ...]
    remarks: list[QuestionRemark]
    voided: VoidedQuestion | None


class ItemPart(Struct, frozen=True):
    """The table of questions, and the map of them."""

    lines: list[ItemLine]
    plot: ItemPlot | None
    flagged: int


def item_heads() -> list[str]:
    """List the headings of the columns of a question's figures."""
    return [_("People"), _("Difficulty"), _("Discrimination"), _("Interval (95 %)")]


def item_cells(figures: Figures) -> tuple[str, ...]:
    """Write people, difficulty, discrimination, interval."""
    return (
        people(figures.people, figures.reason),
        number(figures.difficulty),
        number(figures.discrimination),
        ends(figures.interval),
    )


def item_part(
    found: list[QuestionFigures], module: Module, out: Mapping[str, VoidedQuestion], language: str
) -> ItemPart:
    """Write the figures of all questions in pool order; a voided one has none."""
    lines, numbered = [], []
    for place, item in enumerate(found, start=1):
        question = module.by_question_id[item.question_id]
        voided = out.get(item.question_id)
        marks = [] if voided else remarks(item, question, language)
        figures = Figures() if voided else item.whole
        cells = (NOTHING,) * 4 if voided else item_cells(figures)
        lines.append(
            ItemLine(place, item.question_id, question.text(language).text, cells, marks, voided)
        )
        if not voided:
            numbered.append((place, item, bool(marks)))
    return ItemPart(lines, item_plot(numbered), sum(bool(line.remarks) for line in lines))


def remarks(item: QuestionFigures, question: Question, language: str) -> list[QuestionRemark]:
    """List what looks wrong in all languages, then what looks wrong in only one."""
    everywhere = flags_of(item.whole)
    known = {(one.fault, one.values.get("option")) for one in everywhere}
    found = [QuestionRemark(None, None, sentence(one, question, language)) for one in everywhere]
    for code, own in item.languages.items():
        found += [
            QuestionRemark(languages.NAMES.get(code, code), code, sentence(one, question, language))
            for one in flags_of(own)
            if (one.fault, one.values.get("option")) not in known
        ]
    return found


def sentence(flag: Flag, question: Question, language: str) -> str:
    """Render a flag as a sentence, with the text of the option it names."""
    values = dict(flag.values)
    if "option" in values:
        values["option"] = question.text(language).options[values["option"]].text
    if "gap" in values:
        values["gap"] = number(values["gap"])
    text = _(FLAG_SENTENCES[flag.fault], **values)
    return f"{text} {_(TENTATIVE)}" if flag.tentative else text


class LanguageLine(Struct, frozen=True):
    """A question in a language: its figures, how far it lies from the others, and its options."""

    name: str
    lang: str | None
    cells: tuple[str, ...]
    options: Sequence[tuple[str, ...]]
    reason: str | None


class QuestionPage(Struct, frozen=True):
    """All that is shown of a question."""

    lines: list[LanguageLine]
    remarks: list[QuestionRemark]


def question_page(item: QuestionFigures, question: Question, language: str) -> QuestionPage:
    """Write a question's figures in all languages together, and in each."""
    lines = [_language_line(_(ALL), None, item.whole, question, language)]
    lines += [
        _language_line(languages.NAMES.get(code, code), code, own, question, language)
        for code, own in item.languages.items()
    ]
    return QuestionPage(lines, remarks(item, question, language))


def _language_line(
    name: str, lang: str | None, own: Figures, question: Question, language: str
) -> LanguageLine:
    texts = question.text(language).options if isinstance(question.key, ChoiceKey) else {}
    options = [
        (
            texts[one.option].text,
            _("right") if one.right else _("wrong"),
            number(one.share),
            number(one.strong),
            number(one.rest),
        )
        for one in own.options
    ]
    apart = NOTHING if own.apart is None else number(own.apart)
    reason = _(SENTENCES[own.reason]) if own.reason else None
    return LanguageLine(name, lang, (*item_cells(own), apart), options, reason)
