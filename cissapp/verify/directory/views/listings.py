"""Renders the public list as lines of the page, as CSV and as JSON."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.certify.certificates.phrases.facts import place
from cissapp.certify.certificates.phrases.statuses import STATUS_NAMES
from cissapp.certify.certificates.rules import Status, in_groups
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.pages import KeyPage
from cissapp.foundation.web import filters
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.foundation.web.sheet_streams import StreamedSheet
from cissapp.verify.directory.queries import CertifiedSchool, ListDay, ListedSchool
from cissapp.verify.directory.rules import Search

FORMAT = "ciss-certified-schools-1"


class RegisterLine(Struct, frozen=True):
    """A line of the public list."""

    name: str
    href: str
    kind: str
    level: str
    detail: str


def number_of(found: KeyPage[CertifiedSchool]) -> str:
    """Render the number of schools in the list where it is known; else that these are the matching ones."""
    if found.total is None:
        return str(_("Matching schools"))
    return str(ngettext("%(num)d school", "%(num)d schools", found.total))


def register_lines(
    found: KeyPage[CertifiedSchool], content: Content, language: str, day: ListDay
) -> list[RegisterLine]:
    """Render the lines of a page."""
    texts = content.standard.certificate_texts
    text = texts.get(language) or texts["en"]
    return [
        RegisterLine(
            row.name,
            url_for("verification.verify_code", code=in_groups(row.code)),
            "ok",
            f"{text.labels['level']} {row.level}",
            _detail(row, content, language, day),
        )
        for row in found.rows
    ]


def _detail(row: CertifiedSchool, content: Content, language: str, day: ListDay) -> str:
    soon = row.status(day) is Status.EXPIRING
    return BETWEEN_FACTS.join(
        [
            place(row.locality, row.region_code, content, language),
            _("until %(day)s", day=filters.day(row.valid_until_on)),
            *([_("expires soon")] if soon else []),
        ]
    )


Batches = Iterable[Iterable[ListedSchool]]


def csv_sheet(batches: Batches, content: Content, language: str, at: datetime) -> StreamedSheet:
    """Return the schools as a sheet that is written as it is read, with the time of the list in every row."""
    moment = at.isoformat(timespec="seconds")
    # Translate now, since the file is written after the request has ended.
    states = {status.value: _(name) for status, name in STATUS_NAMES.items()}

    @cache
    def place_of(region_code: str) -> str:
        return content.region_place(region_code, language)

    def written(schools: Iterable[ListedSchool]) -> list[tuple[str | int | date, ...]]:
        return [
            (
                name, locality, country, place_of(region), region, level, states[status], since, until,
                number, in_groups(code), moment,
            )
            for name, locality, country, region, level, since, until, number, code, status in schools
        ]  # fmt: skip

    return StreamedSheet(_("Certified schools"), _csv_head(), map(written, batches), _csv_about(at))


def _csv_about(at: datetime) -> list[list[str]]:
    """Render the time of the list and the meaning of its columns."""
    return [
        [_("As of"), filters.moment(at)],
        [
            _("Level"),
            _("The level of a certificate that is or was in force. It says which criteria were met on a given day, never that a school is safe."),
        ],
        [_("Status"), _("The status of the certificate on the day of the list.")],
        [_("Code"), _("Anyone can use this code to check the certificate.")],
    ]  # fmt: skip


def _csv_head() -> list[str]:
    return [
        _("School"),
        _("Place"),
        _("Country"),
        _("Region"),
        _("Code of the region"),
        _("Level"),
        _("Status"),
        _("Valid from"),
        _("Valid until"),
        _("Number"),
        _("Code"),
        _("As of"),
    ]


def json_pieces(batches: Batches, search: Search, base_url: str, at: datetime) -> Iterator[bytes]:
    """Write the machine-readable list: its time, the search, the schools, and last their number.

    A list that is cut off is therefore no JSON.
    """
    head = {
        "format": FORMAT,
        "as_of": at.isoformat(timespec="seconds"),
        "filter": {
            "words": search.words,
            "country": search.country_code,
            "region": search.region_code,
            "level": search.level,
            "status": search.status.value if search.status else "",
        },
    }
    yield msgspec.json.encode(head)[:-1] + b',"schools":[\n'
    count, between = 0, b""
    for schools in batches:
        written = [msgspec.json.encode(_for_machines(one, base_url)) for one in schools]
        yield between + b",\n".join(written)
        count, between = count + len(written), b",\n"
    yield b'\n],"count":%d}\n' % count


def _for_machines(school: ListedSchool, base_url: str) -> dict[str, Any]:
    """Return a school in machine-readable form, with stable field names."""
    name, locality, country, region, level, since, until, number, code, status = school
    readable = in_groups(code)
    return {
        "name": name,
        "locality": locality,
        "country": country,
        "region": region,
        "level": level,
        "status": status,
        "valid_from": since,
        "valid_until": until,
        "number": number,
        "code": readable,
        "verify": f"{base_url}/verify/{readable}",
    }
