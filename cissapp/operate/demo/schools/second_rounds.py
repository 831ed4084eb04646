"""A demo school that needed two rounds: minor gaps, closed by the school, then a certificate."""

from datetime import datetime, timedelta

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools import reviews as first_rounds
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.demo.schools.reviews import GAPS, ReviewTeam
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.services import submit_for_school
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.assessment import services as scores
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents.queries import documents
from cissapp.review.reviews import services as reviews

CLOSED = N_(
    "The office that keeps the list is named, with the date of the last check and of the next one."
)
# Days before the certificate: when the first round was submitted and decided, and when the gaps were closed.
SUBMITTED, DECIDED, CLOSED_ON, BEGUN = (timedelta(days=days) for days in (80, 42, 36, 30))


def two_rounds(
    team: ReviewTeam, school: School, head: User, *, issuer: Issuer, at: datetime
) -> None:
    """Decide the first round on minor gaps, let the school close them, and certify it; `at` is its last step."""
    first_rounds.review(team, school, DemoState.CHANGES_REQUESTED, issuer=issuer, at=at - DECIDED)
    _close_gaps(school, head, content=issuer.content, at=at - CLOSED_ON)
    application = applications.open_application(school.id)
    if application is None:
        raise LookupError(school.id)
    standard = issuer.content.standard
    case = reviews.start_review(application, by=team.reviewer, at=at - BEGUN)
    dossier = read_submission(case.submission)
    judgements = [
        first_rounds.judge(one, school.language, gap=False)
        for one in standard.criteria
        if dossier.is_open(one.id)
    ]
    reviews.save_scores(case, judgements, standard=standard, by=team.reviewer, at=at - BEGUN)
    first_rounds.recommend(team, application, case, state=DemoState.CERTIFIED, issuer=issuer, at=at)


def _close_gaps(school: School, head: User, *, content: Content, at: datetime) -> None:
    """Answer the criteria that came back, and submit the application again."""
    application = applications.open_application(school.id)
    open_criteria = (application.open_criteria if application else None) or []
    shown = frozenset(one.id for one in documents(school.id))
    closed = in_language(CLOSED, school.language)
    answers = {
        one: ScoreFacts(3 if one in GAPS[:2] else 2, closed, "", shown, dict.fromkeys(shown, "1"))
        for one in open_criteria
    }
    scores.save_scores(school, answers, standard=content.standard, by=head, at=at)
    submit_for_school(school, content=content, statement_signed=True, by=head, at=at)
