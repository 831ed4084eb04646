"""The words of the public list of certified schools."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from cissapp.certificates.phrases.verdicts import place
from cissapp.certificates.queries import Found
from cissapp.certificates.rules import (
    in_groups,
)
from cissapp.content.values import Content
from cissapp.web import filters


@dataclass(frozen=True)
class ListedSchool:
    """A line of the public list."""

    name: str
    href: str
    level: str
    detail: str


def listed(found: Found, content: Content, language: str) -> list[ListedSchool]:
    """Write the lines of the public list."""
    text = (
        content.standard.certificate_texts.get(language) or content.standard.certificate_texts["en"]
    )
    return [
        ListedSchool(
            row.name,
            url_for("certificates.verify_code", code=in_groups(row.code)),
            f"{text.labels['level']} {row.level}",
            " · ".join(
                [
                    place(row.locality, row.region_code, content, language),
                    _("until %(day)s", day=filters.day(row.valid_until_on)),
                ]
            ),
        )
        for row in found.rows
    ]
