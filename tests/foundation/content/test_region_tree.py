"""The tree of regions: what stands below what on which day, and what a reform makes of it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.packs import CYRILLIC, CountryPack, Denominator
from cissapp.foundation.content.region_tree import tree_faults
from cissapp.foundation.content.schema import FactState, SchoolStatistics
from cissapp.foundation.web.pictures.measures import width_of
from tests.shipped import SHIPPED, copied, country_of, region

CYRILLIC_NAME = re.compile("[А-ЯІЄ][А-Яа-яіїєўё-]{1,3}")
ENDED, NEXT = date(2026, 6, 30), date(2026, 7, 1)


@st.composite
def packs(draw: st.DrawFn) -> CountryPack:
    """A country whose regions stand below each other somehow, three levels at most."""
    regions = [region("MD-A"), region("MD-B")]
    for number in range(draw(st.integers(0, 12))):
        above = draw(st.sampled_from([one for one in regions if one.code.count("-") < 3]))
        ended = draw(st.booleans())
        days = {"until": ENDED, "into": ["MD-B"]} if ended else {}
        regions.append(region(f"{above.code}-{number}", above.code, **days))
    return country_of(*regions)


@given(packs())
@settings(max_examples=60)
def test_what_is_within_a_region_is_what_has_it_on_its_way_up(pack: CountryPack):
    for code in pack.regions:
        assert pack.within(code) == {one for one in pack.regions if code in pack.path(one)}
        assert pack.path(code)[-1] == code
        assert [pack.regions[one].parent for one in pack.path(code)] == [
            None,
            *pack.path(code)[:-1],
        ]


@given(packs())
@settings(max_examples=60)
def test_a_day_has_the_regions_that_are_in_force_on_it(pack: CountryPack):
    for day in (ENDED, NEXT):
        listed = [
            *pack.top(day),
            *(low for code in pack.regions for low in pack.children(code, day)),
        ]
        assert sorted(listed) == sorted(
            code for code, one in pack.regions.items() if one.until_on is None or day == ENDED
        )


def test_a_region_that_nobody_knows_reaches_itself_only():
    pack = SHIPPED.countries["UA"]

    assert pack.within("UA-00") == {"UA-00"}
    assert pack.path("UA-00") == ("UA-00",)
    assert SHIPPED.regions_within("XX-1") == {"XX-1"}
    assert SHIPPED.region_place("XX-1", "en") == "XX-1"


def test_a_district_of_ukraine_stands_below_its_oblast_in_every_language():
    pack = SHIPPED.countries["UA"]

    assert pack.path("UA-12-10") == ("UA-12", "UA-12-10")
    assert [
        SHIPPED.region_place("UA-12-10", language) for language in ("uk", "en", "ro", "be")
    ] == [
        "Самарівський район, Дніпропетровська область",
        "Samarivskyi Raion, Dnipropetrovsk Oblast",
        "Samarivskyi Raion, Regiunea Dnipropetrovsk",
        "Самарівський район, Днепрапятроўская вобласць",
    ]
    assert len({one.register_code for one in pack.file.regions if one.parent}) == 136


def test_a_reform_leads_to_what_a_region_has_become():
    pack = country_of(
        region("MD-A", until=ENDED, into=["MD-C"]),
        region("MD-B", until=ENDED, into=["MD-C", "MD-D"]),
        region("MD-C", **{"from": NEXT, "until": date(2027, 6, 30), "into": ["MD-D", "MD-E"]}),
        region("MD-D", tile=(1, 1)),
        region("MD-E", tile=(2, 2), **{"from": date(2027, 7, 1)}),
    )
    later = date(2027, 7, 1)

    assert list(tree_faults(pack.file)) == [("regions.tile", "(0, 0) is used twice")]
    assert pack.successors("MD-A", ENDED) == ("MD-A",)
    assert pack.successors("MD-A", NEXT) == ("MD-C",)
    assert pack.successors("MD-A", later) == ("MD-D", "MD-E")
    assert pack.successors("MD-B", later) == ("MD-D", "MD-E")
    assert pack.successors("MD-D", later) == ("MD-D",)
    assert pack.top(ENDED) == ["MD-A", "MD-B", "MD-D"]
    assert pack.top(NEXT) == ["MD-C", "MD-D"]


@pytest.mark.parametrize(
    ("lower", "fault"),
    [
        ([region("MD-A-1", "MD-X")], "regions.MD-A-1.parent: MD-X is not a region of the country"),
        (
            [region("MD-A-1", "MD-A-2"), region("MD-A-2", "MD-A-1")],
            "regions.MD-A-1.parent: MD-A-1 is below itself",
        ),
        (
            [region("MD-B-1", "MD-A")],
            "regions.MD-B-1.parent: MD-B-1 is not the code of MD-A, a hyphen and one more part, such as MD-A-01",
        ),
        (
            [region("MD-A-1", "MD-A"), region("MD-A-1-2", "MD-A")],
            "regions.MD-A-1-2.parent: MD-A-1-2 is not the code of MD-A, a hyphen and one more part, such as MD-A-01",
        ),
        (
            [region("MD-A-1", tile=(1, 1))],
            "regions.MD-A-1.parent: MD-A-1 has more than one hyphen: name its parent, MD-A",
        ),
        (
            [region("MD-A-1", "MD-A", until=ENDED, into=["MD-X"])],
            "regions.MD-A-1.into: MD-X is not a region of the country",
        ),
        (
            [region("MD-A-1", "MD-A", until=ENDED, into=["MD-A-1"])],
            "regions.MD-A-1.into: MD-A-1 is not in force on 2026-07-01, the day after this region ends",
        ),
        (
            [region("MD-C", tile=(1, 1), until=ENDED, into=["MD-A"]), region("MD-C-1", "MD-C")],
            "regions.MD-C-1.parent: it must not be in force longer than MD-C",
        ),
        ([region("MD-B")], "regions.tile: (0, 0) is used twice"),
        ([region("MD-B", short="-A", tile=(1, 1))], "regions.short: -A is used twice"),
        (
            [
                region("MD-B", short_in={"uk": "Б"}, tile=(1, 1)),
                region("MD-C", short_in={"uk": "Б"}, tile=(1, 2)),
            ],
            "regions.short_in.uk: Б is used twice",
        ),
    ],
)
def test_a_tree_that_cannot_be_is_a_fault(lower, fault):
    pack = country_of(region("MD-A"), *lower)

    assert f"{fault}" in {f"{key}: {message}" for key, message in tree_faults(pack.file)}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"tile": None}, "a top-level region needs 'short' and 'tile'"),
        ({"from": NEXT, "until": ENDED, "into": ["MD-B"]}, "'until' is before 'from'"),
        ({"until": ENDED}, "'until' and 'into' must be given together"),
        ({"into": ["MD-B"]}, "'until' and 'into' must be given together"),
        ({"code": "MD-a"}, "should match pattern"),
    ],
)
def test_a_region_that_contradicts_itself_is_refused(values, said):
    with pytest.raises(ValueError, match=said):
        region(**{"code": "MD-A", **values})


def test_a_fault_of_the_file_of_the_lower_regions_is_named(tmp_path: Path):
    root = copied(tmp_path / "modules")
    path = root / "countries" / "UA-regions.yaml"
    lower = yaml.safe_load(path.read_text(encoding="utf-8"))
    lower["regions"][0]["parent"] = "UA-XX"
    del lower["regions"][1]["names"]["en"]
    path.write_text(yaml.safe_dump(lower, allow_unicode=True), encoding="utf-8")

    with pytest.raises(BrokenContent) as broken:
        load(root)

    assert {(fault.key, fault.message) for fault in broken.value.faults} == {
        ("regions.UA-05-02.parent", "UA-XX is not a region of the country"),
        ("regions.UA-05-04", "is missing"),
    }


def counted(schools: int, on: date, code: str | None = None) -> SchoolStatistics:
    return SchoolStatistics(
        region=code, schools=schools, counted_on=on, source="Register", state=FactState.CHECKED
    )


def test_the_counts_of_schools_come_with_the_oldest_first():
    old, new = ENDED - timedelta(days=365), ENDED
    pack = country_of(
        region("MD-A"), statistics=[counted(9, new), counted(8, old), counted(3, old, "MD-A")]
    )

    assert pack.denominators == [
        (code, Denominator(number, None, on, "Register", FactState.CHECKED))
        for code, number, on in ((None, 8, old), ("MD-A", 3, old), (None, 9, new))
    ]


def test_statistics_name_a_region_and_a_day_once():
    pack = country_of(
        region("MD-A"), statistics=[counted(9, NEXT), counted(8, NEXT), counted(1, NEXT, "MD-Z")]
    )

    assert list(tree_faults(pack.file)) == [
        ("statistics", "the country is listed twice for 2026-07-01"),
        ("statistics", "MD-Z is not a region of the country"),
    ]


# First letters of a name that are rude, or a word of their own, where they are read.
OTHER_WORDS = {
    *("бес", "вин", "вол", "він", "дан", "дне", "дні", "дон", "дро", "дуб", "зад", "кал", "кир"),
    *("кір", "лев", "лів", "лох", "луг", "маг", "мог", "нис", "ніс", "оде", "пол", "рів", "ров"),
    *("сев", "син", "сор", "сра", "сук", "сын", "тел", "тер", "фал", "хер", "чле", "шал"),
}


@pytest.mark.parametrize("language", sorted(CYRILLIC))
@pytest.mark.parametrize("code", sorted(SHIPPED.countries))
def test_a_map_of_the_packs_has_short_names_in_the_script_of_its_reader(code, language):
    pack = SHIPPED.countries[code]
    shorts = [pack.short_name(one, language) for one in pack.top()]

    assert [short for short in shorts if not CYRILLIC_NAME.fullmatch(short)] == []
    assert len(set(shorts)) == len(shorts)
    assert {short.casefold() for short in shorts} & OTHER_WORDS == set()
    # At its size on a phone, in the widest face: a square and the gap beside it have 66, and the widths are rounded up.
    assert [short for short in shorts if width_of(short, 23, bold=True) > 69] == []
