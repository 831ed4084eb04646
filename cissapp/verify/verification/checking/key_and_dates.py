"""Checks that need no register: whether the key counts, and what the calendar says."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Protocol

from cissapp.certify.certificates.rules import Status
from cissapp.foundation.core.errors import N_
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.rules import DATES, KEY, CertificateCheck, CheckOutcome


def key_checks(ring: Keyring, key_id: str, moment: datetime | None) -> Iterator[CertificateCheck]:
    """Check a key that was compromised; yield nothing for any other.

    `moment` is the time of the signature according to a source that a thief of the key cannot forge:
    register, log or snapshot. It is None if none of them knows.
    """
    key = ring.by_id(key_id)
    if key is None or key.compromised_at is None:
        return
    values = {"key": key.id, "day": key.compromised_at.astimezone(UTC).date()}
    if moment is None:
        sentence = N_(
            "the key %(key)s was compromised on %(day)s. Only the register can show whether this was signed before then."
        )
        yield CertificateCheck(KEY, CheckOutcome.UNKNOWN, sentence, values)
    elif keys.counts(key, moment):
        sentence = N_(
            "the key %(key)s was compromised on %(day)s, but this was signed before then, so it counts"
        )
        yield CertificateCheck(KEY, CheckOutcome.YES, sentence, values)
    else:
        sentence = N_(
            "signed after the key %(key)s was compromised on %(day)s, so it does not count"
        )
        yield CertificateCheck(KEY, CheckOutcome.NO, sentence, values)


class HasDays(Protocol):
    """Whatever has a first and a last day."""

    @property
    def valid_from_on(self) -> date:
        """The first day."""
        ...

    @property
    def valid_until_on(self) -> date:
        """The last day, which still counts."""
        ...


def date_check(status: Status, known: HasDays, today: date) -> CertificateCheck:
    """Check the dates against the calendar."""
    values = {"from": known.valid_from_on, "until": known.valid_until_on}
    if status is Status.UPCOMING:
        return CertificateCheck(
            DATES, CheckOutcome.NO, N_("from %(from)s until %(until)s: not started yet"), values
        )
    if status is Status.UNKNOWN:
        sentence = N_("It begins on %(from)s. This service’s clock may be wrong.")
        return CertificateCheck(DATES, CheckOutcome.UNKNOWN, sentence, values)
    if today > known.valid_until_on:
        return CertificateCheck(
            DATES,
            CheckOutcome.NO,
            N_("from %(from)s until %(until)s: this period has ended"),
            values,
        )
    return CertificateCheck(DATES, CheckOutcome.YES, N_("from %(from)s until %(until)s"), values)
