"""Countries of schools of a few kinds, and everything that their briefs publish."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from random import Random

from cissapp.oversee.figures.rules import PLACES, Cell, Column, FigureTable, Measure, Step, table_of
from cissapp.oversee.figures.rules.briefing import load_of, renewals_of, weak_of
from cissapp.oversee.figures.rules.columns import Row
from cissapp.oversee.figures.rules.funnel import funnel_of

C, S = Column, Step
COUNTRY = ""
ENOUGH = 10
Area = tuple[str, str]
Leaves = Mapping[str, Counter[str]]

# Kinds of schools: place, certificate (none, in force, expiring, expired), and the last step they have reached.
KINDS: Mapping[str, tuple[Column, str, Step]] = {
    "registered": (C.REGISTERED, "", S.REGISTERED),
    "in training": (C.IN_TRAINING, "", S.IN_TRAINING),
    "trained": (C.TRAINED, "", S.IN_TRAINING),
    "taken back": (C.TRAINED, "", S.SUBMITTED),
    "trained again": (C.TRAINED, "", S.IN_REVIEW),
    "submitted": (C.SUBMITTED, "", S.SUBMITTED),
    "submitted again": (C.SUBMITTED, "", S.IN_REVIEW),
    "in review": (C.IN_REVIEW, "", S.IN_REVIEW),
    "refused": (C.DECIDED, "", S.IN_REVIEW),
    "certified": (C.DECIDED, "valid", S.CERTIFIED),
    "early": (C.TRAINED, "valid", S.CERTIFIED),
    "early submitted": (C.SUBMITTED, "valid", S.CERTIFIED),
    "early in review": (C.IN_REVIEW, "valid", S.CERTIFIED),
    "expiring": (C.DECIDED, "expiring", S.CERTIFIED),
    "renewing": (C.TRAINED, "expiring", S.CERTIFIED),
    "renewal submitted": (C.SUBMITTED, "expiring", S.CERTIFIED),
    "renewal in review": (C.IN_REVIEW, "expiring", S.CERTIFIED),
    "expired": (C.DECIDED, "expired", S.CERTIFIED),
    "expired and trained": (C.TRAINED, "expired", S.CERTIFIED),
    "expired and submitted": (C.SUBMITTED, "expired", S.CERTIFIED),
    "expired and in review": (C.IN_REVIEW, "expired", S.CERTIFIED),
}
STEPS = list(Step)


def _kinds(
    places: Iterable[Column] = PLACES, certificates: Iterable[str] | None = None
) -> frozenset[str]:
    """List the kinds at these places with these certificates; None: any."""
    return frozenset(
        kind
        for kind, (place, certificate, _step) in KINDS.items()
        if place in places and (certificates is None or certificate in certificates)
    )


# The kinds that each published number counts.
COUNTED: Mapping[str, frozenset[str]] = {
    "schools": frozenset(KINDS),
    **{place.value: _kinds([place]) for place in PLACES},
    "certified": _kinds(certificates=["valid", "expiring"]),
    "expiring": _kinds(certificates=["expiring"]),
    "expired": _kinds(certificates=["expired"]),
    **{
        f"reached {step}": frozenset(
            kind for kind, found in KINDS.items() if STEPS.index(found[2]) >= at
        )
        for at, step in enumerate(STEPS)
    },
    "at registered": _kinds([C.REGISTERED]),
    "at in_training": _kinds([C.IN_TRAINING, C.TRAINED]),
    "at submitted": _kinds([C.SUBMITTED]),
    "at in_review": _kinds([C.IN_REVIEW]),
    "at certified": _kinds(certificates=["valid", "expiring"]),
    "cases": _kinds([C.SUBMITTED, C.IN_REVIEW]),
    "begun": _kinds(PLACES[:-1], ["expiring"]),
    "expected": _kinds([C.TRAINED]) | _kinds([C.DECIDED], ["expiring"]),
    # The latest decision counts, also of schools that have begun again since.
    "reviewed": _kinds(certificates=["valid", "expiring", "expired"])
    | {"refused", "trained again", "submitted again"},
}


class Country:
    """Regions of up to three levels; those without parts count their own schools, some others as well."""

    def __init__(self, seed: int) -> None:
        """Invent a country."""
        random = Random(seed)
        self.parents: dict[str, str] = {}
        self.leaves: dict[str, Counter[str]] = {}
        weights = [random.random() ** 2 for _kind in KINDS]
        if random.random() < 0.3:
            weights = [one * (not KINDS[kind][1]) for kind, one in zip(KINDS, weights, strict=True)]
        for name in self._names(random):
            size = random.randint(0, random.choice([4, 12, 30]))
            self.leaves[name] = Counter(random.choices(list(KINDS), weights, k=size))
        self.rows = sorted({*self.leaves, *self.parents, *self.parents.values()})

    def _names(self, random: Random) -> list[str]:
        names = [f"R{number}" for number in range(random.randint(1, 5))]
        for _level in range(random.choice([0, 1, 2])):
            for name in [one for one in names if random.random() < 0.4]:
                below = [f"{name}-{number}" for number in range(random.randint(1, 3))]
                self.parents |= dict.fromkeys(below, name)
                names += below
        above = {self.parents[name] for name in self.parents}
        return [name for name in names if name not in above or random.random() < 0.3]

    def within(self, area: str) -> list[str]:
        """List the regions that count own schools in an area."""
        return [name for name in self.leaves if area in (COUNTRY, name, *self._above(name))]

    def _above(self, name: str) -> list[str]:
        parent = self.parents.get(name)
        return [parent, *self._above(parent)] if parent else []


def numbers_of(country: Country, leaves: Leaves, area: str) -> dict[str, int]:
    """Count what is published of an area."""
    kinds: Counter[str] = Counter()
    for name in country.within(area):
        kinds.update(leaves[name])
    return {name: sum(kinds[kind] for kind in counted) for name, counted in COUNTED.items()}


def published(country: Country, leaves: Leaves) -> dict[Area, Cell | int | None]:
    """Return all cells and medians of all briefs, by area and name."""
    numbers = {area: numbers_of(country, leaves, area) for area in (COUNTRY, *country.rows)}
    figures = {
        area: {column: found.get(column, 0) for column in Column} | {C.LEVEL_1: found["certified"]}
        for area, found in numbers.items()
    }
    table = table_of({area: figures[area] for area in country.rows}, country.parents)
    measured = {area: measures_of(found) for area, found in numbers.items()}
    return {
        (area, name): cell
        for area in numbers
        for name, cell in _brief(area, table, measured).items()
    }


def measures_of(numbers: Mapping[str, int]) -> dict[tuple[Measure, str], int]:
    """Return what is measured of an area."""
    reached = {step: numbers[f"reached {step}"] for step in Step}
    return {
        **{(Measure.REACHED, step.value): number for step, number in reached.items()},
        **{(Measure.MEDIAN_DAYS, step.value): 9 for step in STEPS[1:] if reached[step] >= ENOUGH},
        (Measure.RENEWALS_BEGUN, ""): numbers["begun"],
        (Measure.EXPECTED, ""): numbers["expected"],
        # A criterion that none of them meets.
        (Measure.REVIEWED, "A1"): numbers["reviewed"],
        (Measure.BELOW, "A1"): numbers["reviewed"],
    }


def _brief(
    area: str, table: FigureTable, measured: Mapping[str, Mapping[tuple[Measure, str], int]]
) -> dict[str, Cell | int | None]:
    row: Row = table.regions[area] if area else table.whole
    of = (table.whole, measured[COUNTRY]) if area else None
    rows = None if area else table.regions
    renewals = renewals_of(row, measured[area], date(2026, 3, 1), rows=rows)
    load = load_of(row, renewals.begun, measured[area], reviewers=1)
    found: dict[str, Cell | int | None] = {
        **{column.value: row[column] for column in (*PLACES, C.EXPIRED, C.CERTIFIED, C.EXPIRING)},
        "begun": renewals.begun,
        "expected": load.expected_in_90_days,
        "cases": load.open_cases,
    }
    funnel = funnel_of(row, measured[area], of=of)
    weak = () if area else weak_of(row, funnel, measured[area])
    found["reviewed"] = Cell(weak[0].schools) if weak else None
    for one in funnel:
        found[f"reached {one.step}"] = one.reached
        found[f"at {one.step}"] = one.waiting
        found[f"days {one.step}"] = one.median_days
    return found
