"""Recognises the school of a row in the register, and in the rows before, by its code or its name and place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.db import new_ids
from cissapp.foundation.core.unicode import heard_key
from cissapp.people.accounts.rules import fold_address
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.queries import (
    HeardSchool,
    KnownPerson,
    PastInvitation,
    RegisteredSchool,
)
from cissapp.people.school_lists.rules import ReadRow
from cissapp.people.school_lists.rules.hashes import hash_of, place_of_given
from cissapp.people.school_lists.rules.likeness import (
    TownIndex,
    is_same_name,
    is_same_place,
    is_same_town,
)
from cissapp.people.school_lists.rules.sounds import is_own_code, own_code, town_of
from cissapp.people.schools.models import NationalGroup
from cissapp.people.schools.rules import RegisterFacts

# How a code is written in a CSV file so that a spreadsheet keeps its zeros.
AS_TEXT = '="%s"'


class ImportTask(Struct, frozen=True):
    """What a list is imported into, and how.

    `began_at` is when the list was uploaded: schools registered later are not duplicates of its rows.
    """

    groups: Mapping[str, NationalGroup]
    countries: Mapping[str, CountryPack]
    began_at: datetime
    changes_schools: bool = False
    keeps_duplicates: bool = False


class HeardTown:
    """The schools of a town by their sounds."""

    def __init__(self, schools: Iterable[HeardSchool]) -> None:
        self.by_sound: dict[str, list[HeardSchool]] = {}
        for school in schools:
            self.by_sound.setdefault(school.sound, []).append(school)
        self._index: TownIndex | None = None

    def near(self, sound: str) -> Iterator[HeardSchool]:
        """Yield the schools whose sounds differ little from one."""
        self._index = self._index or TownIndex(self.by_sound)
        return (school for key in self._index.near(sound) for school in self.by_sound[key])


class Known(Struct):
    """What the register holds of the schools and people that a part names; updated with each row."""

    schools: dict[tuple[str, str], RegisteredSchool]
    # Schools that sound like those of rows with a code that is not in the register.
    sounds: dict[tuple[str, str], list[HeardSchool]]
    # The schools of the towns of rows without a code that are not in the register by their own code.
    towns: dict[tuple[str, str], HeardTown]
    people: dict[str, KnownPerson]
    invited: dict[str, list[PastInvitation]]
    # What a check notes of earlier parts; once they are imported, the register has it.
    seen: Mapping[int, int]
    ids: Iterator[UUID] = field(default_factory=new_ids)


def known_of(read: Sequence[ReadRow], task: ImportTask, seen: Mapping[int, int]) -> Known:
    """Look up all that the rows name, in a few statements."""
    good = [row for row in read if not row.problems and not row.is_skipped]
    found = queries.schools_by_code((row.country_code, row.code) for row in good)
    new = [row for row in good if (row.country_code, row.code) not in found]
    found |= _by_other_codes([row for row in new if not row.is_by_name])
    by_code = [sound_of(row.facts) for row in new if row.facts and not row.is_by_name]
    by_name = [town_of(sound_of(row.facts)) for row in new if row.facts and row.is_by_name]
    of_towns = queries.schools_of_towns(by_name, task.countries, task.began_at)
    emails = [fold_address(person.email) for row in good for person in row.people]
    return Known(
        found,
        queries.schools_by_sound(by_code, task.countries, task.began_at),
        {town: HeardTown(schools) for town, schools in of_towns.items()},
        queries.people_by_email(emails),
        queries.invited_by_email(emails),
        seen,
    )


def _by_other_codes(rows: Sequence[ReadRow]) -> dict[tuple[str, str], RegisteredSchool]:
    """Look up the schools that may have another code in the register than their rows."""
    # A row before may have registered the school of a row with a code by its name.
    own = [(row.country_code, own_code(row.facts)) for row in rows if row.facts]
    # Earlier imports kept the signs by which a CSV file says that a cell is a text.
    signed = {(row.country_code, AS_TEXT % row.code): row.code for row in rows}
    found = queries.schools_by_code([*own, *signed])
    return {
        (country, signed.get((country, code), code)): there
        for (country, code), there in found.items()
    }


def sound_of(facts: RegisterFacts) -> str:
    """Return how a school sounds, which is remembered."""
    return heard_key(facts.name, facts.locality)


def same_school(
    row: ReadRow, group: NationalGroup, known: Known, task: ImportTask
) -> RegisteredSchool | None:
    """Find the school of the register that has the name and place of a row, if the row or the school has no code."""
    facts = row.facts
    if facts is None:
        return None
    sound, country = sound_of(facts), task.countries[row.country_code]
    if row.is_by_name:
        town = known.towns.get((row.country_code, town_of(sound)))
        alike = town.by_sound.get(sound, []) if town else []
    else:
        heard = known.sounds.get((row.country_code, sound), ())
        alike = [one for one in heard if _may_get_code(row, one, known)]
    for one in alike:
        is_there = is_same_place(facts.region_code, one.region_code, country)
        is_called = is_same_name(facts.name, one.name) and is_same_town(
            facts.locality, one.locality
        )
        if is_there and is_called and one.now.group_id == group.id:
            return _now(row, one, known)
    return None if row.is_by_name else _named_before(row, facts, group, known)


def _named_before(
    row: ReadRow, facts: RegisterFacts, group: NationalGroup, known: Known
) -> RegisteredSchool | None:
    """Find the school that an earlier row of the list registers without the code that this row has."""
    own = own_code(facts)
    there = known.schools.get((row.country_code, own))
    if there is None and hash_of(row.country_code, own) in known.seen:
        there = RegisteredSchool(next(known.ids), group.id, replace(facts, code=own))
    if there is None or there.group_id != group.id:
        return None
    if there.merged or not is_own_code(there.facts.code):
        return None
    given = known.seen.get(place_of_given(row.country_code, own))
    return there if given in {None, hash_of(row.code)} else None


def _now(row: ReadRow, heard: HeardSchool, known: Known) -> RegisteredSchool:
    """Return a school that sounds like a row, as the rows before leave it."""
    there = heard.now
    return there if there.merged else known.schools.get((row.country_code, there.facts.code), there)


def _may_get_code(row: ReadRow, heard: HeardSchool, known: Known) -> bool:
    """Check whether a school is told by its name, and no row before gives it another code than this one."""
    given = known.seen.get(place_of_given(row.country_code, heard.now.facts.code))
    there = _now(row, heard, known)
    is_free = is_own_code(there.facts.code) and not there.merged
    return is_free and given in {None, hash_of(row.code)}


def similar_school(
    row: ReadRow, facts: RegisterFacts, known: Known, task: ImportTask
) -> RegisteredSchool | None:
    """Find a school that a row may be: one that sounds alike; without a code also one whose name differs little."""
    sound, country = sound_of(facts), task.countries[row.country_code]
    if not row.is_by_name:
        heard = known.sounds.get((row.country_code, sound), ())
        return next((_now(row, one, known) for one in heard if not one.now.merged), None)
    town = known.towns.get((row.country_code, town_of(sound)))
    near = town.near(sound) if town else iter(())
    here = (one for one in near if is_same_place(facts.region_code, one.region_code, country))
    return next((_now(row, one, known) for one in here), None)
