"""What a demo group does with a dossier: declare, score, recommend, decide, suspend, withdraw."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cissapp.accounts.models import User
from cissapp.applications import queries as applications
from cissapp.applications.models import Application
from cissapp.applications.rules import Outcome
from cissapp.certificates import queries as certificate_queries
from cissapp.certificates import services as certificates
from cissapp.core.actor import SYSTEM
from cissapp.demo.cast import Fate
from cissapp.demo.school_work import level_of
from cissapp.reviews import services as reviews
from cissapp.reviews.models import Review
from cissapp.reviews.rules.standard import needs_attested
from cissapp.reviews.services import Issuing, Ruling
from cissapp.schools.models import School

GAPS = ("A5", "B8", "C7")
SCORED_SO_FAR = 17
REASON = "Page 1 says it clearly, and the contact was tried: somebody answered."
GAP = "The text names the rule but not who keeps the list up to date. Add the office and a date."


@dataclass(frozen=True)
class Panel:
    """Who assesses and who decides."""

    assessor: User
    decider: User


def review(panel: Panel, school: School, fate: Fate, *, issuing: Issuing, at: datetime) -> None:
    """Bring a dossier that was handed in to where its fate leaves it; `at` is its last step."""
    application = applications.open_application(school.id)
    if application is None:
        raise LookupError(school.id)
    content = issuing.content
    begun = at - timedelta(days=4 if fate is Fate.IN_REVIEW else 30)
    reviews.declare(application, grounds=[], note="", by=panel.assessor, at=begun)
    case = reviews.start(application, by=panel.assessor, at=begun)
    gaps = GAPS if fate is Fate.CHANGES_REQUESTED else ()
    criteria = list(content.standard.criteria)
    if fate is Fate.IN_REVIEW:
        criteria = criteria[:SCORED_SO_FAR]
    for criterion in criteria:
        gap = criterion.id in gaps
        reviews.save_score(
            case,
            criterion,
            level=(0 if criterion.part != "C" else 1) if gap else level_of(criterion),
            reason=GAP if gap else REASON,
            standard=content.standard,
            by=panel.assessor,
            at=begun + timedelta(days=3),
        )
    if fate is not Fate.IN_REVIEW:
        _recommend(panel, application, case, fate=fate, issuing=issuing, at=at)


def _recommend(
    panel: Panel,
    application: Application,
    case: Review,
    *,
    fate: Fate,
    issuing: Issuing,
    at: datetime,
) -> None:
    content = issuing.content
    gaps = fate is Fate.CHANGES_REQUESTED
    outcome = Outcome.MINOR_GAPS if gaps else Outcome.CERTIFIED
    level = None if gaps else 1 + (fate is Fate.CERTIFIED and application.school.code.endswith("0"))
    needs = set(needs_attested(content.standard.decision, level))
    reviews.hand_in(
        case,
        recommendation=outcome,
        level=level,
        summary="The policy is short and clear; the channels were tried and work.",
        needs=needs,
        version=case.version,
        standard=content.standard,
        by=panel.assessor,
        at=at - timedelta(days=12),
    )
    if fate is Fate.TO_DECIDE:
        return
    reviews.declare(application, grounds=[], note="", by=panel.decider, at=at - timedelta(days=2))
    ruling = Ruling(outcome, level, needs, "The scores follow from the evidence.")
    reviews.decide(
        application,
        ruling,
        version=case.version,
        sha256=case.submission.sha256,
        issuing=issuing,
        by=panel.decider,
        at=at,
    )


def end(school: School, fate: Fate, *, at: datetime) -> None:
    """Suspend or withdraw the certificate of a school whose fate that is."""
    certificate = certificate_queries.newest_of_school(school.id)
    if certificate is None:
        raise LookupError(school.id)
    if fate is Fate.SUSPENDED:
        reason = "The designated person left, and no successor was named within 60 days."
        certificates.suspend(certificate, reason=reason, by=SYSTEM, at=at)
    else:
        reason = "The reporting channel was closed, and the school did not answer."
        certificates.withdraw(certificate, reason=reason, by=SYSTEM, at=at)
