"""The words of a certificate as its school and its group see it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.phrases.facts import (
    LabelledRow,
    LevelRing,
    fact_rows,
    level_ring,
    words_of,
)
from cissapp.certify.certificates.phrases.statuses import EVENT_NAMES, STATUS_NAMES
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import (
    STATUSES_IN_FORCE,
    RegisterEvent,
    Status,
    in_groups,
    may_follow,
)
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters

STATUS_KINDS = {
    Status.VALID: "ok",
    Status.EXPIRING: "warn",
    Status.EXPIRED: "bad",
    Status.SUSPENDED: "warn",
    Status.WITHDRAWN: "bad",
    Status.REPLACED: "none",
    Status.UPCOMING: "info",
    Status.UNKNOWN: "none",
}

NEXT = {
    Status.VALID: N_("Show it: put the certificate’s address on your school’s website."),
    Status.EXPIRING: N_("Update your application and submit it again before the last day."),
    Status.EXPIRED: N_(
        "Update your application and submit it again. Take the expired certificate off your school’s website."
    ),
    Status.SUSPENDED: N_(
        "Read the reason below and talk to the national group. Do not show the certificate until the suspension ends."
    ),
    Status.WITHDRAWN: N_("Take the certificate off your school’s website. You may apply again."),
    Status.REPLACED: N_("There is a newer certificate."),
    Status.UPCOMING: N_(
        "It begins the day after the previous certificate ends. Until then, show the previous one."
    ),
    Status.UNKNOWN: N_("Something is wrong with the register. Tell the national group."),
}

RENEWABLE = frozenset({Status.EXPIRING, Status.EXPIRED, Status.WITHDRAWN})

APPLIED_AGAIN = N_("Your application is already submitted.")
TAKE_OFF = N_("Take the expired certificate off your school’s website.")
TAKE_OFF_WITHDRAWN = N_("Take the certificate off your school’s website.")
# The next one is issued, and begins when this one ends.
FOLLOWED = (NEXT[Status.REPLACED], NEXT[Status.UPCOMING])

# Shown instead of the status while a certificate is not yet issued, or if it never is.
UNISSUED: dict[RegisterEvent | None, tuple[str, str, str]] = {
    RegisterEvent.RESERVED: (
        "info",
        N_("Decided, file being prepared"),
        N_(
            "The file is signed automatically, usually within a minute. Reload this page after that."
        ),
    ),
    RegisterEvent.VOIDED: (
        "none",
        N_("Ended before it was issued"),
        N_("This certificate was never issued. The reason is given below."),
    ),
}


class ShownEntry(Struct, frozen=True):
    """A row of the register."""

    at: datetime
    event: str
    reason: str | None


class ShownCertificate(Struct, frozen=True):
    """A certificate as its school and its group see it.

    `may_show`: the school may show it to others today; `renews`: the next application is what to do now.
    """

    certificate: Certificate
    status: Status
    kind: str
    state: str
    what_next: str
    address: str
    rows: list[LabelledRow]
    history: list[ShownEntry]
    ring: LevelRing | None
    may: dict[RegisterEvent, bool]
    may_show: bool
    renews: bool


def shown_certificate(
    row: Certificate, content: Content, language: str, *, base_url: str, today: date
) -> ShownCertificate:
    """Write a certificate with its status and all that happened to it."""
    status = queries.status(row, today, content.standard.decision.validity.expiring_days)
    events = [entry.event for entry in row.entries]
    facts = None if register_checks.certificate_fault(row) else read_facts(row.facts)
    words = words_of(facts, content, language) if facts else None
    kind, state, what_next = UNISSUED.get(
        events[-1] if events else None,
        (STATUS_KINDS[status], STATUS_NAMES[status], NEXT[status]),
    )
    return ShownCertificate(
        row,
        status,
        kind,
        _(state),
        _(what_next),
        f"{base_url}{url_for('verification.verify_code', code=in_groups(row.code))}",
        fact_rows(facts, content, words) if facts and words else _bare_rows(row),
        [
            ShownEntry(entry.at.astimezone(UTC), _(EVENT_NAMES[entry.event]), entry.reason)
            for entry in row.entries
        ],
        level_ring(facts, words) if facts and words else None,
        {event: may_follow(events, event) for event in RegisterEvent},
        may_show=status in STATUSES_IN_FORCE,
        renews=status in RENEWABLE,
    )


def followed_text() -> str:
    """Write what a school does until its next certificate, which is issued, begins."""
    return _joined(FOLLOWED)


def with_next_step(
    current: ShownCertificate, others: Sequence[ShownCertificate], *, applied: bool
) -> ShownCertificate:
    """Return the school's certificate with less to do once it has applied again or the next one is issued."""
    if current.may_show and any(one.status is Status.UPCOMING for one in others):
        return replace(current, what_next=_joined(FOLLOWED), renews=False)
    if applied and current.status is Status.EXPIRING:
        return replace(current, what_next=_(APPLIED_AGAIN))
    if applied and current.status is Status.EXPIRED:
        return replace(current, what_next=_joined((APPLIED_AGAIN, TAKE_OFF)))
    if applied and current.status is Status.WITHDRAWN:
        return replace(current, what_next=_joined((APPLIED_AGAIN, TAKE_OFF_WITHDRAWN)))
    return current


def _joined(sentences: Sequence[str]) -> str:
    return " ".join(_(one) for one in sentences)


def _bare_rows(row: Certificate) -> list[LabelledRow]:
    """List what the columns say, for a certificate whose facts do not match its record."""
    return [
        LabelledRow(_("Number"), row.number),
        LabelledRow(_("Level"), str(row.level)),
        LabelledRow(_("Valid until"), filters.day(row.valid_until_on)),
    ]
