"""What pupils of a demo school know, before the lessons and after: two rounds, the second one still open."""

from datetime import date, datetime, timedelta

from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.awareness import services
from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.rules.questions import Question
from cissapp.prepare.awareness.rules.rounds import RoundFacts, RoundKind
from cissapp.prepare.plan import services as plan
from cissapp.prepare.plan.rules import PlanKind, SchoolYear

# Of every ten pupils, how many answer each question well: before, and after.
KNOW_BEFORE = {
    Question.IN_SCHOOL: 5,
    Question.OUTSIDE: 4,
    Question.WOULD_TELL: 6,
    Question.POSTER: 3,
}
KNOW_AFTER = {
    Question.IN_SCHOOL: 9,
    Question.OUTSIDE: 9,
    Question.WOULD_TELL: 8,
    Question.POSTER: 10,
}
BEFORE, AFTER = N_("Before, classes 5 to 7"), N_("After, classes 5 to 7")
OTHER = {Question.IN_SCHOOL: "one"}
GOOD = {Question.IN_SCHOOL: "two"}


def ask(school: School, head: User, *, at: datetime) -> None:
    """Ask pupils before the lessons and again after, and mark one step of the year plan as done."""
    first_at = at - timedelta(days=40)
    facts = RoundFacts(in_language(BEFORE, school.language), RoundKind.BEFORE, 24, _end(first_at))
    first = services.open_round(school, facts, by=head, at=first_at)
    _answer(first, 24, KNOW_BEFORE, first_at)
    services.end_round(first, by=head, at=first_at + timedelta(days=3))
    second_at = at - timedelta(days=1)
    facts = RoundFacts(
        in_language(AFTER, school.language), RoundKind.AFTER, 40, _end(second_at), first.id
    )
    second = services.open_round(school, facts, by=head, at=second_at)
    _answer(second, 21, KNOW_AFTER, second_at)
    key = f"{PlanKind.TIMETABLE.value}-{SchoolYear.of(at.date()).first}-1"
    plan.settle_date(school, key, is_done=True, by=head, at=at)


def _end(at: datetime) -> date:
    return at.date() + timedelta(days=14)


def _answer(asked: AwarenessRound, pupils: int, know: dict[Question, int], at: datetime) -> None:
    for number in range(pupils):
        chosen = {
            question: GOOD.get(question, "yes")
            if number * 7 % 10 < tenths
            else OTHER.get(question, "no")
            for question, tenths in know.items()
        }
        services.count_answer(asked, chosen, f"demo {number}", today=at.date())
