"""Where marks stand: in order, on the sheet, and nothing of what is held back."""

from flask_babel import force_locale

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
    """The sheet is 320 wide within margins of 10, for 1.2: 0 is at 63.3, and 0.1 is 26.7."""
    half = Gain(20, 50, 75, 0.5, Interval(0.4, 0.6))

    plot = gain_plot([("en", half), ("uk", HELD), ("ro", Gain(20, 50, 100, 1.0))])

    assert plot is not None
    assert plot.rules[0] == PlotLine(63.3, "0")
    assert plot.marks == (
        GainMark("en", 57, low=170.0, x=196.7, high=223.3),
        GainMark("ro", 101, low=None, x=330.0, high=None),
    )


def test_the_plots_write_numbers_as_their_reader_does(app):
    half = Gain(20, 50, 75, 0.5)
    dot = QuestionFigures("a", AnswerKey(), Figures(30, 0.5, 1.0), {})

    with app.test_request_context(), force_locale("uk"):
        gains, items = gain_plot([("en", half)]), item_plot([(1, dot, True)])

    assert gains is not None
    assert items is not None
    assert [one.text for one in gains.rules] == ["0", "0,3", "0,7", "1"]
    assert [one.text for one in items.up] == ["-0,4", "0", "0,5", "1"]


def test_no_number_of_a_question_stands_on_another_and_a_flagged_one_comes_first():
    places = [(0.5, 0.5), (0.52, 0.5), (0.9, 0.5)]
    shown = [
        (number, QuestionFigures(str(number), AnswerKey(), Figures(30, *place), {}), number == 2)
        for number, place in enumerate(places, start=1)
    ]

    plot = item_plot(shown)

    assert plot is not None
    assert [(dot.number, dot.numbered) for dot in plot.dots] == [(1, False), (2, True), (3, True)]


def test_a_loss_widens_the_sheet_and_never_leaves_it():
    plot = gain_plot([("en", Gain(20, 90, 60, -3.0, Interval(-5.0, -1.0)))])

    assert plot is not None
    assert [plot.marks[0].low, plot.marks[0].x, plot.marks[0].high] == [10.0, 10.0, 10.0]


def test_questions_stand_by_both_figures():
    shown = QuestionFigures("a", AnswerKey(), Figures(30, 0.5, 1.0), {})
    alike = QuestionFigures("b", AnswerKey(), Figures(30, 1.0, None), {})
    few = QuestionFigures("c", AnswerKey(), Figures(reason=NoFigureReason.FEW), {})

    plot = item_plot([(1, shown, True), (2, alike, False), (3, few, False)])

    assert plot is not None
    assert plot.dots == (Dot(1, 200.0, 20.0, flagged=True),)
    assert item_plot([(2, alike, False)]) is None
