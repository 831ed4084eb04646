"""The yearly confirmation: what the head says, and the mails that ask for it."""

from datetime import UTC, date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import asdict

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.upkeep import mails, queries
from cissapp.certify.upkeep.models import YearConfirmation
from cissapp.certify.upkeep.queries import CONFIRMING_DUTIES, CertificateHolder
from cissapp.certify.upkeep.rules.days import (
    ConfirmationWindow,
    mail_due,
    window_open_on,
    window_to_confirm,
    windows,
)
from cissapp.certify.upkeep.services import sent_mails
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.models import User

TESTED_WITHIN_DAYS = 60


class YearStatement(Struct, frozen=True):
    """The statement about a year: two dates, and numbers. No names."""

    phones_tested_on: date
    policy_review_on: date
    staff_total: int
    staff_trained: int
    classes_taught: int


def confirm_year(
    certificate: Certificate, statement: YearStatement, *, content: Content, by: User, at: datetime
) -> YearConfirmation:
    """Record the head's statement about the year whose window has opened; it may be late."""
    sent_mails.lock_upkeep()
    today = at.astimezone(UTC).date()
    years = {one.year for one in queries.confirmations(certificate.id)}
    window = window_to_confirm(queries.windows_of(certificate, content), years, today)
    found = _problems(statement, window, by, today)
    if found or window is None:
        raise Refused(*found)
    row = YearConfirmation(
        certificate_id=certificate.id,
        certificate=certificate,
        school_id=certificate.school_id,
        year=window.year,
        confirmed_at=at,
        confirmed_by_id=by.id,
        **asdict(statement),
    )
    session.add(row)
    session.flush()
    school_id = certificate.school_id
    record(Event.CONFIRMATION_GIVEN, row, by=by, at=at, school_id=school_id, year=window.year)
    return row


def _problems(
    said: YearStatement, window: ConfirmationWindow | None, by: User, today: date
) -> list[Problem]:
    """List what keeps the year from being confirmed."""
    if by.duty not in CONFIRMING_DUTIES:
        message = N_(
            "The head or a deputy head must give the yearly confirmation. Ask one of them."
        )
        return [Problem("who", message)]
    if window is None:
        message = N_("There is nothing to confirm now. We will email you when it is time.")
        return [Problem("window", message)]
    found = []
    if not today - timedelta(days=TESTED_WITHIN_DAYS) <= said.phones_tested_on <= today:
        message = N_(
            "Enter a date in the last %(days)s days. If it was longer ago, test them again."
        )
        found.append(Problem("phones_tested_on", message, {"days": TESTED_WITHIN_DAYS}))
    if said.policy_review_on <= today:
        found.append(Problem("policy_review_on", N_("Enter a date that is still to come.")))
    if said.staff_trained > said.staff_total:
        message = N_("This is more than the total number of staff. Compare the two numbers.")
        found.append(Problem("staff_trained", message))
    return found


def ask_to_confirm(content: Content, *, at: datetime) -> int:
    """Mail the head when a window opens, and a week before it closes; return how many schools.

    Nothing is sent while the certificate is suspended. Missed days only lose the earlier mail. Each batch of
    schools is committed separately.
    """
    today, days = at.astimezone(UTC).date(), content.standard.decision.upkeep.confirm_days

    def step_of(from_on: date, until_on: date) -> tuple[str, str] | None:
        window = window_open_on(windows(from_on, until_on, days), today)
        call = mail_due(window, today) if window else None
        return (_matter(window), call.value) if window and call else None

    def mail(holder: CertificateHolder, people: list[User]) -> bool:
        return _ask(holder, people, content, at=at)

    return sent_mails.mail_each_due(mail, step_of, at=at)


def _ask(holder: CertificateHolder, people: list[User], content: Content, *, at: datetime) -> bool:
    certificate, today = holder.certificate, at.astimezone(UTC).date()
    window = window_open_on(queries.windows_of(certificate, content), today)
    call = mail_due(window, today) if window else None
    confirmed = {one.year for one in queries.confirmations(certificate.id)}
    if window is None or call is None or window.year in confirmed:
        return False
    to_ask = queries.people_who_confirm(people)
    for person in to_ask:
        mails.ask_to_confirm(person, certificate, window, call, at=at)
    return bool(to_ask)


def _matter(window: ConfirmationWindow) -> str:
    return f"year-{window.year}"
