"""A demo school answers the questions of the policy studio."""

from datetime import datetime, timedelta

from cissapp.foundation.content.schema.toolkit import FieldKind
from cissapp.foundation.content.toolkit import PolicyQuestion
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.wording import facts_in_language, in_language
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules.parts import EscalationFacts
from cissapp.prepare.policy import services

# Answers other than the defaults: the first option, the least number, or today's date.
OWN = {
    "staff_hours": ["4"],
    "keep_years": ["5"],
    "adults_total": ["62"],
    "adults_signed": ["62"],
    "adults_checked": ["62"],
    "founder": [N_("education department of the district")],
    "it_office": [N_("teacher of computer science")],
    "tools": [N_("learning platform (from 6), video lessons (from 6)")],
}
REVIEW = "next_review"
AGREED = N_("as agreed")
# With these the school names all six bodies of criterion B8.
BODIES = (
    EscalationFacts(
        N_("Hotline"), N_("child sexual abuse material online"), N_("the form on its page")
    ),
    EscalationFacts(N_("Health centre"), N_("injury or crisis"), N_("the number of the centre")),
    EscalationFacts(
        N_("Education department"), N_("what the law requires"), N_("the number of the office")
    ),
)


def answer_all(school: School, head: User, *, content: Content, at: datetime) -> None:
    """Answer every question of the library, and name the bodies that the policy asks for."""
    for body in BODIES:
        mechanism.add_entry(school, facts_in_language(body, school.language), by=head, at=at)
    said = {one.id: _answer(one, school.language, at) for one in content.toolkit.questions}
    services.save_answers(school, said, by=head, at=at)


def _answer(question: PolicyQuestion, language: str, at: datetime) -> list[str]:
    if question.id in OWN:
        return [in_language(one, language) for one in OWN[question.id]]
    kind, today = question.key.kind, at.date()
    if kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        return list(question.key.options[: 1 if kind is FieldKind.CHOICE else 2])
    if kind is FieldKind.YES_NO:
        return ["yes"]
    if kind is FieldKind.DATE:
        day = today + timedelta(days=360) if question.id == REVIEW else today
        return [day.isoformat()]
    agreed = in_language(AGREED, language)
    return [str(question.key.least)] if kind is FieldKind.NUMBER else [agreed]
