"""Imports a list of schools that a program sends: the same rules as the page, tried first or carried out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.enrolment.list_files import read_list
from cissapp.people.enrolment.rules import ListRow, SchoolList
from cissapp.people.enrolment.services import ImportResult, import_schools
from cissapp.people.notices.services import hold_mails
from cissapp.people.schools.queries import group as find_group


def list_of_rows(rows: Sequence[Mapping[str, Any]]) -> SchoolList:
    """Read rows of named values as a list of schools."""
    return SchoolList(
        [
            ListRow(number, {name: _cell(value) for name, value in row.items()})
            for number, row in enumerate(rows, 1)
        ]
    )


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def list_of_csv(content: bytes, most_rows: int) -> SchoolList:
    """Read the bytes of a CSV file as a list of schools; raise `Refused` if they cannot be read."""
    if content.startswith(b"PK"):
        raise Refused(Problem("file", N_("This is no CSV file.")))
    return read_list(content, most_rows=most_rows)


def bring_schools(
    table: SchoolList, packs: Mapping[str, CountryPack], *, dry_run: bool, by: Actor, at: datetime
) -> ImportResult:
    """Import a list into the register of the person's group; a dry run changes nothing, and mails nobody."""
    group = find_group(by.group_id) if by.group_id else None
    covered = group.country_codes if group else []
    countries = {code: packs[code] for code in covered if code in packs}
    groups = {code: group for code in countries if group}
    if not dry_run:
        return import_schools(table, groups=groups, countries=countries, by=by, at=at)
    with hold_mails():
        result = import_schools(table, groups=groups, countries=countries, by=by, at=at)
    session.rollback()
    return result
