"""An application as the rules of the briefs ask for it: plain facts of what was submitted."""

from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.db import canonical
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.review.briefs.queries import BriefFacts
from cissapp.review.briefs.rules.changes import ComparableSubmission
from cissapp.review.briefs.rules.risks import (
    Claim,
    DocumentDates,
    MechanismCounts,
    NewestDrill,
    RiskFacts,
)


def risk_facts(known: BriefFacts, standard: Standard) -> RiskFacts:
    """Gather the facts by which risks are found."""
    mechanism, drill = known.dossier.mechanism, known.drill
    shares = [one.in_all / one.staff for one in known.counts]
    return RiskFacts(
        claims=claims_of(known.dossier, standard),
        papers=[
            DocumentDates(str(one.id), one.version.evidence_on, one.version.expires_on)
            for one in known.dossier.documents
        ],
        ways=MechanismCounts(
            ways=len(mechanism.channels),
            trained=sum(one.trained for one in mechanism.persons),
            in_holidays=any(one.in_holidays for one in mechanism.channels),
        ),
        drill=NewestDrill(answered=drill.answered, in_time=drill.in_time) if drill else None,
        staff_share=min(shares, default=None),
        today=known.today,
    )


def claims_of(dossier: SubmissionContent, standard: Standard) -> list[Claim]:
    """List what the school claims of each criterion that it scored, in the order of the rubric."""
    return [
        Claim(
            criterion_id=one.id,
            critical=one.critical,
            level=score.level,
            text_length=len(score.text.strip()),
            documents=len(dossier.documents_of(one.id)),
        )
        for one in standard.criteria
        if (score := dossier.score(one.id)) is not None
    ]


def comparable_submission(dossier: SubmissionContent) -> ComparableSubmission:
    """Return the parts of a submission that are compared; a drill is not a change of the mechanism."""
    mechanism = dossier.mechanism
    lists = (mechanism.persons, mechanism.channels, mechanism.steps)
    return ComparableSubmission(
        documents={str(one.id): one.version.sha256 for one in dossier.documents},
        levels={key: one.level for key, one in dossier.scores.items()},
        mechanism=canonical([repr(mechanism.agreed), *(list(map(repr, one)) for one in lists)]),
    )
