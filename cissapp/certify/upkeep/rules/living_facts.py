"""The living facts behind a certificate: each is green until a date, or amber, with who acts next."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.clock import months_after

YEAR = 12


class LivingFactKind(StrEnum):
    """The kinds of living facts."""

    QUORUM = "quorum"
    CONFIRMATION = "confirmation"
    POLICY = "policy"
    CHANNELS = "channels"
    DRILL = "drill"
    EVIDENCE = "evidence"


class WaitingFor(StrEnum):
    """Who has to act next."""

    SCHOOL = "school"
    HEAD = "head"
    GROUP = "group"


WAITING_FOR = {
    LivingFactKind.QUORUM: WaitingFor.SCHOOL,
    LivingFactKind.CONFIRMATION: WaitingFor.HEAD,
    LivingFactKind.POLICY: WaitingFor.SCHOOL,
    LivingFactKind.CHANNELS: WaitingFor.SCHOOL,
    LivingFactKind.DRILL: WaitingFor.GROUP,
    LivingFactKind.EVIDENCE: WaitingFor.SCHOOL,
}


class KnownDays(Struct, frozen=True):
    """What is known of a school with a certificate in force, as dates; None means never or unknown.

    `begun_on` is the first day of the certificate; the review for it looked at policy and channels.
    `quorum_due_on` is the date by which a gap must be filled, or None if there is no gap. `overdue_on` is the
    last day of the window that closed without a confirmation, `to_confirm_until_on` that of the one that is
    open now.
    """

    begun_on: date
    quorum_due_on: date | None = None
    confirmed_on: date | None = None
    overdue_on: date | None = None
    to_confirm_until_on: date | None = None
    policy_review_on: date | None = None
    phones_tested_on: date | None = None
    drill_on: date | None = None
    drill_answered: bool = False
    evidence_expired_on: date | None = None
    evidence_until_on: date | None = None


class LivingFact(Struct, frozen=True):
    """A fact on a date: whether it is in order, when it last was, and until when it lasts.

    `on` is the date of what is known; if amber, it can be the date since which something is due.
    """

    fact: LivingFactKind
    green: bool
    on: date | None = None
    until: date | None = None

    @property
    def waiting_for(self) -> WaitingFor:
        """Who has to act next."""
        return WAITING_FOR[self.fact]


def living_facts(
    days: KnownDays, today: date, *, drill_months: int, confirm_days: int
) -> tuple[LivingFact, ...]:
    """List each fact as it is on a date. None of them suspends a certificate by itself.

    What the yearly confirmation renews lasts a year plus the second half of its window, so that nothing turns
    amber while there is still time to confirm.
    """
    spare = timedelta(days=confirm_days - confirm_days // 2)
    return (
        _quorum(days),
        _confirmation(days),
        _policy(days, today, spare),
        _channels(days, today, spare),
        _drill(days, today, drill_months),
        _evidence(days),
    )


def _quorum(days: KnownDays) -> LivingFact:
    return LivingFact(LivingFactKind.QUORUM, days.quorum_due_on is None, until=days.quorum_due_on)


def _confirmation(days: KnownDays) -> LivingFact:
    if days.overdue_on is not None:
        return LivingFact(LivingFactKind.CONFIRMATION, green=False, on=days.overdue_on)
    on, until = days.confirmed_on, days.to_confirm_until_on
    return LivingFact(LivingFactKind.CONFIRMATION, green=True, on=on, until=until)


def _policy(days: KnownDays, today: date, spare: timedelta) -> LivingFact:
    until = days.policy_review_on or months_after(days.begun_on, YEAR) + spare
    return LivingFact(LivingFactKind.POLICY, today <= until, until=until)


def _channels(days: KnownDays, today: date, spare: timedelta) -> LivingFact:
    drilled = days.drill_on if days.drill_answered else None
    on = max(filter(None, (days.phones_tested_on, drilled)), default=None)
    # The review for the certificate looked at them, but nobody tested them on its first day.
    until = months_after(max(on or days.begun_on, days.begun_on), YEAR) + spare
    return LivingFact(LivingFactKind.CHANNELS, today <= until, on, until)


def _drill(days: KnownDays, today: date, months: int) -> LivingFact:
    if days.drill_on is None:
        return LivingFact(LivingFactKind.DRILL, green=False)
    until = months_after(days.drill_on, months)
    return LivingFact(LivingFactKind.DRILL, today <= until, days.drill_on, until)


def _evidence(days: KnownDays) -> LivingFact:
    if days.evidence_expired_on is not None:
        return LivingFact(LivingFactKind.EVIDENCE, green=False, on=days.evidence_expired_on)
    return LivingFact(LivingFactKind.EVIDENCE, green=True, until=days.evidence_until_on)
