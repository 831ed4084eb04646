"""The living facts behind a certificate: each is green until a day, or amber, and says whose turn it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cissapp.foundation.core.clock import months_after

YEAR = 12


class Fact(StrEnum):
    """What is looked at."""

    QUORUM = "quorum"
    CONFIRMATION = "confirmation"
    POLICY = "policy"
    CHANNELS = "channels"
    DRILL = "drill"
    EVIDENCE = "evidence"


class Turn(StrEnum):
    """Who does the next thing."""

    SCHOOL = "school"
    HEAD = "head"
    GROUP = "group"


TURNS = {
    Fact.QUORUM: Turn.SCHOOL,
    Fact.CONFIRMATION: Turn.HEAD,
    Fact.POLICY: Turn.SCHOOL,
    Fact.CHANNELS: Turn.SCHOOL,
    Fact.DRILL: Turn.GROUP,
    Fact.EVIDENCE: Turn.SCHOOL,
}

# What holds no person, and cannot be read as a ranking: fit for everybody.
PUBLIC = frozenset({Fact.CONFIRMATION, Fact.POLICY, Fact.CHANNELS, Fact.DRILL})


@dataclass(frozen=True)
class Behind:
    """What is known of a school whose certificate is in force, as plain days; None: never, or not known.

    `begun_on` is the first day of the certificate; the review for it looked at policy and channels.
    `quorum_due_on` is the day until which a gap is to be filled; None, if there is no gap.
    `overdue_on` is the last day of the window that closed without a confirmation, `to_confirm_until_on`
    that of the one that is open now.
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
    evidence_lapsed_on: date | None = None
    evidence_until_on: date | None = None


@dataclass(frozen=True)
class Living:
    """A fact on a day: whether it is as it should be, when it was last so, and until when it lasts.

    `on` is the day of what is known; amber, it can be the day since which something is due.
    """

    fact: Fact
    green: bool
    on: date | None = None
    until: date | None = None

    @property
    def turn(self) -> Turn:
        """Who does the next thing."""
        return TURNS[self.fact]


def living(
    behind: Behind, today: date, *, drill_months: int, confirm_days: int
) -> tuple[Living, ...]:
    """Say of each fact what it is on a day. None of them suspends a certificate by itself.

    What the yearly confirmation renews lasts a year and the second half of its window, so that nothing
    turns amber while there is still time to confirm.
    """
    spare = timedelta(days=confirm_days - confirm_days // 2)
    return (
        _quorum(behind),
        _confirmation(behind),
        _policy(behind, today, spare),
        _channels(behind, today, spare),
        _drill(behind, today, drill_months),
        _evidence(behind),
    )


def _quorum(behind: Behind) -> Living:
    return Living(Fact.QUORUM, behind.quorum_due_on is None, until=behind.quorum_due_on)


def _confirmation(behind: Behind) -> Living:
    if behind.overdue_on is not None:
        return Living(Fact.CONFIRMATION, green=False, on=behind.overdue_on)
    on, until = behind.confirmed_on, behind.to_confirm_until_on
    return Living(Fact.CONFIRMATION, green=True, on=on, until=until)


def _policy(behind: Behind, today: date, spare: timedelta) -> Living:
    until = behind.policy_review_on or months_after(behind.begun_on, YEAR) + spare
    return Living(Fact.POLICY, today <= until, until=until)


def _channels(behind: Behind, today: date, spare: timedelta) -> Living:
    drilled = behind.drill_on if behind.drill_answered else None
    on = max(filter(None, (behind.begun_on, behind.phones_tested_on, drilled)))
    until = months_after(on, YEAR) + spare
    return Living(Fact.CHANNELS, today <= until, on, until)


def _drill(behind: Behind, today: date, months: int) -> Living:
    if behind.drill_on is None:
        return Living(Fact.DRILL, green=False)
    until = months_after(behind.drill_on, months)
    return Living(Fact.DRILL, today <= until, behind.drill_on, until)


def _evidence(behind: Behind) -> Living:
    if behind.evidence_lapsed_on is not None:
        return Living(Fact.EVIDENCE, green=False, on=behind.evidence_lapsed_on)
    return Living(Fact.EVIDENCE, green=True, until=behind.evidence_until_on)
