"""Levels count in lots of ten schools, each criterion in lots of its own."""

from uuid import UUID

from cissapp.oversee.figures.rules.lots import Lots


def shares(lots: Lots) -> dict[str, tuple[int, int]]:
    """The schools below level 2 and all that count, by criterion."""
    found: dict[str, tuple[int, int]] = {}
    for criterion_id, _school_id, is_below in lots.counted():
        below, schools = found.get(criterion_id, (0, 0))
        found[criterion_id] = below + is_below, schools + 1
    return found


def decide(lots: Lots, *numbers: int, cycle: int = 1, **below: bool) -> None:
    for number in numbers:
        lots.decide(UUID(int=number), UUID(int=1000 * cycle + number), below)


def test_a_criterion_that_applies_to_one_school_of_a_lot_waits_for_nine_more():
    lots = Lots()
    decide(lots, *range(10), A1=True, C7=True)
    decide(lots, *range(10, 20), A1=False, C7=False)
    before = shares(lots)
    assert before == {"A1": (10, 20), "C7": (10, 20)}

    decide(lots, 20, A1=False, C7=True)
    decide(lots, *range(21, 30), A1=False)
    assert shares(lots) == {"A1": (10, 30), "C7": (10, 20)}

    decide(lots, *range(30, 39), A1=False, C7=True)
    assert shares(lots) == {"A1": (10, 30), "C7": (20, 30)}


def test_a_lot_is_of_ten_different_schools():
    lots = Lots()
    decide(lots, *range(9), A1=True)

    for cycle in range(2, 12):
        decide(lots, 0, cycle=cycle, A1=False)
    assert shares(lots) == {}

    decide(lots, 9, A1=True)
    assert shares(lots) == {"A1": (9, 10)}


def test_a_level_that_a_newer_decision_leaves_out_stays_until_ten_schools_have_changed():
    lots = Lots()
    decide(lots, *range(20), A1=True)

    decide(lots, *range(9), cycle=2, B1=True)
    assert shares(lots) == {"A1": (20, 20)}

    decide(lots, 9, cycle=2, B1=True)
    assert shares(lots) == {"A1": (10, 10), "B1": (10, 10)}


def test_a_panel_alters_the_level_of_the_latest_decision_alone():
    lots = Lots()
    decide(lots, *range(10), A1=True)
    decide(lots, 0, cycle=2, A1=True)

    for number in range(10):
        lots.alter(UUID(int=number), UUID(int=1000 + number), {"A1": False})

    # The first school has a newer decision, of which the panel said nothing.
    assert shares(lots) == {"A1": (1, 10)}
