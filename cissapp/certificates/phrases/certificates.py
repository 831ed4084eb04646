"""The words of a certificate as its school and its group see it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import url_for
from flask_babel import gettext as _

from cissapp.certificates import queries, register
from cissapp.certificates.facts import read
from cissapp.certificates.models import Certificate
from cissapp.certificates.phrases.verdicts import Ring, Row, fact_rows, ring, words_of
from cissapp.certificates.rules import (
    EVENT_NAMES,
    STATUS_NAMES,
    RegisterEvent,
    Status,
    in_groups,
    may_follow,
)
from cissapp.content.values import Content
from cissapp.core.errors import N_
from cissapp.web import filters

STATUS_KINDS = {
    Status.VALID: "ok",
    Status.EXPIRING: "warn",
    Status.EXPIRED: "bad",
    Status.SUSPENDED: "warn",
    Status.WITHDRAWN: "bad",
    Status.REPLACED: "none",
    Status.UNKNOWN: "none",
}

NEXT = {
    Status.VALID: N_("Show it: put the address of the certificate on the site of the school."),
    Status.EXPIRING: N_("Bring the dossier up to date and hand it in again before the last day."),
    Status.EXPIRED: N_(
        "Bring the dossier up to date and hand it in again. Take the expired certificate off the site of the school."
    ),
    Status.SUSPENDED: N_(
        "Read the reason below and talk with the national group. Do not show the certificate until the suspension ends."
    ),
    Status.WITHDRAWN: N_(
        "Take the certificate off the site of the school. The school may apply again."
    ),
    Status.REPLACED: N_("There is a newer certificate."),
    Status.UNKNOWN: N_("The register has to be looked into. Tell the national group."),
}


@dataclass(frozen=True)
class ShownEntry:
    """A row of the register."""

    at: datetime
    event: str
    reason: str | None


@dataclass(frozen=True)
class ShownCertificate:
    """A certificate as its school and its group see it."""

    certificate: Certificate
    kind: str
    state: str
    what_next: str
    address: str
    rows: list[Row]
    history: list[ShownEntry]
    ring: Ring | None
    may: dict[RegisterEvent, bool]


def certificate(
    row: Certificate, content: Content, language: str, *, base_url: str, today: date
) -> ShownCertificate:
    """Write a certificate with its status and all that happened to it."""
    status = queries.status(row, today, content.standard.decision.validity.expiring_days)
    events = [entry.event for entry in row.entries]
    facts = None if register.certificate_fault(row) else read(row.facts)
    words = words_of(facts, content, language) if facts else None
    return ShownCertificate(
        row,
        STATUS_KINDS[status],
        _(STATUS_NAMES[status]),
        _(NEXT[status]),
        f"{base_url}{url_for('certificates.verify_code', code=in_groups(row.code))}",
        fact_rows(facts, content, words) if facts and words else _bare_rows(row),
        [
            ShownEntry(entry.at.astimezone(UTC), _(EVENT_NAMES[entry.event]), entry.reason)
            for entry in row.entries
        ],
        ring(facts, words) if facts and words else None,
        {event: may_follow(events, event) for event in RegisterEvent},
    )


def _bare_rows(row: Certificate) -> list[Row]:
    """List what the columns say, where the facts are not as they were written."""
    return [
        Row(_("Number"), row.number),
        Row(_("Level"), str(row.level)),
        Row(_("Valid until"), filters.day(row.valid_until_on)),
    ]
