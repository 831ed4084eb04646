"""Carries out the decision of a panel: the certificate, or a new review by people who took no part."""

from collections.abc import Mapping
from datetime import datetime

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.applications.rules.states import ApplicationOutcome
from cissapp.prepare.applications.services.appeals import (
    appeal_problems,
    certify_on_appeal,
    reopen_on_appeal,
)
from cissapp.review.appeals.models import Appeal, Proposal
from cissapp.review.appeals.queries import hearing
from cissapp.review.independence import services as assignments
from cissapp.review.reviews.rules.outcomes import outcome_problems
from cissapp.review.reviews.services import (
    award_of,
    certify_case,
    standard_of,
    training_problems,
)

Levels = dict[str, int | None]


def _levels(appeal: Appeal, changed: Mapping[str, int]) -> Levels:
    return {**hearing.decided_levels(appeal.decision), **changed}


def certificate_problems(
    appeal: Appeal, level: int | None, changed: Mapping[str, int], issuer: Issuer
) -> list[Problem]:
    """List what forbids a certificate: the decision rule with the panel's levels, the training, a newer case.

    A panel may certify level 1; higher levels need more than scores, which only a review can establish.
    """
    if level is None:
        return [Problem("level", N_("Choose the certificate level."))]
    standard = standard_of(appeal.decision.review.submission, issuer.content)
    found = outcome_problems(
        ApplicationOutcome.CERTIFIED,
        level,
        _levels(appeal, changed),
        standard.decision,
        standard.criteria,
        needs_met=frozenset(),
    )
    found += training_problems(appeal.application, issuer.content)
    return found + appeal_problems(appeal.application)


def certify(appeal: Appeal, proposal: Proposal, issuer: Issuer, *, by: Actor, at: datetime) -> None:
    """Certify the school as the panel ruled; the author of the proposal is recorded as the decider."""
    if proposal.level is None:
        raise ValueError("a certificate has a level")
    certify_on_appeal(appeal.application, level=proposal.level, by=by, at=at)
    award = award_of(
        appeal.decision.review.submission,
        _levels(appeal, proposal.levels),
        level=proposal.level,
        decider_id=proposal.author_id,
        content=issuer.content,
    )
    certify_case(award, issuer, by=by, at=at)


def reopen_for_others(appeal: Appeal, issuer: Issuer, *, by: Actor, at: datetime) -> None:
    """Submit the application again for people who took no part; those who took part stay excluded."""
    reopen_on_appeal(appeal.application, issuer.content, by=by, at=at)
    assignments.release_reviewers(
        appeal.application, reason="A panel returned the case to other people.", by=by, at=at
    )
