"""The figures of a round as a page and a paper show them: sentences, bars, tables."""

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.phrases import ASKED_OF_PUPILS, FIGURES, IN_ORDER, OPTION_WORDS
from cissapp.prepare.awareness.queries import Comparison, Figures
from cissapp.prepare.awareness.rules.questions import (
    AIM_PERCENT,
    AIMS_AT,
    ASKED,
    OPTIONS,
    SURVEY_LEAST,
    Question,
)
from cissapp.prepare.awareness.rules.shares import Change, Share

# Width of a full bar, in the units of its drawing.
BAR_WIDTH = 300
# The confidence level of the intervals, in per cent.
CERTAIN = 95


class Table(Struct, frozen=True):
    """A table: its head, its rows; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Bar(Struct, frozen=True):
    """A share as a bar with its interval, measured from the left; `earlier` is where the earlier bar ends."""

    label: str
    percent: str
    length: float
    low: float
    high: float
    aim: float | None
    earlier: float | None


def percent_of(value: float) -> int:
    """Return a share in percent, rounded down: 79.9 % do not reach 80 %."""
    return int(value * 100 + 1e-9)


def _interval(share: Share) -> str:
    low, high = round(share.low * 100), round(share.high * 100)
    return _together(_("%(low)s–%(high)s %%", low=low, high=high))


def _percent(share: Share) -> str:
    return _together(_("%(percent)s %%", percent=percent_of(share.value)))


def _together(figure: str) -> str:
    """Keep a figure and its sign on one line."""
    return figure.replace(" ", "\u00a0")


def _points(value: float) -> str:
    rounded = round(value * 100)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


def sentences_of(asked: AwarenessRound, figures: Figures, compared: Comparison | None) -> list[str]:
    """Return sentences on the main figure, its certainty, the distance to the aim, and what changed."""
    share = figures.shares[Question.BOTH]
    said = [
        ngettext(
            "Of %(num)d answers, %(part)s (%(percent)s %%) say: I can name two ways to get help in school and one outside.",
            "Of %(num)d answers, %(part)s (%(percent)s %%) say: I can name two ways to get help in school and one outside.",
            share.whole,
            part=share.part,
            percent=percent_of(share.value),
        ),
        _(
            "Among all pupils like those who answered, the share lies between %(low)s %% and %(high)s %% (95 %% interval).",
            low=round(share.low * 100),
            high=round(share.high * 100),
        ),
        *(_aim_sentence(figures, question) for question in AIMS_AT),
    ]
    if figures.answers < SURVEY_LEAST:
        said.append(
            _(
                "A survey counts for level 3 with at least %(least)s answers, or with answers from all pupils if there are fewer.",
                least=SURVEY_LEAST,
            )
        )
    if compared is not None:
        said.append(_change_sentence(compared))
    if figures.answers < asked.answers and asked.ended_on is not None:
        said.append(
            _(
                "A few answers came in after these figures. They are not added, because so few could be recognised."
            )
        )
    return said


def _aim_sentence(figures: Figures, question: Question) -> str:
    """Render a share compared with what level 3 asks for, in the words of criteria B3 and C3."""
    share = figures.shares[question]
    values = {"criterion": AIMS_AT[question], "aim": AIM_PERCENT, "what": _(FIGURES[question])}
    if 100 * share.part >= AIM_PERCENT * share.whole:
        return str(
            _(
                "%(criterion)s, “%(what)s”: the %(aim)s %% needed for level 3 has been reached.",
                **values,
            )
        )
    said = _(
        "%(criterion)s, “%(what)s”: %(percent)s %% so far; level 3 asks for %(aim)s %%.",
        percent=percent_of(share.value),
        **values,
    )
    return str(said)


def _change_sentence(compared: Comparison) -> str:
    change = compared.changes[Question.BOTH]
    values = {
        "label": compared.earlier.label,
        "points": _points(change.value),
        "low": _points(change.low),
        "high": _points(change.high),
    }
    if change.is_clear:
        said = _(
            "Compared with “%(label)s”, the share changed by %(points)s percentage points (95 %% interval from %(low)s to %(high)s). Chance alone is unlikely to explain this.",
            **values,
        )
        return str(said)
    said = _(
        "Compared with “%(label)s”, the share changed by %(points)s percentage points (95 %% interval from %(low)s to %(high)s). Chance alone could explain this.",
        **values,
    )
    return str(said)


def bars_of(figures: Figures, compared: Comparison | None) -> list[Bar]:
    """Return a bar for each figure."""
    return [_bar(question, figures, compared) for question in IN_ORDER]


def _bar(question: Question, figures: Figures, compared: Comparison | None) -> Bar:
    share = figures.shares[question]
    earlier = compared.figures.shares[question].value if compared else None
    return Bar(
        label=_(FIGURES[question]),
        percent=_percent(share),
        length=_placed(share.value),
        low=_placed(share.low),
        high=_placed(share.high),
        aim=_placed(AIM_PERCENT / 100) if question in AIMS_AT else None,
        earlier=None if earlier is None else _placed(earlier),
    )


def _placed(value: float) -> float:
    return round(value * BAR_WIDTH, 1)


def shares_table(figures: Figures, compared: Comparison | None) -> Table:
    """Return the figures with their intervals; beside those of the earlier round, if there is one."""
    head = [
        _("What pupils say"),
        _("Answers"),
        _("Share"),
        _("%(percent)s %% interval", percent=CERTAIN),
    ]
    if compared is not None:
        head += [
            _("Before"),
            _("Change in percentage points"),
            _("%(percent)s %% interval of the change", percent=CERTAIN),
        ]
    return Table(
        tuple(head), tuple(_share_row(question, figures, compared) for question in IN_ORDER)
    )


def _share_row(
    question: Question, figures: Figures, compared: Comparison | None
) -> tuple[str, ...]:
    share = figures.shares[question]
    row = (
        _(FIGURES[question]),
        _("%(part)s of %(whole)s", part=share.part, whole=share.whole),
        _percent(share),
        _interval(share),
    )
    if compared is None:
        return row
    before = compared.figures.shares[question]
    return (
        *row,
        _percent(before),
        *_change_cells(compared.changes[question]),
    )


def _change_cells(change: Change) -> tuple[str, str]:
    between = _("from %(low)s to %(high)s", low=_points(change.low), high=_points(change.high))
    return _points(change.value), between


def counts_table(figures: Figures) -> Table:
    """Return how often each answer of each question was tapped."""
    rows = [
        (
            _(ASKED_OF_PUPILS[question]),
            _(OPTION_WORDS[question][option]),
            str(figures.counts[question][option]),
        )
        for question in ASKED
        for option in OPTIONS[question]
    ]
    return Table((_("Question"), _("Answer"), _("How many")), tuple(rows))
