"""Gathers what a school has and what it still lacks, for the rules. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_, Problem
from cissapp.learn.learning import queries as learning
from cissapp.learn.learning.queries import TrainingGap
from cissapp.people.schools.models import School
from cissapp.prepare.applications.dossier import Dossier, dossier_of
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import Before, Facts, Missing, State
from cissapp.prepare.assessment.rules import score_problems
from cissapp.prepare.assessment.services import is_past
from cissapp.prepare.mechanism.rules import MECHANISM_PART, mechanism_problems

POLICY = "POL"

REPORTING: tuple[str, dict[str, Any]] = ("mechanism.reporting", {})

NOBODY = {
    ("head", "deputy"): N_("Nobody here is head or deputy head yet. Invite one of them."),
    ("designated_person",): N_("Nobody here is the designated person yet. Invite that person."),
}
NOBODY_ELSE = N_("A person who has to pass the modules is not here yet. Invite that person.")

CRITERION_LACKS = {
    "level": N_("%(criterion)s: choose a level."),
    "text": N_("%(criterion)s: say how the school meets this, or why it does not apply."),
    "documents": N_("%(criterion)s: name at least one document that shows it."),
    "anew": N_("%(criterion)s: read your earlier answer, and save it again if it still holds."),
}


@dataclass(frozen=True)
class Gathered:
    """The facts for the rules, and what they were taken from."""

    facts: Facts
    gaps: Sequence[TrainingGap]
    dossier: Dossier


def before_of(newest: Application | None, school: School) -> Before:
    """Say what the school has behind it, as plain values."""
    return Before(
        state=newest.state if newest else None,
        outcome=newest.outcome if newest else None,
        standing=school.standing,
        valid_until_on=school.valid_until_on,
    )


def gathered(
    application: Application | None,
    school: School,
    content: Content,
    *,
    language: str = "en",
    today: date | None = None,
) -> Gathered:
    """Gather what the dossier has and lacks, in a constant number of queries.

    When changes were requested only the open criteria count, and the reporting mechanism if one of
    them is about it. What the sift sent back is open as a whole. `today` is asked for answers from before a
    certificate that ended long ago; without it every answer counts.
    """
    dossier = dossier_of(school.id)
    if (
        application is not None
        and application.state is State.CHANGES_REQUESTED
        and application.open_criteria is not None
    ):
        again = _again(application, dossier, content, school.language, language)
        return Gathered(again, (), dossier)
    gate = content.standard.decision.gate_duties
    gaps = learning.training_left(school.id, content.modules, gate)
    facts = Facts(
        training_left=[_training(gap, language) for gap in gaps],
        documents_left=_documents(dossier),
        mechanism_left=_mechanism(dossier, school.language),
        criteria_left=[
            *_criteria(dossier, content, language),
            *_anew(application, dossier, school, content, language=language, today=today),
        ],
    )
    return Gathered(facts, gaps, dossier)


def _again(
    application: Application, dossier: Dossier, content: Content, taught_in: str, language: str
) -> Facts:
    wanted = application.open_criteria or []
    about_mechanism = any(one.startswith(MECHANISM_PART) for one in wanted)
    left = _criteria(dossier, content, language)
    return Facts(
        mechanism_left=_mechanism(dossier, taught_in) if about_mechanism else (),
        criteria_left=[one for one in left if one.kind in wanted],
    )


def _training(gap: TrainingGap, language: str) -> Missing:
    if gap.person is None:
        message = NOBODY.get(gap.duties, NOBODY_ELSE)
        return Missing("-".join(gap.duties), message, ("enrolment.invite_colleague", {}))
    titles = [f"{one.number}. {one.text(language).title}" for one in gap.left]
    return Missing(
        "-".join(gap.duties),
        N_("%(name)s still has to pass: %(modules)s."),
        ("learning.modules", {}),
        {"name": gap.person.name, "modules": ", ".join(titles)},
    )


def _documents(dossier: Dossier) -> list[Missing]:
    if any(one.evidence_code == POLICY for one in dossier.documents):
        return []
    message = N_("Upload the school’s safety policy.")
    return [Missing(POLICY, message, ("documents.add_document", {}))]


def _mechanism(dossier: Dossier, taught_in: str) -> list[Missing]:
    found = mechanism_problems(dossier.record(taught_in))
    return [Missing(one.code, one.message, one.link or REPORTING, one.values) for one in found]


def _criteria(dossier: Dossier, content: Content, language: str) -> list[Missing]:
    found = score_problems(content.standard, dossier.scores, dossier.document_ids)
    return [
        _criterion(criterion_id, problem, content, language)
        for criterion_id, problems in found.items()
        for problem in problems
    ]


def _anew(
    application: Application | None,
    dossier: Dossier,
    school: School,
    content: Content,
    *,
    language: str,
    today: date | None,
) -> list[Missing]:
    """List the answers that are too old to be handed in; what came back in a later round is judged as it is."""
    if today is None or (application and application.state is State.CHANGES_REQUESTED):
        return []
    return [
        _criterion(one.criterion_id, Problem("anew", ""), content, language)
        for one in dossier.scores.values()
        if one.criterion_id in content.standard.by_id and is_past(one, school, today)
    ]


def _criterion(criterion_id: str, problem: Problem, content: Content, language: str) -> Missing:
    title = content.standard.by_id[criterion_id].text(language).title
    return Missing(
        criterion_id,
        CRITERION_LACKS[problem.code],
        ("assessment.criterion", {"criterion_id": criterion_id}),
        {"criterion": f"{criterion_id} {title}"},
    )
