"""Where marks stand: in order, on the sheet, and nothing of what is held back."""

from cissapp.oversee.evaluation.rules import (
    AnswerKey,
    Figures,
    Gain,
    Interval,
    NoFigureReason,
    QuestionFigures,
)
from cissapp.oversee.evaluation.views.plots import Dot, GainMark, PlotLine, gain_plot, item_plot

HELD = Gain(reason=NoFigureReason.HELD)


def test_what_is_held_back_has_no_mark():
    assert gain_plot([("en", HELD), ("ro", Gain(reason=NoFigureReason.FEW))]) is None


def test_gains_stand_between_a_fifth_below_nothing_and_one():
    """The sheet is 400 wide behind 190 of labels, for 1.2: 0 is at 256.7, and 0.1 is 33.3."""
    half = Gain(20, 50, 75, 0.5, Interval(0.4, 0.6))

    plot = gain_plot([("en", half), ("uk", HELD), ("ro", Gain(20, 50, 100, 1.0))])

    assert plot is not None
    assert plot.rules[0] == PlotLine(256.7, "0")
    assert plot.marks == (
        GainMark("en", 37, low=390.0, x=423.3, high=456.7),
        GainMark("ro", 63, low=None, x=590.0, high=None),
    )


def test_a_loss_widens_the_sheet_and_never_leaves_it():
    plot = gain_plot([("en", Gain(20, 90, 60, -3.0, Interval(-5.0, -1.0)))])

    assert plot is not None
    assert [plot.marks[0].low, plot.marks[0].x, plot.marks[0].high] == [190.0, 190.0, 190.0]


def test_questions_stand_by_both_figures():
    shown = QuestionFigures("a", AnswerKey(), Figures(30, 0.5, 1.0), {})
    alike = QuestionFigures("b", AnswerKey(), Figures(30, 1.0, None), {})
    few = QuestionFigures("c", AnswerKey(), Figures(reason=NoFigureReason.FEW), {})

    plot = item_plot([(1, shown, True), (2, alike, False), (3, few, False)])

    assert plot is not None
    assert plot.dots == (Dot(1, 200.0, 20.0, flagged=True),)
    assert item_plot([(2, alike, False)]) is None
