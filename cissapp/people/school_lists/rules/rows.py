"""Reads a row of a list: the facts of a school, people with their duties, and all problems."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.unicode import folded_name
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment.rules import FILL_IN, PUPILS_MOST, fact_problems, one_line
from cissapp.people.school_lists.rules.addresses import (
    ELSEWHERE,
    NOT_IN_ADDRESS,
    place_in,
    town_in,
)
from cissapp.people.school_lists.rules.cells import BROKEN_LETTER, without_placeholder
from cissapp.people.school_lists.rules.columns import FOR_ALL, IN_ADDRESS, is_list_of_people
from cissapp.people.school_lists.rules.columns import ListColumn as C
from cissapp.people.school_lists.rules.people import NO_PERSON, PersonOnList, read_people
from cissapp.people.school_lists.rules.region_names import RegionFinder
from cissapp.people.school_lists.rules.sounds import own_code
from cissapp.people.school_lists.rules.totals import is_total
from cissapp.people.school_lists.rules.values import duty_named, language_named
from cissapp.people.schools.rules import RegisterFacts

# Meanings that only a person can supply, by column and text.
ValueMap = Mapping[str, Mapping[str, str]]
# Limit of unknown values in a column; more suggest that the wrong column was chosen.
MOST_UNKNOWN = 200
MAPPED_COLUMNS = (C.REGION, C.LANGUAGE, C.DUTY)

MORE_CELLS = N_(
    "The row has more columns than the heading row. Text that contains a delimiter needs quotation marks."
)
FORMULA_THERE = N_("“%(column)s” contains a formula. Replace it with its value.")
BROKEN = N_("“%(text)s” has a letter that cannot be read. Enter the text again.")
NO_NUMBER = N_("“%(text)s” is not a number of pupils. Enter a whole number up to %(most)s.")
SHORTENED = N_(
    "“%(text)s” is a long number that a spreadsheet has changed. Make the column of codes a text column, enter the codes again, and send the list again."
)

SHORTENED_NUMBER = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)


class ReadRow(Struct):
    """A row as it was read. `facts` are None in a list of people, which names a school by its code.

    Where the list has no code, it is the one that the school gets if it is new.
    """

    country_code: str
    code: str
    name: str
    facts: RegisterFacts | None = None
    people: list[PersonOnList] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Remarks about a row that is otherwise fine.
    notes: list[Problem] = field(default_factory=list)
    # Whether an earlier row of the list says something else of the same school: nothing is changed twice.
    contradicts: bool = False
    # Whether the row has no code, so that its school is told by name and place.
    is_by_name: bool = False
    # Whether the row adds up others, or has nothing in the columns that are read: a heading or a signature.
    is_skipped: bool = False


class RowReader:
    """Reads the rows of one list, caches what it has looked up, and counts unknown values."""

    def __init__(
        self,
        columns: Sequence[C | None],
        countries: Mapping[str, CountryPack],
        values: ValueMap | None = None,
    ) -> None:
        self._columns = list(enumerate(columns))
        self._places = {column: place for place, column in self._columns if column}
        self._read_at = sorted(self._places.values())
        self._countries = countries
        self._values = values or {}
        self._of_people = is_list_of_people(column for column in columns if column)
        # The meaning of a text that is not there is what was said for all schools.
        self._for_all = {
            column: self._values[column][""]
            for column in FOR_ALL
            if self._values.get(column, {}).get("")
        }
        around, said = self._for_all.get(C.REGION, ""), self._values.get(C.REGION, {})
        self._regions = {code: RegionFinder(pack, said, around) for code, pack in countries.items()}
        self.unknown: dict[str, Counter[str]] = {name: Counter() for name in MAPPED_COLUMNS}

    def read(self, cells: Sequence[str], formula: str) -> ReadRow:
        """Read a row, with everything that is wrong in its problems."""
        filled = any(map(str.strip, [cells[at] for at in self._read_at if at < len(cells)]))
        beyond = any(map(str.strip, cells[len(self._columns) :]))
        if beyond and not filled:
            return ReadRow("", "", "", problems=[Problem("row", MORE_CELLS)])
        if not filled or is_total(cells, self._places):
            return ReadRow("", "", "", is_skipped=True)
        row = self._read(cells, formula)
        row.problems[:0] = [Problem("row", MORE_CELLS)] if beyond else []
        return row

    def _read(self, cells: Sequence[str], formula: str) -> ReadRow:
        texts: dict[C, str] = {}
        problems = []
        for place, column in self._columns:
            if column is None or place >= len(cells):
                continue
            if cells[place] == formula:
                problems.append(Problem(column, FORMULA_THERE, {"column": column.value}))
            else:
                texts[column] = without_placeholder(column, one_line(_lines(column, cells[place])))
        problems += [
            Problem(column, BROKEN, {"text": text[:80]})
            for column, text in texts.items()
            if BROKEN_LETTER in text
        ]
        problems += self._place(texts)
        for column, said in self._for_all.items():
            texts[column] = texts.get(column) or said
        if SHORTENED_NUMBER.fullmatch(texts.get(C.CODE, "")):
            problems.append(Problem(C.CODE, SHORTENED, {"text": texts[C.CODE][:40]}))
        row = self._facts(texts, problems)
        row.people, wrong, row.notes = read_people(texts, self._duty)
        if self._of_people and not row.people and not wrong:
            wrong = [Problem("email", NO_PERSON)]
        row.problems = [*problems, *row.problems, *wrong]
        return row

    def _place(self, texts: dict[C, str]) -> list[Problem]:
        """Add the region and the town that the row has in its address only; list what it does not say."""
        address, around = texts.get(C.ADDRESS), self._for_all.get(C.REGION)
        country = self._countries.get(self._country({**self._for_all, **texts}))
        missing = [column for column in IN_ADDRESS if not texts.get(column)]
        if self._of_people or country is None or not address:
            return []
        regions = self._regions[country.code]
        found = place_in(address, country, regions.names)
        for column in missing:
            texts[column] = getattr(found, column)
        if C.REGION in missing and not around and found.region not in country.regions:
            told = regions.find("", texts.get(C.DISTRICT, ""))
            texts[C.REGION] = told if told in country.regions else found.region
        if C.REGION in missing and around and around not in country.path(found.region or around):
            return [Problem(C.REGION, ELSEWHERE, {"text": address[:80]})]
        unsaid = (one for one in missing if not texts[one] and one not in self._for_all)
        return [Problem(one, NOT_IN_ADDRESS[one], {"text": address[:80]}) for one in unsaid]

    def _facts(self, texts: Mapping[C, str], faults: list[Problem]) -> ReadRow:
        country_code = self._country(texts)
        row = ReadRow(country_code, texts.get(C.CODE, ""), texts.get(C.NAME, ""))
        if self._of_people:
            if not row.code:
                row.problems.append(Problem("code", FILL_IN, {"column": "code"}))
            return row
        pupils = self._pupils(texts.get(C.PUPILS, ""), row)
        country = self._countries.get(country_code)
        row.facts = RegisterFacts(
            country_code=country_code,
            region_code=self._region(texts, country),
            code=row.code,
            name=row.name,
            locality=town_in(texts.get(C.LOCALITY, "")),
            language=self._language(texts.get(C.LANGUAGE, ""), country),
            pupils=pupils,
        )
        if not row.code:
            row.code, row.is_by_name = own_code(row.facts), True
            row.facts = replace(row.facts, code=row.code)
        broken = {fault.code for fault in faults}
        found = fact_problems(row.facts, self._countries)
        row.problems += [
            problem for problem in found if problem.code.removesuffix("_code") not in broken
        ]
        return row

    def _country(self, texts: Mapping[C, str]) -> str:
        """Return the country named, else that of the region's code, else the only one there is."""
        if texts.get(C.COUNTRY):
            return self._country_named(texts[C.COUNTRY])
        before, mark, _after = texts.get(C.REGION, "").upper().partition("-")
        if mark and before in self._countries:
            return before
        return next(iter(self._countries)) if len(self._countries) == 1 else ""

    def _country_named(self, text: str) -> str:
        if text.upper() in self._countries:
            return text.upper()
        heard = folded_name(text)
        for code, pack in self._countries.items():
            if heard in map(folded_name, pack.file.names.values()):
                return code
        return text.upper()

    def _region(self, texts: Mapping[C, str], country: CountryPack | None) -> str:
        """Return the code of a region that is named by its code, or in any language and both scripts."""
        text = texts.get(C.REGION, "")
        district = texts.get(C.DISTRICT, "")
        if country is None or not (text or district):
            return text.upper()
        found = self._regions[country.code].find(text, district)
        if found not in country.regions:
            self._count(C.REGION, found)
        return found

    def _language(self, text: str, country: CountryPack | None) -> str:
        said = self._values.get(C.LANGUAGE, {}).get(text)
        if said or country is None:
            return said or text.lower()
        spoken = country.file.languages
        if not text and len(spoken) == 1:
            return str(spoken[0])
        found = language_named(text) or text.lower()
        if text and found not in spoken:
            self._count(C.LANGUAGE, text)
        return found

    @staticmethod
    def _pupils(text: str, row: ReadRow) -> int | None:
        """Parse a whole number with or without spaces; spreadsheets turn 412 into "412.0"."""
        digits = text.replace(" ", "").replace("\u202f", "")
        whole, mark, rest = digits.replace(",", ".").partition(".")
        if not digits:
            return None
        if (
            whole.isascii()
            and whole.isdigit()
            and len(whole) < 10
            and (not mark or not rest.strip("0"))
        ):
            return int(whole)
        row.problems.append(Problem("pupils", NO_NUMBER, {"text": text[:40], "most": PUPILS_MOST}))
        return None

    def _duty(self, text: str) -> Duty | None:
        said = self._values.get(C.DUTY, {}).get(text)
        found = Duty(said) if said else duty_named(text)
        if found is None:
            self._count(C.DUTY, text)
        return found

    def _count(self, column: C, text: str) -> None:
        counted = self.unknown[column]
        if text in counted or len(counted) < MOST_UNKNOWN:
            counted[text] += 1


def _lines(column: C, cell: str) -> str:
    """Return a cell; the lines of an address as its parts."""
    return cell.replace("\n", ", ") if column is C.ADDRESS else cell


def merged_unknown(counted: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, Any]:
    """Add up the unknown values of several parts of a list."""
    whole: dict[str, Counter[str]] = {}
    for part in counted:
        for column, values in part.items():
            whole.setdefault(column, Counter()).update(values)
    return {
        column: dict(values.most_common(MOST_UNKNOWN)) for column, values in whole.items() if values
    }
