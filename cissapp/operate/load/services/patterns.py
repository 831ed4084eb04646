"""Reads a pattern school's rows and makes the recipe of its copies."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Table

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import Base
from cissapp.operate.load import queries
from cissapp.operate.load.queries import Row
from cissapp.operate.load.rules.codes import FORMS, CodeForm
from cissapp.operate.load.rules.recipe import Pieces, Recipe, SlotName
from cissapp.operate.load.rules.spread import DECIDED
from cissapp.operate.load.services.pattern_schools import Pattern
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.queries import facts_hash

# What a thin copy lacks: detailed answers and preparation, which lists and figures do not read.
DETAILS = frozenset(
    {
        "attempt_question",
        "fact_confirmation",
        "lesson_progress",
        "made_paper",
        "part_evidence",
        "policy_clause",
        "policy_draft",
        "policy_wording",
    }
)
# If the case is decided, it lacks the levels as well.
SHEETS = frozenset({"score", "self_evidence", "self_score"})
DETAILED_EVENTS = frozenset(
    {
        Event.ANSWER_SAVED,
        Event.ATTEMPT_HANDED_IN,
        Event.ATTEMPT_STARTED,
        Event.FACTS_CONFIRMED,
        Event.LESSON_READ,
        Event.MECHANISM_CHANGED,
        Event.PAPER_MADE,
        Event.SCORE_SAVED,
        Event.SELF_SCORE_SAVED,
    }
)
PANEL = 2
TEAM = ("reviewer", "decider", "coordinator", "panel member 1", "panel member 2")
OFFICES = (Duty.HEAD, Duty.DESIGNATED_PERSON, Duty.DEPUTY)
# A school has at most this many codes that are unique in the country.
MOST_CODES = 9
# The values that a copy is given by name.
GIVEN = (
    "country",
    "region",
    "group",
    "group name",
    "code",
    "name",
    "locality",
    "language",
    "pupils",
    "name key",
    "search text",
    "school facts",
    "standing",
    "number",
    "certificate code",
    "code in groups",
    "last row",
    *TEAM,
    *(f"{name} dashed" for name in TEAM),
    *(f"person {number}" for number in range(9)),
    *(f"person key {number}" for number in range(9)),
    *(f"address {number}" for number in range(9)),
    *(f"code {number}" for number in range(MOST_CODES)),
)
# Columns whose value differs in every copy, whatever they contain.
COLUMNS = {
    ("school", "name"): "name",
    ("school", "locality"): "locality",
    ("school", "language"): "language",
    ("school", "pupils"): "pupils",
    ("school", "name_key"): "name key",
    ("school", "search_text"): "search text",
    ("school", "standing"): "standing",
    ("person", "language"): "language",
}
PERSONS = {("person", "name"): "person", ("person", "name_key"): "person key"}
NAMED_COLUMNS = {"country_code": "country", "group_id": "group"}


class CopiedRow(Struct, frozen=True):
    """A row of a pattern: its table and which values of a copy it holds."""

    table: Table
    pick: "itemgetter[Any]"


class Copied(Struct, frozen=True):
    """A pattern prepared for copying."""

    pattern: Pattern
    recipe: Recipe
    rows: list[CopiedRow]
    files: list[tuple[str, int]]
    codes: list[CodeForm]
    offices: list[str]
    issued_on: date | None
    valid_until_on: date | None


def written_columns(table: Table) -> list[str]:
    """List the columns of a table that are written, leaving out an auto-incremented key."""
    counter = table.autoincrement_column
    return [column.name for column in table.c if column is not counter]


def read_pattern(pattern: Pattern) -> tuple[Copied, Copied]:
    """Read the rows of a pattern, and make of them what its copies are written from: full ones, and thin ones."""
    found, own = queries.rows_of_school(pattern.school.id)
    trail = queries.trail_of_school(pattern.school.id, own)
    return (
        _prepared(pattern, found, own, trail, thin=False),
        _prepared(pattern, found, own, trail, thin=True),
    )


def _prepared(
    pattern: Pattern,
    found: Mapping[Table, list[Row]],
    own: Collection[UUID],
    trail: Sequence[tuple[Row, str]],
    *,
    thin: bool,
) -> Copied:
    recipe = Recipe(GIVEN, _pieces(pattern, found))
    for number, key in enumerate(sorted(own, key=str), 1):
        recipe.own(number, key.hex)
    file_keys = list(_values(found, "file_key"))
    for number, file_key in enumerate(file_keys, len(own) + 1):
        recipe.own_file(number, file_key)
    for number, token_hash in enumerate(_values(found, "token_hash")):
        recipe.own_secret(number, token_hash)
    recipe.given_hash("school facts", facts_hash(pattern.school))
    reader = _Reader(recipe, _hashes(recipe, found), _addresses(found))
    left_out = _left_out(pattern) if thin else frozenset()
    rows = [
        reader.row(table, row)
        for table, some in found.items()
        if table.name not in left_out
        for row in some
    ]
    for entry, text in trail:
        if not (thin and Event(entry["event"]) in DETAILED_EVENTS):
            recipe.hash_of(entry["hash"], text)
            rows.append(reader.row(Base.metadata.tables["audit_entry"], entry))
    issued, until = _days_of_certificate(found)
    files = [(file_key, recipe.text(file_key)) for file_key in file_keys]
    codes = [form for form, _code in _codes(found)]
    return Copied(pattern, recipe, rows, files, codes, _offices(found), issued, until)


def _left_out(pattern: Pattern) -> frozenset[str]:
    return DETAILS | SHEETS if pattern.state in DECIDED else DETAILS


def _of(found: Mapping[Table, list[Row]], name: str) -> list[Row]:
    return found.get(Base.metadata.tables[name], [])


def _people(found: Mapping[Table, list[Row]]) -> list[Row]:
    """List the people of a pattern, the head first: their ids are in no order."""
    return sorted(_of(found, "person"), key=lambda person: OFFICES.index(person["duty"]))


def _addresses(found: Mapping[Table, list[Row]]) -> list[str]:
    return [person["email"] for person in _people(found)]


def _offices(found: Mapping[Table, list[Row]]) -> list[str]:
    return [person["duty"].partition("_")[0] for person in _people(found)]


def _codes(found: Mapping[Table, list[Row]]) -> Iterator[tuple[CodeForm, str]]:
    for name, form in FORMS.items():
        yield from ((form, row["code"]) for row in _of(found, name))


def _days_of_certificate(found: Mapping[Table, list[Row]]) -> tuple[date | None, date | None]:
    for row in _of(found, "certificate"):
        return date.fromisoformat(row["issued_at"][:10]), date.fromisoformat(row["valid_until_on"])
    return None, None


def _values(found: Mapping[Table, list[Row]], ending: str) -> Iterator[str]:
    """Yield the values of columns whose name ends like this, which must differ in every row."""
    for table, rows in found.items():
        for column in table.c:
            if column.name.endswith(ending):
                yield from (row[column.name] for row in rows if row[column.name])


def _pieces(pattern: Pattern, found: Mapping[Table, list[Row]]) -> dict[str, Pieces]:
    """Return the replacements for parts of a pattern: its names, its numbers, the people of its group."""
    school = pattern.school
    pieces: dict[str, Pieces] = {
        school.name: (SlotName("name"),),
        school.code: (SlotName("code"),),
        school.region_code: (SlotName("region"),),
        f'"locality":"{school.locality}"': ('"locality":"', SlotName("locality"), '"'),
        f'"country_code":"{school.country_code}"': ('"country_code":"', SlotName("country"), '"'),
        school.group.name: (SlotName("group name"),),
    }
    # A later load has other people, so those who hear an appeal are found where they are named.
    panel = sorted(UUID(str(row["person_id"])) for row in _of(found, "appeal_member"))
    for name, key in zip(TEAM, (*(person.id for person in pattern.team), *panel), strict=False):
        pieces[key.hex] = (SlotName(name),)
        pieces[str(key)] = (SlotName(f"{name} dashed"),)
    for number, address in enumerate(_addresses(found)):
        pieces[address] = (SlotName(f"address {number}"),)
    for number, (_form, code) in enumerate(_codes(found)):
        pieces[code] = (SlotName(f"code {number}"),)
    for certificate in _of(found, "certificate"):
        pieces[certificate["number"]] = (SlotName("number"),)
        pieces[certificate["code"]] = (SlotName("certificate code"),)
        pieces[in_groups(certificate["code"])] = (SlotName("code in groups"),)
    return pieces


def _hashes(recipe: Recipe, found: Mapping[Table, list[Row]]) -> dict[str, int]:
    """Register the hashes of stored texts, in the order in which one text names the hash of another.

    Return, by the hash of each row of the register, the slot of the row before it.
    """
    for row in _of(found, "submission"):
        recipe.hash_of(row["sha256"], row["content"])
    for row in _of(found, "letter"):
        recipe.hash_of(row["sha256"], row["content"])
    for row in _of(found, "certificate"):
        recipe.hash_of(row["facts_sha256"], row["facts"])
    follows = {}
    for row in sorted(_of(found, "register_entry"), key=lambda entry: int(entry["id"])):
        follows[row["hash"]] = recipe.last_row()
        recipe.link_of(row["hash"], row["payload"])
    return follows


class _Reader(Struct, frozen=True):
    """Reads rows into a recipe: which value of a copy each column holds."""

    recipe: Recipe
    follows: Mapping[str, int]
    addresses: list[str]

    def row(self, table: Table, row: Row) -> CopiedRow:
        slots = [self._slot(table, column, row) for column in written_columns(table)]
        return CopiedRow(table, itemgetter(*slots))

    def _slot(self, table: Table, column: str, row: Row) -> int:
        name = COLUMNS.get((table.name, column)) or NAMED_COLUMNS.get(column)
        if name and row[column] is not None:
            return self.recipe.named(name)
        if (table.name, column) == ("register_entry", "previous_hash"):
            return self.follows[row["hash"]]
        if (table.name, column) in PERSONS:
            return self.recipe.named(
                f"{PERSONS[table.name, column]} {self.addresses.index(row['email'])}"
            )
        return self.recipe.value(row[column])
