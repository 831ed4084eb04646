"""Reads for the upkeep of certificates."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.upkeep.models import QuorumGap, YearConfirmation
from cissapp.certify.upkeep.rules.days import (
    ConfirmationWindow,
    overdue_window,
    window_to_confirm,
    windows,
)
from cissapp.certify.upkeep.rules.living_facts import KnownDays, LivingFact, living_facts
from cissapp.certify.upkeep.rules.quorum import Quorum, SchoolMember
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import ModulePass
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.people.schools.queries.standings import standing_today
from cissapp.people.schools.rules import IN_FORCE, Standing
from cissapp.prepare.documents.queries import CertifiedDocument, certified_documents
from cissapp.prepare.drills.queries import newest_result

POLICY = "POL"
# Schools whose certificate has not expired yet: someone may still have to act.
HOLDING_CERTIFICATE = IN_FORCE | {Standing.SUSPENDED}
CONFIRMING_DUTIES = (Duty.HEAD, Duty.DEPUTY)


class CertificateHolder(Struct, frozen=True):
    """A school with the certificate that counts today, and whether the next one was decided."""

    school: School
    certificate: Certificate
    renewed: bool

    @property
    def since(self) -> datetime:
        """The time from which the certificate counts."""
        begun = datetime.combine(self.certificate.valid_from_on, time(), tzinfo=UTC)
        return max(begun, self.certificate.issued_at)

    @property
    def counts(self) -> bool:
        """Whether the certificate is neither suspended, nor withdrawn, nor replaced."""
        last = self.certificate.entries[-1].event
        return last in {RegisterEvent.ISSUED, RegisterEvent.REINSTATED}


# --- schools that hold a certificate -----------------------------------------------------------


def holds_certificate(school: School, today: date) -> bool:
    """Return whether a school has a certificate today, suspended or not, that someone may have to act on."""
    return standing_today(school, today) in HOLDING_CERTIFICATE


def holders_of(school_ids: Sequence[UUID], today: date) -> list[CertificateHolder]:
    """List those of these schools that hold a certificate today."""
    query = select(Certificate).where(Certificate.school_id.in_(school_ids))
    by_school: dict[UUID, list[Certificate]] = defaultdict(list)
    for one in session.scalars(query.order_by(Certificate.cycle.desc())):
        by_school[one.school_id].append(one)
    found = (_holder(rows, today) for rows in by_school.values())
    return [one for one in found if one and holds_certificate(one.school, today)]


def _holder(rows: list[Certificate], today: date) -> CertificateHolder | None:
    current = next((one for one in rows if _is_issued(one) and one.valid_from_on <= today), None)
    if current is None or current.valid_until_on < today:
        return None
    later = [one for one in rows if one.cycle > current.cycle]
    return CertificateHolder(current.school, current, any(_may_follow(one) for one in later))


def _is_issued(certificate: Certificate) -> bool:
    return any(entry.event is RegisterEvent.ISSUED for entry in certificate.entries)


def _may_follow(certificate: Certificate) -> bool:
    """Return whether a later certificate was decided, issued already or not, and not ended again."""
    return bool(certificate.entries) and certificate.entries[-1].event not in {
        RegisterEvent.WITHDRAWN,
        RegisterEvent.VOIDED,
    }


def members_of(
    school_ids: Collection[UUID], module_ids: Collection[str]
) -> dict[UUID, list[SchoolMember]]:
    """List everyone who is or was at these schools, with when they finished training; two queries."""
    people = session.execute(
        select(
            *(User.id, User.school_id, User.duty),
            *(User.joined_at, User.deactivated_at, User.duty_since),
        ).where(User.school_id.in_(school_ids))
    )
    passes = session.execute(
        select(ModulePass.user_id, func.count(), func.max(ModulePass.passed_at))
        .where(
            ModulePass.user_id.in_(select(User.id).where(User.school_id.in_(school_ids))),
            ModulePass.module_id.in_(module_ids),
        )
        .group_by(ModulePass.user_id)
    )
    trained = {user_id: at for user_id, count, at in passes if count == len(module_ids)}
    found: dict[UUID, list[SchoolMember]] = defaultdict(list)
    for one in people:
        if one.school_id and one.duty:
            member = SchoolMember(
                one.duty.value,
                one.joined_at,
                one.deactivated_at,
                trained.get(one.id),
                one.duty_since,
            )
            found[one.school_id].append(member)
    return found


def quorum_of(country_code: str, content: Content) -> Quorum:
    """Return what is required of a country's schools: the duties that must be trained, and its number."""
    duties = tuple(tuple(group) for group in content.standard.decision.gate_duties)
    return Quorum(duties, content.certificate_terms(country_code).trained_people)


# --- gaps and confirmations --------------------------------------------------------------------


def open_gap(school_id: UUID) -> QuorumGap | None:
    """Find the open gap in the quorum of a school."""
    return session.scalar(
        select(QuorumGap).where(QuorumGap.school_id == school_id, QuorumGap.ended_at.is_(None))
    )


def open_gaps(school_ids: Sequence[UUID] | None = None) -> list[QuorumGap]:
    """List the open gaps of these schools, or of all."""
    query = select(QuorumGap).where(QuorumGap.ended_at.is_(None))
    if school_ids is not None:
        query = query.where(QuorumGap.school_id.in_(school_ids))
    return list(session.scalars(query.order_by(QuorumGap.lost_at, QuorumGap.id)))


def gap_deadline(gap: QuorumGap) -> Deadline | None:
    """Find the open deadline of a gap."""
    return open_deadline(DeadlineKind.QUORUM, gap.id)


def confirmations(certificate_id: UUID) -> list[YearConfirmation]:
    """List the confirmations of a certificate, newest year first."""
    query = select(YearConfirmation).where(YearConfirmation.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(YearConfirmation.year.desc())))


def windows_of(certificate: Certificate, content: Content) -> list[ConfirmationWindow]:
    """List the windows in which the years of a certificate are confirmed."""
    days = content.standard.decision.upkeep.confirm_days
    return windows(certificate.valid_from_on, certificate.valid_until_on, days)


def overdue_window_of(
    certificate: Certificate, content: Content, today: date
) -> ConfirmationWindow | None:
    """Find the earliest window of a certificate that closed without a confirmation."""
    years = {one.year for one in confirmations(certificate.id)}
    return overdue_window(windows_of(certificate, content), years, today)


# --- people ------------------------------------------------------------------------------------


def people_who_confirm(people: list[User]) -> list[User]:
    """List the head and the deputies among the people of a school; without them, everybody of it."""
    return [one for one in people if one.duty in CONFIRMING_DUTIES] or people


def people_to_remind(school: School, people: list[User]) -> list[User]:
    """List two people to remind: head or deputy, and designated person; else coordinators."""
    head = [one for one in people if one.duty in CONFIRMING_DUTIES][:1]
    designated = [one for one in people if one.duty is Duty.DESIGNATED_PERSON][:1]
    found = [*head, *designated]
    missing = 2 - len(found)
    return [*found, *coordinators_of_group(school.group_id)[:missing]] if missing else found


# --- the living facts --------------------------------------------------------------------------


def living_facts_of(school: School, content: Content, today: date) -> tuple[LivingFact, ...]:
    """List the facts behind the school's certificate as they are today; none without a certificate."""
    certificate = certificates.in_use(school.id, today)
    if certificate is None or not holds_certificate(school, today):
        return ()
    upkeep = content.standard.decision.upkeep
    return living_facts(
        _known_days(school, certificate, content, today),
        today,
        drill_months=upkeep.drill_months,
        confirm_days=upkeep.confirm_days,
    )


def _known_days(
    school: School, certificate: Certificate, content: Content, today: date
) -> KnownDays:
    gap = open_gap(school.id)
    clock = gap_deadline(gap) if gap else None
    newest = next(iter(confirmations(certificate.id)), None)
    missed = overdue_window_of(certificate, content, today)
    drill = newest_result(school.id)
    documents = certified_documents(school.id)
    expiring = [on for one in documents if (on := one.newest.expires_on)]
    return KnownDays(
        begun_on=certificate.valid_from_on,
        quorum_due_on=clock.due_on if clock else None,
        confirmed_on=newest.confirmed_at.date() if newest else None,
        overdue_on=missed.closes_on if missed else None,
        to_confirm_until_on=_open_window_closes_on(certificate, content, today),
        policy_review_on=newest.policy_review_on if newest else _policy_day(documents),
        phones_tested_on=newest.phones_tested_on if newest else None,
        drill_on=drill.finished_on if drill else None,
        drill_answered=drill.answered if drill else False,
        evidence_expired_on=min((on for on in expiring if on < today), default=None),
        evidence_until_on=min((on for on in expiring if on >= today), default=None),
    )


def _open_window_closes_on(certificate: Certificate, content: Content, today: date) -> date | None:
    """Find the last day of the window that is open and not confirmed."""
    years = {one.year for one in confirmations(certificate.id)}
    window = window_to_confirm(windows_of(certificate, content), years, today)
    return window.closes_on if window and today <= window.closes_on else None


def _policy_day(documents: Sequence[CertifiedDocument]) -> date | None:
    """Find the day until which the policy holds; a newer version without one leaves the accepted day."""
    policies = [one for one in documents if one.evidence_code == POLICY]
    days = [one.newest.expires_on or one.accepted_until_on for one in policies]
    return max((on for on in days if on), default=None)
