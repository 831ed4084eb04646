"""Figures across a reform: a region is compared with what it was made of, or not at all."""

from datetime import UTC, date, datetime
from random import Random

import pytest

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.errors import Missing
from cissapp.oversee.figures import queries
from cissapp.oversee.figures.queries.tables import table_from
from cissapp.oversee.figures.rules import Column, FigureTable, Need
from cissapp.oversee.figures.rules.reforms import Gain, compared, gains, within_since
from cissapp.people.schools import services as schools
from cissapp.people.schools.regions import services as regions
from cissapp.people.schools.rules import Figure, Progress, RegisterFacts, Standing
from tests.oversee.figures import two_pages
from tests.oversee.figures.months import freeze_months
from tests.shipped import country_of, region

BEFORE, ENDED, NEXT, AFTER = (
    date(2025, 9, 30),
    date(2025, 10, 14),
    date(2025, 10, 15),
    date(2025, 10, 31),
)
# A and B became C, D was divided into E and F, and the district G-1 went to H.
COUNTRY = country_of(
    region("MD-A", until=ENDED, into=["MD-C"]),
    region("MD-B", tile=(1, 1), until=ENDED, into=["MD-C"]),
    region("MD-C", **{"from": NEXT}),
    region("MD-D", tile=(1, 2), until=ENDED, into=["MD-E", "MD-F"]),
    region("MD-E", tile=(1, 1), **{"from": NEXT}),
    region("MD-F", tile=(1, 2), **{"from": NEXT}),
    region("MD-G", tile=(1, 3)),
    region("MD-G-1", "MD-G", until=ENDED, into=["MD-H-1"]),
    region("MD-H", tile=(1, 4)),
    region("MD-H-1", "MD-H", **{"from": NEXT}),
)


def test_months_of_a_region_count_what_it_took_over_unless_it_got_a_part_too():
    got_a_part = country_of(
        region("MD-A", until=ENDED, into=["MD-C"]),
        region("MD-D", tile=(1, 1), until=ENDED, into=["MD-C", "MD-E"]),
        region("MD-C", **{"from": NEXT}),
        region("MD-E", tile=(1, 1), **{"from": NEXT}),
    )

    assert within_since(COUNTRY, "MD-C", AFTER) == ({"MD-A", "MD-B", "MD-C"}, date.min)
    assert within_since(got_a_part, "MD-C", AFTER) == ({"MD-C"}, NEXT)


def test_a_region_that_got_a_part_too_is_compared_with_nothing_that_it_took_over():
    country = country_of(
        region("MD-A", until=ENDED, into=["MD-C"]),
        region("MD-D", tile=(1, 1), until=ENDED, into=["MD-C", "MD-E"]),
        region("MD-C"),
        region("MD-E", tile=(1, 1), **{"from": NEXT}),
    )

    assert gains(COUNTRY, "MD-C", AFTER) == [
        Gain("MD-A", NEXT, is_whole=True, is_compared=True),
        Gain("MD-B", NEXT, is_whole=True, is_compared=True),
    ]
    assert gains(country, "MD-C", AFTER) == [
        Gain("MD-A", NEXT, is_whole=True, is_compared=False),
        Gain("MD-D", NEXT, is_whole=False, is_compared=False),
    ]


def test_what_came_through_another_region_is_had_since_the_last_reform():
    country = country_of(
        region("MD-A", until=BEFORE, into=["MD-B"]),
        region("MD-B", tile=(1, 1), until=ENDED, into=["MD-C"]),
        region("MD-C", tile=(1, 2)),
    )

    assert [(one.code, one.since_on) for one in gains(country, "MD-C", AFTER)] == [
        ("MD-A", NEXT),
        ("MD-B", NEXT),
    ]


def random_country(random: Random) -> CountryPack:
    """Invent regions with districts, and two reforms that merge, divide and move them."""
    days: dict[str, dict[str, object]] = {f"MD-{name}": {} for name in "ABCDE"}
    for name in list(days):
        days |= {f"{name}-{number}": {} for number in range(random.randint(0, 3))}
    for ended, begun in ((date(2025, 10, 9), date(2025, 10, 10)), (ENDED, NEXT)):
        there = [code for code, one in days.items() if "until" not in one]
        gone = set(random.sample(there, k=min(3, len(there) - 1)))
        gone |= {code for code in there if code[:4] in gone}
        left = [code for code in there if code not in gone]
        new = (
            [f"MD-{random.choice('VWXYZ')}{len(days)}"] if random.random() < 0.7 or not left else []
        )
        new += [f"{code}-N{len(days)}" for code in left if len(code) == 4 and random.random() < 0.3]
        days |= {code: {"from": begun} for code in new}
        for code in gone:
            heirs = random.sample(
                [*left, *new], k=min(random.choice([1, 1, 2]), len([*left, *new]))
            )
            days[code] |= {"until": ended, "into": heirs}
    return country_of(
        *(
            region(
                code,
                code.rsplit("-", 1)[0] if code.count("-") > 1 else None,
                **({} if code.count("-") > 1 else {"tile": (number % 9, number // 9)}),
                **one,
            )
            for number, (code, one) in enumerate(days.items())
        )
    )


def tallied(pack: CountryPack, schools_in: dict[str, int]) -> FigureTable:
    counts = {
        code: {Figure.SCHOOLS: number, Figure.DECIDED: number, Figure.LEVEL_1: number}
        for code, number in schools_in.items()
    }
    return table_from(pack, counts, None, AFTER)


def after_reforms(pack: CountryPack, schools_in: dict[str, int], random: Random) -> dict[str, int]:
    """Move all schools as daily work does, and those of divided regions as a coordinator might."""
    found = dict.fromkeys(pack.regions, 0)
    for code, number in schools_in.items():
        heirs = pack.successors(code, AFTER)
        within = sorted(
            {one for heir in heirs for one in pack.within(heir) if pack.in_force(one, AFTER)}
        )
        for _school in range(number):
            found[random.choice(within) if len(heirs) > 1 else heirs[0]] += 1
    return found


def certified(table: FigureTable) -> dict[str, int]:
    return {code: row[Column.CERTIFIED].count for code, row in table.regions.items()}


@pytest.mark.parametrize("seed", range(150))
def test_where_nothing_but_reforms_happened_no_region_that_is_compared_has_changed(seed):
    random = Random(seed)
    pack = random_country(random)
    there = {code: random.randint(0, 9) for code in pack.regions if pack.in_force(code, BEFORE)}
    before = tallied(pack, there)
    now = tallied(pack, after_reforms(pack, there, random))

    found = certified(compared(pack, now, before, (AFTER, BEFORE)))
    back = certified(compared(pack, before, now, (BEFORE, AFTER)))

    after, then = certified(now), certified(before)
    assert found == {code: after[code] for code in found}
    assert back == {code: then[code] for code in back}
    ended = {code for code in there if pack.ended(AFTER).count(code)}
    touched = {
        one
        for code in ended
        for other in (code, *pack.successors(code, AFTER))
        for one in (*pack.path(other), *pack.within(other))
    }
    assert {code for code in there if code not in touched} <= found.keys() & back.keys()


def test_a_region_is_compared_with_all_that_it_took_over_and_not_with_a_part():
    before = tallied(COUNTRY, {"MD-A": 3, "MD-B": 4, "MD-D": 5, "MD-G-1": 2, "MD-G": 1, "MD-H": 6})
    now = tallied(COUNTRY, {"MD-C": 9, "MD-D": 1, "MD-E": 4, "MD-G": 1, "MD-H": 6, "MD-H-1": 2})

    found = certified(compared(COUNTRY, now, before, (AFTER, BEFORE)))

    assert found == {"MD-C": 7, "MD-H": 8, "MD-H-1": 2}
    assert certified(compared(COUNTRY, before, now, (BEFORE, AFTER))) == {}
    same = tallied(COUNTRY, {"MD-A": 2})
    assert compared(COUNTRY, before, same, (BEFORE, BEFORE)) is same


def test_the_sum_of_regions_is_hidden_where_a_part_is():
    before = tallied(COUNTRY, {"MD-A": 3, "MD-B": 4, "MD-H": 60})
    counts = {"MD-A": {Figure.SCHOOLS: 40, Figure.TRAINED: 38, Figure.SUBMITTED: 2}}
    hidden = table_from(
        COUNTRY, counts | {"MD-B": counts["MD-A"], "MD-H": counts["MD-A"]}, None, AFTER
    )

    row = compared(COUNTRY, before, hidden, (AFTER, BEFORE)).regions["MD-C"]

    assert (row[Column.SCHOOLS].text, row[Column.SUBMITTED].text) == ("80", "–")


@pytest.fixture
def reformed(context, make) -> CountryPack:
    """Two certified schools of A and one of B, one of D, kept for September and moved in October."""
    group, at = make.group("MD"), datetime(2025, 9, 1, 8, tzinfo=UTC)
    for number, code in enumerate(("MD-A", "MD-A", "MD-B", "MD-D")):
        facts = RegisterFacts("MD", code, f"{number:04}", f"School {number}", "Town", "ro", 100)
        school = schools.register(facts, group=group, by=SYSTEM, at=at)
        schools.place(
            school,
            at=at,
            progress=Progress.DECIDED,
            standing=Standing.VALID,
            level=1,
            valid_until_on=date(2027, 9, 1),
        )
    freeze_months({"MD": COUNTRY}, datetime(2025, 10, 1, 3, tzinfo=UTC))
    moved = regions.move_after_reforms([COUNTRY], at=datetime(2025, 10, 15, 3, tzinfo=UTC))
    assert moved == 3
    return COUNTRY


def brief_of(pack: CountryPack, code: str | None, month: date | None = None):
    at = datetime(2025, 10, 20, tzinfo=UTC)
    return queries.brief(pack, code, month=month, against=None, at=at)


def test_the_brief_of_a_new_region_begins_with_those_that_it_took_over(reformed):
    found = brief_of(reformed, "MD-C")

    assert found.before.regions["MD-C"][Column.CERTIFIED].count == 3
    assert [(one.month, one.certified) for one in found.months] == [(date(2025, 9, 1), 3)]
    with pytest.raises(Missing):
        brief_of(reformed, "MD-C", date(2025, 9, 1))
    assert "MD-E" not in found.before.regions
    assert brief_of(reformed, "MD-E").months == ()
    assert brief_of(reformed, "MD-A", date(2025, 9, 1)).months[-1].certified == 2


@pytest.mark.one_database("sqlite")
def test_no_region_is_asked_to_invite_schools_that_wait_in_a_divided_one(reformed):
    asked = [
        one.region_code for one in brief_of(reformed, None).to_help if one.need is Need.NO_SCHOOL
    ]

    assert asked == ["MD-G", "MD-H"]


def told_by_both(seed: int, reform, *, mended: bool) -> list[int]:
    """List the small numbers that a reader of the pages before and after a reform works out."""
    random = Random(seed)
    parts = two_pages.parts_of(random)
    before, after = reform(random, parts)
    pages = [
        (two_pages.page_of(parts, before), before),
        (two_pages.page_of(parts, after, before if mended else None), after),
    ]
    found = two_pages.PagesReader(parts, pages).told()
    return [number for _region, _place, number in found if number <= 5]


@pytest.mark.parametrize("reform", [two_pages.merged, two_pages.divided, two_pages.moved])
@pytest.mark.parametrize("seed", range(3))
def test_the_pages_before_and_after_a_reform_do_not_tell_a_small_number(seed, reform):
    assert told_by_both(seed, reform, mended=True) == []


def test_they_tell_it_where_the_reformed_regions_are_shown_as_any_other():
    """That was the rule before."""
    found = [told_by_both(seed, two_pages.moved, mended=False) for seed in range(3)]

    assert sum(map(len, found)) > 3


def test_regions_of_other_parts_are_hidden_until_the_month_of_the_reform_is_kept():
    left = {
        code: {Figure.SCHOOLS: 40, Figure.REGISTERED: 20, Figure.TRAINED: 20}
        for code in ("MD-C", "MD-E", "MD-F", "MD-G", "MD-H")
    }
    same = dict.fromkeys(left, 40)

    def shown(before: dict[str, int]) -> list[str]:
        table = table_from(COUNTRY, left, before, AFTER)
        return [code for code in left if table.regions[code][Column.REGISTERED].reason is None]

    assert shown(same | {"MD-A": 20, "MD-B": 20, "MD-C": 0}) == [
        "MD-F",  # "MD-E" covers "MD-C"
        "MD-G",
        "MD-H",
    ]
    assert shown(same) == [*left]
