"""What a demo group does with an application: declare, score, recommend, decide, suspend, withdraw."""

from datetime import datetime, timedelta

from msgspec import Struct

from cissapp.certify.certificates import queries as certificate_queries
from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.services import cures
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools import completeness_checks, second_reviews, visits
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.demo.schools.preparation import level_of
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.independence import services as independence
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.queries import reviews_of
from cissapp.review.reviews.rules.references import MECHANISM
from cissapp.review.reviews.rules.standard import needs_attested
from cissapp.review.reviews.services import DecisionInput, ScoreInput

GAPS = ("A5", "B8", "C7")
WITH_GAPS = frozenset({DemoState.CHANGES_REQUESTED, DemoState.APPEALED, DemoState.APPEAL_DECIDED})
SCORED_SO_FAR = 17
QUESTIONS = {
    "A5": N_("Who keeps the list up to date, and since when?"),
    "B8": N_("Where do the pupils of the second building find the way to report?"),
}
LEVEL_WITH_VISIT = 2
REASON = N_("Page 1 says it clearly, and the contact was tried: someone answered.")
MENDED = N_(
    "A trained successor has been in post since Monday. Her contact is on the notice board."
)
FOLLOWS = N_("The scores follow from the evidence.")
DEPARTURE = N_("The gaps can be closed within weeks, and the school has said who will do it.")
GAP = N_(
    "The text names the rule but not who keeps the list up to date. Add the office and a date."
)
SUMMARY = N_("The policy is short and clear; the channels were tried and work.")
LEFT = N_("The designated person left, and no successor was named within 60 days.")
SILENT = N_("The reporting channel was closed, and the school did not answer.")


class ReviewTeam(Struct, frozen=True):
    """Who reviews, who decides, and who checks completeness and writes second reviews."""

    reviewer: User
    decider: User
    coordinator: User


def review(
    team: ReviewTeam, school: School, state: DemoState, *, issuer: Issuer, at: datetime
) -> None:
    """Bring a submitted application to the state it is to reach; `at` is its last step."""
    application = applications.open_application(school.id)
    if application is None:
        raise LookupError(school.id)
    content = issuer.content
    if state is DemoState.RETURNED:
        completeness_checks.check(school, team.coordinator, content=content, at=at, back=True)
        return
    under_way = state in {DemoState.IN_REVIEW, DemoState.ASKED}
    begun = at - timedelta(days=4 if under_way else 30)
    sifted = begun - timedelta(days=2)
    completeness_checks.check(school, team.coordinator, content=content, at=sifted)
    independence.declare(application, grounds=[], note="", by=team.reviewer, at=begun)
    case = reviews.start_review(application, by=team.reviewer, at=begun)
    gaps = GAPS if state in WITH_GAPS else ()
    criteria = list(content.standard.criteria)
    if under_way:
        criteria = criteria[:SCORED_SO_FAR]
    reviews.save_scores(
        case,
        [judge(criterion, school.language, gap=criterion.id in gaps) for criterion in criteria],
        standard=content.standard,
        by=team.reviewer,
        at=begun + timedelta(days=3),
    )
    if state is DemoState.ASKED:
        asked = {key: in_language(one, school.language) for key, one in QUESTIONS.items()}
        reviews.ask_school(case, asked, by=team.reviewer, at=at)
    elif not under_way:
        recommend(team, application, case, state=state, issuer=issuer, at=at)


def judge(criterion: Criterion, language: str, *, gap: bool) -> ScoreInput:
    """Return the level that a reviewer gives a criterion, lower where there is a gap."""
    if not gap:
        return ScoreInput(
            criterion, level_of(criterion), in_language(REASON, language), [MECHANISM]
        )
    return ScoreInput(
        criterion, 0 if criterion.part != "C" else 1, in_language(GAP, language), [MECHANISM]
    )


def recommend(
    team: ReviewTeam,
    application: Application,
    case: Review,
    *,
    state: DemoState,
    issuer: Issuer,
    at: datetime,
) -> None:
    """Submit a review and decide on it, as far as the state goes; `at` is the decision."""
    content = issuer.content
    gaps, language = state in WITH_GAPS, application.school.language
    outcome = ApplicationOutcome.MINOR_GAPS if gaps else ApplicationOutcome.CERTIFIED
    level = None if gaps else _level(application, state)
    needs = _needs(team, application, level, state=state, issuer=issuer, at=at)
    recommendation = reviews.Recommendation(outcome, level, needs, in_language(SUMMARY, language))
    differing = state is DemoState.SECOND_REVIEW
    if differing:
        # Before the first review is submitted: the deadline of the decision would begin to run.
        reviews.request_reviews(application, 2, content.standard, by=SYSTEM, at=at)
    reviews.submit_review(
        case,
        recommendation,
        version=case.version,
        standard=content.standard,
        by=team.reviewer,
        at=at - timedelta(days=12),
    )
    if differing or application.reviews_wanted > 1:
        second_reviews.second_review(
            application,
            team.coordinator,
            content=content,
            at=at - timedelta(days=8),
            differing=differing,
        )
    if state in {DemoState.TO_DECIDE, DemoState.SECOND_REVIEW}:
        return
    completeness_checks.declare_once(application, team.decider, at - timedelta(days=2))
    follows, departure = (in_language(one, language) for one in (FOLLOWS, DEPARTURE))
    reviews.decide(
        application,
        DecisionInput(outcome, level, needs, follows, departure=departure),
        version=reviews.reviews_version(reviews_of(application, application.round)),
        sha256=case.submission.sha256,
        issuer=issuer,
        by=team.decider,
        at=at,
    )


def _level(application: Application, state: DemoState) -> int:
    return 1 + (state is DemoState.CERTIFIED and application.school.code.endswith("0"))


def _needs(
    team: ReviewTeam,
    application: Application,
    level: int | None,
    *,
    state: DemoState,
    issuer: Issuer,
    at: datetime,
) -> set[str]:
    """Return what a level needs; hold an interview if it needs one, or if the decision is still to come."""
    if level == LEVEL_WITH_VISIT or state is DemoState.TO_DECIDE:
        held_at = at - timedelta(days=13)
        visits.hold(application, team.reviewer, content=issuer.content, at=held_at)
    return set(needs_attested(issuer.content.standard.decision, level))


def end(school: School, state: DemoState, *, at: datetime) -> None:
    """Suspend or withdraw the certificate of a school in that state."""
    certificate = certificate_queries.newest_of_school(school.id)
    if certificate is None:
        raise LookupError(school.id)
    since = at - timedelta(days=5)
    if state is DemoState.SUSPENDED:
        reason = in_language(LEFT, school.language)
        certificates.suspend(certificate, reason=reason, cure_days=60, by=SYSTEM, at=since)
        cure, head = certificate_queries.open_cure(certificate.id), people_of_school(school.id)[0]
        if cure:
            cures.record_statement(
                cure, text=in_language(MENDED, school.language), by=head, at=at - timedelta(days=1)
            )
    else:
        reason = in_language(SILENT, school.language)
        certificates.withdraw(certificate, reason=reason, by=SYSTEM, at=since)
