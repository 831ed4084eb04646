"""An invented brief of Moldova with everything that a page can show, as the figures room hands it over."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from cissapp.foundation.content.packs import CountryPack, Denominator
from cissapp.foundation.content.schema import FactState
from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures import queries
from cissapp.oversee.figures.rules import (
    Brief,
    Cell,
    Column,
    FigureTable,
    FrozenMonth,
    FunnelStep,
    Load,
    MonthFigure,
    Need,
    RegionToHelp,
    Renewals,
    Share,
    Step,
    WeakCriterion,
)

AT = datetime(2026, 11, 24, 14, tzinfo=UTC)
MONTHS = [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
CERTIFIED = (250, 258, 270, 281, 297, 318, 330, 333, 338, 360, 389, 412)
KEPT = [
    FrozenMonth(month, datetime(2026, 11, 1, tzinfo=UTC), 1, "") for month in reversed(MONTHS[:-1])
]
NOTHING = dict.fromkeys(Column, 0)
# Schools, certified of level 1, 2, 3, registered, in training, submitted, in review.
REGIONS = {
    "MD-CU": (123, 40, 30, 15, 6, 20, 7, 5),
    "MD-OR": (54, 20, 8, 3, 8, 9, 0, 6),
    "MD-SO": (41, 12, 8, 2, 9, 6, 0, 4),
    "MD-ED": (33, 10, 6, 2, 5, 7, 0, 3),
    "MD-BA": (26, 10, 5, 2, 4, 3, 0, 2),
    "MD-UN": (42, 10, 5, 1, 10, 11, 0, 5),
    "MD-CA": (50, 6, 3, 0, 20, 14, 0, 7),
    "MD-HI": (52, 8, 4, 0, 16, 18, 0, 6),
    "MD-CT": (27, 2, 1, 0, 9, 14, 0, 1),
    "MD-GA": (38, 3, 1, 0, 7, 24, 0, 3),
    "MD-FL": (30, 6, 3, 1, 8, 9, 0, 3),
    "MD-DR": (29, 9, 4, 1, 5, 7, 0, 3),
}


def counts(certified_less: int = 0) -> dict[str, dict[Column, int]]:
    """Return the counts of the regions, a few certified schools fewer if so wished."""
    table = {}
    for code, (schools, one, two, three, begun, training, submitted, review) in REGIONS.items():
        first = max(one - certified_less, 0)
        certified = first + two + three
        places = begun + training + submitted + review
        table[code] = {
            **NOTHING,
            Column.SCHOOLS: schools,
            Column.CERTIFIED: certified,
            Column.LEVEL_1: first,
            Column.LEVEL_2: two,
            Column.LEVEL_3: three,
            Column.EXPIRING: certified // 6,
            Column.REGISTERED: begun,
            Column.IN_TRAINING: training,
            Column.SUBMITTED: submitted,
            Column.IN_REVIEW: review,
            Column.DECIDED: schools - places,
        }
    return table


HIDDEN = {
    "MD-BA": NoFigureReason.FEW,
    "MD-DR": NoFigureReason.HELD,
    "MD-ED": NoFigureReason.HELD,
    "MD-FL": NoFigureReason.HELD,
}


def table(pack: CountryPack, certified_less: int = 0) -> FigureTable:
    """Return the figures of every region of a pack; a few of those that are registered are hidden."""
    known: Mapping[str, dict[Column, int]] = counts(certified_less)
    regions = {code: known.get(code, NOTHING) for code in pack.regions}
    whole = {column: sum(row[column] for row in regions.values()) for column in Column}
    return FigureTable(
        {code: cells(row, HIDDEN.get(code)) for code, row in regions.items()}, cells(whole, None)
    )


def cells(row: Mapping[Column, int], reason: NoFigureReason | None) -> dict[Column, Cell]:
    """Return the cells of a row, the registered ones hidden for a reason."""
    return {
        column: Cell(count, reason if column is Column.REGISTERED else None)
        for column, count in row.items()
    }


def uneven(made: Brief) -> Brief:
    """Return the brief with one region that has lost schools, and one that cannot be compared."""
    assert made.before is not None
    rows = dict(made.before.regions)
    rows["MD-OR"] = {**rows["MD-OR"], Column.CERTIFIED: Cell(40)}
    del rows["MD-SO"]
    return replace(made, before=FigureTable(rows, made.before.whole))


def funnel() -> tuple[FunnelStep, ...]:
    """Return the five steps."""
    steps = zip(
        Step, (873, 741, 536, 469, 412), (None, 9, 112, 6, 24), (30, 205, 67, 57, 412), strict=True
    )
    return tuple(
        FunnelStep(step, Cell(reached), days, Cell(here)) for step, reached, days, here in steps
    )


def brief(pack: CountryPack, *, month: date | None = None, against: date | None = None) -> Brief:
    """Return the whole brief."""
    statistics = Denominator(
        1194, 341_000, date(2025, 9, 1), "Biroul Național de Statistică", FactState.CHECKED
    )
    return Brief(
        on=month,
        counted_at=AT,
        measured_at=AT,
        against=next((kept for kept in KEPT if kept.month == against), None),
        table=table(pack),
        before=table(pack, 2) if against else None,
        months=tuple(
            MonthFigure(month, count, (count - 160, 120, 40))
            for month, count in zip(MONTHS, CERTIFIED, strict=True)
        ),
        funnel=funnel(),
        longest=Step.SUBMITTED,
        schools_share=Share(412, 1194, statistics),
        pupils_share=Share(138_900, 341_000, statistics),
        renewals=Renewals(
            Cell(18),
            Cell(9),
            tuple(
                (month.replace(year=month.year + 1), 5 + place)
                for place, month in enumerate([*MONTHS, date(2026, 12, 1), date(2027, 1, 1)])
            ),
        ),
        load=Load(Cell(57), 6, Cell(21), Cell(64)),
        to_help=(
            RegionToHelp("MD-LE", Need.NO_SCHOOL, None, None, Cell(0), 27),
            RegionToHelp("MD-GA", Need.LONG_TRAINING, 21, 180, Cell(4), 38),
            RegionToHelp("MD-CA", Need.WAITING_FOR_REVIEW, 7, 60, Cell(9), 50),
            RegionToHelp("MD-HI", Need.OPEN_QUESTIONS, 7, 30, Cell(12), 52),
            RegionToHelp("MD-CT", Need.NOT_SUBMITTED, 9, 90, Cell(3), 27),
        ),
        weak=(
            WeakCriterion("A7", 41, 64),
            WeakCriterion("B3", 33, 64),
            WeakCriterion("C5", 22, 64),
        ),
    )


def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the room of figures answer with the invented country."""

    def answer(pack: CountryPack, _region_code: str, *, month, against, at) -> Brief:
        return brief(pack, month=month, against=against or KEPT[2].month)

    monkeypatch.setattr(queries, "brief", answer)
    monkeypatch.setattr(queries, "frozen_months", lambda _country_code: KEPT)
