"""What a demo group does with a dossier: declare, score, recommend, decide, suspend, withdraw."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cissapp.certify.certificates import cures
from cissapp.certify.certificates import queries as certificate_queries
from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.issuer import Issuer
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.actor import SYSTEM
from cissapp.operate.demo import phase_work, visit_work
from cissapp.operate.demo.cast import Fate
from cissapp.operate.demo.school_work import level_of
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import Outcome
from cissapp.review.independence import services as independence
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.queries import reviews_of
from cissapp.review.reviews.rules.references import MECHANISM
from cissapp.review.reviews.rules.standard import needs_attested
from cissapp.review.reviews.services import DecisionInput, ScoreInput

GAPS = ("A5", "B8", "C7")
WITH_GAPS = frozenset({Fate.CHANGES_REQUESTED, Fate.APPEALED, Fate.APPEAL_DECIDED})
SCORED_SO_FAR = 17
QUESTIONS = {
    "A5": "Who keeps the list up to date, and since when?",
    "B8": "Where do the pupils of the second building find the way to report?",
}
LEVEL_WITH_VISIT = 2
REASON = "Page 1 says it clearly, and the contact was tried: somebody answered."
MENDED = "A successor is named and trained since Monday. Her contact is on the notice board."
GAP = "The text names the rule but not who keeps the list up to date. Add the office and a date."


@dataclass(frozen=True)
class Panel:
    """Who assesses, who decides, and who takes the first look and writes second reviews."""

    assessor: User
    decider: User
    coordinator: User


def review(panel: Panel, school: School, fate: Fate, *, issuer: Issuer, at: datetime) -> None:
    """Bring a dossier that was handed in to where its fate leaves it; `at` is its last step."""
    application = applications.open_application(school.id)
    if application is None:
        raise LookupError(school.id)
    content = issuer.content
    if fate is Fate.RETURNED:
        phase_work.sift(school, panel.coordinator, content=content, at=at, back=True)
        return
    under_way = fate in {Fate.IN_REVIEW, Fate.ASKED}
    begun = at - timedelta(days=4 if under_way else 30)
    sifted = begun - timedelta(days=2)
    phase_work.sift(school, panel.coordinator, content=content, at=sifted)
    independence.declare(application, grounds=[], note="", by=panel.assessor, at=begun)
    case = reviews.start_review(application, by=panel.assessor, at=begun)
    gaps = GAPS if fate in WITH_GAPS else ()
    criteria = list(content.standard.criteria)
    if under_way:
        criteria = criteria[:SCORED_SO_FAR]
    reviews.save_scores(
        case,
        [_judgement(criterion, gap=criterion.id in gaps) for criterion in criteria],
        standard=content.standard,
        by=panel.assessor,
        at=begun + timedelta(days=3),
    )
    if fate is Fate.ASKED:
        reviews.ask_school(case, QUESTIONS, by=panel.assessor, at=at)
    elif not under_way:
        _recommend(panel, application, case, fate=fate, issuer=issuer, at=at)


def _judgement(criterion: Criterion, *, gap: bool) -> ScoreInput:
    if not gap:
        return ScoreInput(criterion, level_of(criterion), REASON, [MECHANISM])
    return ScoreInput(criterion, 0 if criterion.part != "C" else 1, GAP, [MECHANISM])


def _recommend(
    panel: Panel,
    application: Application,
    case: Review,
    *,
    fate: Fate,
    issuer: Issuer,
    at: datetime,
) -> None:
    content = issuer.content
    gaps = fate in WITH_GAPS
    outcome = Outcome.MINOR_GAPS if gaps else Outcome.CERTIFIED
    level = None if gaps else 1 + (fate is Fate.CERTIFIED and application.school.code.endswith("0"))
    needs = _needs(panel, application, level, fate=fate, issuer=issuer, at=at)
    reviews.submit_review(
        case,
        reviews.Recommendation(
            outcome=outcome,
            level=level,
            needs=needs,
            summary="The policy is short and clear; the channels were tried and work.",
        ),
        version=case.version,
        standard=content.standard,
        by=panel.assessor,
        at=at - timedelta(days=12),
    )
    differing = fate is Fate.SECOND_REVIEW
    if differing or application.reviews_wanted > 1:
        phase_work.second_review(
            application,
            panel.coordinator,
            content=content,
            at=at - timedelta(days=8),
            differing=differing,
        )
    if fate in {Fate.TO_DECIDE, Fate.SECOND_REVIEW}:
        return
    independence.declare(
        application, grounds=[], note="", by=panel.decider, at=at - timedelta(days=2)
    )
    ruling = DecisionInput(outcome, level, needs, "The scores follow from the evidence.")
    reviews.decide(
        application,
        ruling,
        version=reviews.reviews_version(reviews_of(application, application.round)),
        sha256=case.submission.sha256,
        issuer=issuer,
        by=panel.decider,
        at=at,
    )


def _needs(
    panel: Panel,
    application: Application,
    level: int | None,
    *,
    fate: Fate,
    issuer: Issuer,
    at: datetime,
) -> set[str]:
    """Give what a level needs; hold the interview for it, and for whoever decides in the demo."""
    if level == LEVEL_WITH_VISIT or fate is Fate.TO_DECIDE:
        held_at = at - timedelta(days=13)
        visit_work.hold(application, panel.assessor, content=issuer.content, at=held_at)
    return set(needs_attested(issuer.content.standard.decision, level))


def end(school: School, fate: Fate, *, at: datetime) -> None:
    """Suspend or withdraw the certificate of a school whose fate that is."""
    certificate = certificate_queries.newest_of_school(school.id)
    if certificate is None:
        raise LookupError(school.id)
    since = at - timedelta(days=5)
    if fate is Fate.SUSPENDED:
        reason = "The designated person left, and no successor was named within 60 days."
        certificates.suspend(certificate, reason=reason, cure_days=60, by=SYSTEM, at=since)
        cure, head = cures.open_cure(certificate.id), people_of_school(school.id)[0]
        if cure:
            cures.state(cure, text=MENDED, by=head, at=at - timedelta(days=1))
    else:
        reason = "The reporting channel was closed, and the school did not answer."
        certificates.withdraw(certificate, reason=reason, by=SYSTEM, at=since)
