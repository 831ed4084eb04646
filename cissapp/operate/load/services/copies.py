"""Writes the copies of the pattern schools, some hundred in a transaction."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count, islice
from random import Random
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Table

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.queries.register_checks import BEGINNING
from cissapp.certify.certificates.rules import (
    STANDINGS,
    format_number,
    in_groups,
    new_code,
    status_by_date,
)
from cissapp.foundation.core.bulk.long_work import time_limit
from cissapp.foundation.core.db import canonical, lock, unit_of_work
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.core.unicode import folded, natural_key
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.load.rules import names, spread
from cissapp.operate.load.rules.codes import CodeForm
from cissapp.operate.load.rules.recipe import DASHED, PREFIX, SHIFT, Values
from cissapp.operate.load.rules.spread import Extra
from cissapp.operate.load.services.patterns import PANEL, TEAM, Copied, written_columns
from cissapp.operate.load.services.staff import GroupStaff, panel_of
from cissapp.operate.load.services.writing import TableRows, share_files, write_rows
from cissapp.people.schools import services as schools
from cissapp.people.schools.rules import Figure, Progress, Standing, figures_of

AT_ONCE = 500
# The server ends a transaction that rests for ten seconds, and a busy machine makes the rows of a batch for longer.
BATCH_SECONDS = 600.0
Key = tuple[str, str, Figure]
# A state, and what a school has besides.
Kind = tuple[DemoState, Extra]


class Press(Struct, dict=True):
    """What the copies of a country are made from; `thin` and `full` are the patterns by their kind."""

    staff: Mapping[str, GroupStaff]
    store: FileStore
    full: Mapping[Kind, list[Copied]]
    thin: Mapping[Kind, list[Copied]]
    share_full: float
    random: Random
    today: date
    expiring_days: int
    codes: set[str]
    numbers: dict[tuple[str, int], "count[int]"] = field(default_factory=dict)
    last_row: str = BEGINNING

    def __post_init__(self) -> None:
        self.regions = {
            code: spread.WeightedChoice.by_rank(_leaves(staff), self.random)
            for code, staff in self.staff.items()
        }

    def next_number(self, country_code: str, year: int) -> str:
        """Return the next number of a certificate of a country and year."""
        counter = self.numbers.get((country_code, year))
        if counter is None:
            last = certificates.last_number(f"{country_code}-{year}-")
            counter = count(int(last.rpartition("-")[2]) + 1 if last else 1)
            self.numbers[country_code, year] = counter
        return format_number(country_code, year, next(counter))

    def new_code(self, form: CodeForm) -> str:
        """Return a code that nothing else has."""
        code = form.draw(self.random.choice)
        while code in self.codes:
            code = form.draw(self.random.choice)
        self.codes.add(code)
        return code


def by_kind(patterns: Iterable[Copied]) -> dict[Kind, list[Copied]]:
    """Group patterns by their state and what they have besides."""
    found: dict[Kind, list[Copied]] = defaultdict(list)
    for copied in patterns:
        found[copied.pattern.state, copied.pattern.extra].append(copied)
    return found


def _leaves(staff: GroupStaff) -> list[str]:
    """List the regions of a country that have none below them."""
    pack = staff.pack
    return [code for top in pack.top() for code in _below(staff, top)] or list(pack.regions)


def _below(staff: GroupStaff, code: str) -> list[str]:
    children = staff.pack.children(code)
    return [leaf for child in children for leaf in _below(staff, child)] or [code]


def write_copies(press: Press, countries: Mapping[str, int], first: int) -> Iterator[int]:
    """Write this many schools for each country; yield the size of each batch once it is committed.

    `first` is the number of schools that were made before: their codes continue from there.
    """
    wanted = (code for code, number in countries.items() for _ in range(number))
    numbered = enumerate(wanted, first + 1)
    while batch := list(islice(numbered, AT_ONCE)):
        with time_limit(BATCH_SECONDS), unit_of_work():
            lock("register")
            last = certificates.last_entry()
            press.last_row = last.hash if last else BEGINNING
            stored = _write_batch(press, batch)
        share_files(press.store, stored)
        yield len(batch)


def _write_batch(press: Press, batch: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """Write schools; return the keys of the patterns' files, each with that of its copy."""
    rows: TableRows = defaultdict(list)
    counted: Counter[Key] = Counter()
    stored: list[tuple[str, str]] = []
    for number, country_code in batch:
        copied, values, keys = _copy(press, number, country_code)
        counted.update(keys)
        for row in copied.rows:
            rows[row.table].append(row.pick(values))
        for table, status in _later_standings(press, copied, values):
            rows[table].append(status)
        stored += [(key, values[slot]) for key, slot in copied.files]
    write_rows(rows)
    schools.count_new(frozenset([key]) for key in counted.elements())
    return stored


def _copy(press: Press, number: int, country_code: str) -> tuple[Copied, Values, set[Key]]:
    random = press.random
    state = spread.draw_state(random)
    extra = spread.draw_extra(state, random)
    patterns = press.full if random.random() < press.share_full else press.thin
    copied = random.choice(patterns[state, extra])
    shift = spread.draw_shift(state, extra, random)
    staff = press.staff[country_code]
    given = _facts(press, staff, number)
    given |= _ids(random) | _team(press, staff) | _people(copied, given) | _codes(press, copied)
    given |= _certificate(press, copied, country_code, shift)
    school = copied.pattern.school
    standing = _standing(press, copied, shift)
    given |= {SHIFT: shift, "standing": standing.value, "last row": press.last_row}
    values = copied.recipe.copy(given)
    press.last_row = values[copied.recipe.named("last row")]
    figures = figures_of(Progress(school.progress), standing, school.level)
    return copied, values, {(country_code, given["region"], figure) for figure in figures}


def _facts(press: Press, staff: GroupStaff, number: int) -> dict[str, Any]:
    random, pack = press.random, staff.pack
    languages = pack.file.languages
    language = random.choices(languages, [4, *[1] * (len(languages) - 1)])[0]
    name = names.school_name(language, random)
    locality = names.place_name(languages[0], random)
    region = press.regions[pack.code].draw(random)
    code = f"LOAD-{pack.code}-{number:07}"
    facts = canonical([pack.code, region, code, name, locality])
    return {
        "country": pack.code,
        "region": region,
        "group": staff.group.id.hex,
        "group name": staff.group.name,
        "code": code,
        "name": name,
        "locality": locality,
        "language": language,
        "pupils": spread.draw_pupils(random),
        "name key": natural_key(name),
        "search text": folded(f"{name} {locality}"),
        "school facts": hashlib.sha256(facts.encode()).hexdigest(),
    }


def _ids(random: Random) -> dict[str, str]:
    prefix = f"{random.getrandbits(64):016x}"
    return {PREFIX: prefix, DASHED: f"{prefix[:8]}-{prefix[8:12]}-{prefix[12:]}"}


def _team(press: Press, staff: GroupStaff) -> dict[str, str]:
    """Draw who takes part in the case of a school: the panel is of another group, or took no part."""
    random, others = press.random, panel_of(staff.pack.code, press.staff)
    reviewer, decider, *panel = random.sample(staff.reviewers, 2 + PANEL)
    if others is not staff.reviewers:
        panel = random.sample(others, PANEL)
    team = (reviewer, decider, random.choice(staff.coordinators), *panel)
    return {
        key: value
        for name, person in zip(TEAM, team, strict=True)
        for key, value in ((name, person.id.hex), (f"{name} dashed", str(person.id)))
    }


def _people(copied: Copied, given: Mapping[str, Any]) -> dict[str, str]:
    random = names.drawn_by(given["code"])
    people: dict[str, str] = {}
    for number, office in enumerate(copied.offices):
        name = names.person_name(given["language"], random)
        people[f"person {number}"], people[f"person key {number}"] = name, natural_key(name)
        people[f"address {number}"] = f"{office}{number}.{given['code'].lower()}@load.example"
    return people


def _codes(press: Press, copied: Copied) -> dict[str, str]:
    return {f"code {number}": press.new_code(form) for number, form in enumerate(copied.codes)}


def _certificate(press: Press, copied: Copied, country_code: str, shift: int) -> dict[str, str]:
    if copied.issued_on is None:
        return {}
    code = new_code(press.random.choice)
    year = (copied.issued_on + timedelta(days=shift)).year
    return {
        "number": press.next_number(country_code, year),
        "certificate code": code,
        "code in groups": in_groups(code),
    }


def _later_standings(
    press: Press, copied: Copied, values: Values
) -> Iterator[tuple[Table, list[Any]]]:
    """Yield the history rows that passing time adds: a certificate that is about to end, or has ended."""
    statuses = [row for row in copied.rows if row.table.name == "school_status"]
    until = copied.valid_until_on
    standing = Standing(values[copied.recipe.named("standing")])
    if not statuses or until is None or standing not in {Standing.EXPIRING, Standing.EXPIRED}:
        return
    columns = written_columns(statuses[-1].table)
    last = dict(zip(columns, statuses[-1].pick(values), strict=True))
    until += timedelta(days=values[copied.recipe.named(SHIFT)])
    moves = {Standing.EXPIRING: until - timedelta(days=press.expiring_days)}
    if standing is Standing.EXPIRED:
        moves[Standing.EXPIRED] = until + timedelta(days=1)
    zone = "+00" if last["from_at"].endswith("+00") else ""
    for moved, on in moves.items():
        row = last | {"standing": moved.value, "from_at": f"{on} 03:00:00.000000{zone}"}
        yield statuses[-1].table, list(row.values())


def _standing(press: Press, copied: Copied, shift: int) -> Standing:
    """Return the standing of a copy today; an older certificate is by now about to end, or has ended."""
    standing = Standing(copied.pattern.school.standing)
    if standing is not Standing.VALID or copied.valid_until_on is None:
        return standing
    until = copied.valid_until_on + timedelta(days=shift)
    return STANDINGS[status_by_date(until, press.today, press.expiring_days)]
