"""Renders the public list as lines of the page, as CSV and as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

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
from cissapp.foundation.web.sheet_streams import StreamedSheet
from cissapp.verify.directory.queries import CertifiedSchool, ListDay
from cissapp.verify.directory.rules import Search

# The field names of a school in the machine-readable list; they are stable.
FIELDS = (
    "name",
    "locality",
    "country",
    "region",
    "level",
    "status",
    "valid_from",
    "valid_until",
    "number",
    "code",
    "verify",
)
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
    return " · ".join(
        [
            place(row.locality, row.region_code, content, language),
            _("until %(day)s", day=filters.day(row.valid_until_on)),
            *([_("expires soon")] if soon else []),
        ]
    )


def csv_sheet(
    batches: Iterable[Iterable[CertifiedSchool]],
    content: Content,
    language: str,
    day: ListDay,
    at: datetime,
) -> StreamedSheet:
    """Return the schools as a sheet that is written as it is read, with the time of the list in every row."""
    moment = at.isoformat(timespec="seconds")
    # Translate now, since the file is written after the request has ended.
    states = {status: _(name) for status, name in STATUS_NAMES.items()}

    def row_of(school: CertifiedSchool) -> list[str | int]:
        region = content.region_place(school.region_code, language)
        return _csv_row(school, region, states[school.status(day)], moment)

    return StreamedSheet(
        _("Certified schools"),
        _csv_head(),
        ([row_of(school) for school in schools] for schools in batches),
        _csv_about(at),
    )


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


def _csv_row(row: CertifiedSchool, region: str, status: str, moment: str) -> list[str | int]:
    return [
        row.name,
        row.locality,
        row.country_code,
        region,
        row.region_code,
        row.level,
        status,
        row.valid_from_on.isoformat(),
        row.valid_until_on.isoformat(),
        row.number,
        in_groups(row.code),
        moment,
    ]


def schools_for_machines(
    rows: Iterable[CertifiedSchool], base_url: str, day: ListDay
) -> list[dict[str, Any]]:
    """Return the schools in machine-readable form, with stable field names."""
    return [
        dict(
            zip(
                FIELDS,
                (
                    row.name,
                    row.locality,
                    row.country_code,
                    row.region_code,
                    row.level,
                    row.status(day).value,
                    row.valid_from_on.isoformat(),
                    row.valid_until_on.isoformat(),
                    row.number,
                    in_groups(row.code),
                    f"{base_url}/verify/{in_groups(row.code)}",
                ),
                strict=True,
            )
        )
        for row in rows
    ]


def json_document(schools: list[dict[str, Any]], search: Search, at: datetime) -> dict[str, Any]:
    """Build the machine-readable list: the search, its time, the schools."""
    return {
        "format": FORMAT,
        "as_of": at.isoformat(timespec="seconds"),
        "filter": {
            "words": search.words,
            "country": search.country_code,
            "region": search.region_code,
            "level": search.level,
            "status": search.status.value if search.status else "",
        },
        "count": len(schools),
        "schools": schools,
    }
