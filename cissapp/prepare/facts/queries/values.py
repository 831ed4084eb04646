"""The values of a school for the placeholders of a text, in a language: lines, lists and tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import named
from cissapp.foundation.office.filling import BLANK, Value, bullets, plain, table
from cissapp.people.schools.models import School
from cissapp.prepare.facts.phrases import COLUMNS, Words, words_in
from cissapp.prepare.facts.queries.gathering import STAFF, GatheredFacts
from cissapp.prepare.facts.rules.facts import (
    COVER,
    HELPLINE,
    LIMITS,
    PAGE,
    RULES,
    Fact,
    is_printed,
)
from cissapp.prepare.mechanism.rules import ChannelKind

# The placeholder of each member of staff, by the key of the fact.
NAMES_OF_STAFF = {key: key.partition(".")[2] for key in STAFF.values()}


class FactTable(Struct, frozen=True):
    """Facts as rows: column keys, headings, plain cells, and the facts that they contain.

    A contact that may not be printed today is left blank, to be filled in by hand.
    """

    columns: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    facts: Mapping[str, str]


def values_in(gathered: GatheredFacts, language: str, today: date) -> dict[str, Value]:
    """Return the value of each placeholder in a language, without querying the database again."""
    words = words_in(language, today)
    return {
        **_of_place(gathered.school, words),
        **_of_staff(gathered, words),
        **_of_agreement(gathered, words, today),
        **_of_tables(tables_of(gathered, language, today)),
        **_of_helplines(gathered, language, today),
    }


def _of_place(school: School, words: Words) -> dict[str, Value]:
    found = {
        "school": Value(plain(school.name), {"school.name": school.name}),
        "locality": Value(plain(school.locality), {"school.locality": school.locality}),
        "today": Value(words.today),
        "school_year": Value(words.school_year),
    }
    pack = content().countries.get(school.country_code)
    if pack:
        found["country"] = Value(plain(pack.name(words.language)))
    if pack and school.region_code in pack.regions:
        region = pack.region_name(school.region_code, words.language)
        found["region"] = Value(plain(region))
    return found


def _of_staff(gathered: GatheredFacts, words: Words) -> dict[str, Value]:
    """Return the names of head, deputy and designated person with their job titles."""
    found = {}
    for duty, key in STAFF.items():
        fact = gathered.facts.get(key)
        if fact:
            text = f"{plain(fact.value)} ({plain(words.duties[duty])})"
            found[NAMES_OF_STAFF[key]] = Value(text, {key: fact.value})
    return found


def _of_agreement(gathered: GatheredFacts, words: Words, today: date) -> dict[str, Value]:
    facts, found = gathered.facts, {}
    keys = {
        **{name: f"limits.{name}" for name in LIMITS},
        **{name: f"rules.{name}" for name in RULES},
        **{name: f"cover.{name}" for name in COVER},
        "about_head": "about.head",
        "about_person": "about.person",
        "page": PAGE,
    }
    for name, key in keys.items():
        fact = facts.get(key)
        if fact and is_printed(fact, today):
            found[name] = Value(plain(fact.value), {key: fact.value})
    spoken = facts.get("cover.languages")
    if spoken:
        text = plain(words.list_languages(spoken.value.split(",")))
        found["languages"] = Value(text, {spoken.key: spoken.value})
    return found


def _of_tables(tables: Mapping[str, FactTable]) -> dict[str, Value]:
    return {
        name: Value(table(one.head, [[plain(cell) for cell in row] for row in one.rows]), one.facts)
        for name, one in tables.items()
        if one.rows
    }


def _of_helplines(gathered: GatheredFacts, language: str, today: date) -> dict[str, Value]:
    """List the country's services that were checked within the last six months."""
    lines, used = [], {}
    for line in gathered.helplines:
        fact = gathered.facts[f"{HELPLINE}.{gathered.helpline_code}.{line.id}"]
        if is_printed(fact, today):
            lines.append(f"**{plain(named(line.names, language))}**: {plain(fact.value)}")
            used[fact.key] = fact.value
    return {"helplines": Value(bullets(lines), used)} if lines else {}


# --- tables ------------------------------------------------------------------------------------


def tables_of(gathered: GatheredFacts, language: str, today: date) -> dict[str, FactTable]:
    """Return tables of people, channels, outside bodies and recipients, by the name of their placeholder."""
    words = words_in(language, today)
    inside = [one for one in gathered.channels if one.kind is not ChannelKind.OUTSIDE]
    outside = [one for one in gathered.channels if one.kind is ChannelKind.OUTSIDE]
    rows: dict[str, list[str]] = {
        "people": [f"person.{one.id}" for one in gathered.persons],
        "channels": [f"channel.{one.id}" for one in inside],
        "outside": [f"channel.{one.id}" for one in outside],
        "escalation": [f"step.{one.id}" for one in gathered.steps],
        "told": [f"told.{one.id}" for one in gathered.told],
    }
    return {
        name: _table(gathered.facts, name, starts, words.heads[name], today)
        for name, starts in rows.items()
    }


def _table(
    facts: Mapping[str, Fact], name: str, starts: Iterable[str], head: Sequence[str], today: date
) -> FactTable:
    columns = tuple(COLUMNS[name])
    rows, used = [], {}
    for start in starts:
        row = []
        for column in columns:
            fact = facts.get(f"{start}.{column}")
            if fact and is_printed(fact, today):
                used[fact.key] = fact.value
                row.append(fact.value)
            else:
                row.append(BLANK if fact else "")
        rows.append(tuple(row))
    return FactTable(columns, tuple(head), tuple(rows), used)
