"""What a school has ready, and what it still lacks, as facts for the rules."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_, Problem
from cissapp.learn.learning import queries as learning
from cissapp.learn.learning.queries.schools import TrainingGap
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.queries import invitations_of_school
from cissapp.people.schools.models import School
from cissapp.people.schools.queries.standings import standing_today
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.standards import content_to_answer
from cissapp.prepare.applications.rules import (
    ApplicationFacts,
    ApplicationState,
    LastApplication,
    MissingItem,
)
from cissapp.prepare.applications.submission_content.evidence import (
    POLICY,
    SchoolEvidence,
    gather_evidence,
)
from cissapp.prepare.assessment.rules import score_problems
from cissapp.prepare.assessment.services import is_outdated
from cissapp.prepare.mechanism.rules import RUBRIC_PART, mechanism_problems

REPORTING: tuple[str, dict[str, Any]] = ("mechanism.reporting", {})

# Where there is no head and no deputy, nobody at the school may invite one.
NOBODY = {
    ("head", "deputy"): N_(
        "There is no head or deputy head here. Ask your national group to invite the head."
    ),
    ("designated_person",): N_("There is no designated person here yet. Invite them."),
}
NOBODY_ELSE = N_("Someone who has to pass the modules is not here yet. Invite them.")
INVITED = N_("%(name)s has been invited, but has not joined yet.")

CRITERION_LACKS = {
    "level": N_("%(criterion)s: choose a level."),
    "text": N_("%(criterion)s: explain how the school meets this, or why it does not apply."),
    "documents": N_("%(criterion)s: name at least one document that shows it."),
    "anew": N_("%(criterion)s: read your earlier answer, and save it again if it is still true."),
}


class Readiness(Struct, frozen=True):
    """The facts for the rules, and what they were taken from."""

    facts: ApplicationFacts
    gaps: Sequence[TrainingGap]
    evidence: SchoolEvidence


def last_application_of(newest: Application | None, school: School, today: date) -> LastApplication:
    """Return the newest application and the certificate of a school, as plain values on a day."""
    return LastApplication(
        state=newest.state if newest else None,
        outcome=newest.outcome if newest else None,
        standing=standing_today(school, today),
        valid_until_on=school.valid_until_on,
    )


def gather_readiness(
    application: Application | None,
    school: School,
    content: Content,
    *,
    language: str = "en",
    today: date | None = None,
    reader_id: UUID | None = None,
) -> Readiness:
    """Gather what a school has ready and lacks, in a constant number of queries.

    After changes were requested only the open criteria count, and the reporting mechanism if one of
    them is about it. After a completeness check everything is open. With `today`, answers from before a
    certificate that ended long ago do not count; without it every answer counts. Of several who are equally
    far in the training, the reader is named.
    """
    evidence = gather_evidence(school.id)
    content = content_to_answer(application, content)
    if (
        application is not None
        and application.state is ApplicationState.CHANGES_REQUESTED
        and application.open_criteria is not None
    ):
        again = _again(application, evidence, content, school.language, language)
        return Readiness(again, (), evidence)
    gate = content.standard.decision.gate_duties
    gaps = learning.training_left(school.id, content.modules, gate, reader_id=reader_id)
    facts = ApplicationFacts(
        training_left=_training_left(gaps, school, language),
        documents_left=_documents(evidence),
        mechanism_left=_mechanism(evidence, school.language),
        criteria_left=[
            *_criteria(evidence, content, language),
            *_anew(application, evidence, school, content, language=language, today=today),
        ],
    )
    return Readiness(facts, gaps, evidence)


def _again(
    application: Application,
    evidence: SchoolEvidence,
    content: Content,
    taught_in: str,
    language: str,
) -> ApplicationFacts:
    wanted = application.open_criteria or []
    about_mechanism = any(one.startswith(RUBRIC_PART) for one in wanted)
    left = _criteria(evidence, content, language)
    return ApplicationFacts(
        mechanism_left=_mechanism(evidence, taught_in) if about_mechanism else (),
        criteria_left=[one for one in left if one.kind in wanted],
    )


def _training_left(gaps: Sequence[TrainingGap], school: School, language: str) -> list[MissingItem]:
    alone = any(gap.person is None for gap in gaps)
    invited = invitations_of_school(school.id) if alone else []
    return [_training(gap, invited, language) for gap in gaps]


def _training(gap: TrainingGap, invited: Sequence[Invitation], language: str) -> MissingItem:
    code = "-".join(gap.duties)
    if gap.person is None:
        # Who was invited once must not be invited again: that would end the first link.
        name = next((one.name for one in invited if one.duty in gap.duties), None)
        if name is not None:
            return MissingItem(code, INVITED, ("enrolment.people", {}), {"name": name})
        message = NOBODY.get(gap.duties, NOBODY_ELSE)
        return MissingItem(code, message, ("enrolment.invite_colleague", {}))
    titles = [f"{one.number}. {one.text(language).title}" for one in gap.left]
    return MissingItem(
        code,
        N_("%(name)s still has to pass: %(modules)s."),
        ("learning.modules", {}),
        {"name": gap.person.name, "modules": ", ".join(titles)},
    )


def _documents(evidence: SchoolEvidence) -> list[MissingItem]:
    if evidence.has_policy:
        return []
    message = N_("Upload the school’s safety policy.")
    return [MissingItem(POLICY, message, ("documents.add_document", {}))]


def _mechanism(evidence: SchoolEvidence, taught_in: str) -> list[MissingItem]:
    found = mechanism_problems(evidence.record(taught_in))
    return [MissingItem(one.code, one.message, one.link or REPORTING, one.values) for one in found]


def _criteria(evidence: SchoolEvidence, content: Content, language: str) -> list[MissingItem]:
    found = score_problems(content.standard, evidence.scores, evidence.document_ids)
    return [
        _criterion(criterion_id, problem, content, language)
        for criterion_id, problems in found.items()
        for problem in problems
    ]


def _anew(
    application: Application | None,
    evidence: SchoolEvidence,
    school: School,
    content: Content,
    *,
    language: str,
    today: date | None,
) -> list[MissingItem]:
    """List the answers that are too old to be submitted; none in a later round, which is judged as it is."""
    if today is None or (application and application.state is ApplicationState.CHANGES_REQUESTED):
        return []
    return [
        _criterion(key, Problem("anew", ""), content, language)
        for key, one in evidence.scores.items()
        if key in content.standard.by_id and is_outdated(one, school, today)
    ]


def _criterion(criterion_id: str, problem: Problem, content: Content, language: str) -> MissingItem:
    title = content.standard.by_id[criterion_id].text(language).title
    return MissingItem(
        criterion_id,
        CRITERION_LACKS[problem.code],
        ("assessment.criterion", {"criterion_id": criterion_id}),
        {"criterion": f"{criterion_id} {title}"},
    )
