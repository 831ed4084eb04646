"""When the next application of a school may open."""

from datetime import date

from msgspec import Struct

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.schools.rules import Standing
from cissapp.prepare.applications.rules.states import ApplicationOutcome, ApplicationState


class LastApplication(Struct, frozen=True):
    """A school's newest application, and the status of its certificate today."""

    state: ApplicationState | None = None
    outcome: ApplicationOutcome | None = None
    standing: Standing = Standing.NONE
    valid_until_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether an application is in progress."""
        return self.state not in {None, ApplicationState.DECIDED, ApplicationState.WITHDRAWN}

    @property
    def holds_certificate(self) -> bool:
        """Whether there is a certificate whose last day is still to come."""
        return self.outcome is ApplicationOutcome.CERTIFIED and self.standing in {
            Standing.VALID,
            Standing.EXPIRING,
            Standing.SUSPENDED,
        }


def opens_by_itself(before: LastApplication) -> bool:
    """Check whether submitting opens the application: the first one, or one after a withdrawal."""
    return before.state in {None, ApplicationState.WITHDRAWN}


def opens_on(before: LastApplication, months: int) -> date | None:
    """Return the day from which the next application may open; None, if no day decides that."""
    if not before.holds_certificate or before.valid_until_on is None:
        return None
    return months_after(before.valid_until_on, -months)


def opening_problems(before: LastApplication, months: int, today: date) -> list[Problem]:
    """List why no application may be opened now: one is open, or the certificate is too fresh."""
    if before.is_open:
        return [Problem("open", N_("This school already has an open application."))]
    day = opens_on(before, months)
    if day is None or today >= day:
        return []
    message = N_(
        "The next application opens on %(day)s, %(months)s months before the certificate ends."
    )
    return [Problem("early", message, {"day": day, "months": months})]
