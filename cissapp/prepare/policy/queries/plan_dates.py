"""Answers in the studio that the year plan needs: the next policy review, and the training of staff."""

from datetime import date

from msgspec.structs import replace

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_
from cissapp.people.schools.models import School
from cissapp.prepare.plan.rules import Office, PlanDate, PlanKind, SchoolYear, with_done
from cissapp.prepare.policy.models import PolicyAnswer
from cissapp.prepare.policy.queries.rows import answers as answers_of
from cissapp.prepare.policy.rules.answers import day_of

# Criterion C5: all staff are trained every year.
TRAINING_MONTHS = 12


def dates_of(school: School, *, year: SchoolYear, today: date) -> list[PlanDate]:
    """List when the policy is due for review and staff for training, by the school's answers."""
    del today
    answers = answers_of(school.id)
    review, trained = _day(answers.get("next_review")), _day(answers.get("trained_on"))
    found = []
    if review:
        what = N_("Review the safety policy")
        link: tuple[str, dict[str, str]] = ("policy.studio", {})
        kind, office = PlanKind.POLICY_REVIEW, Office.HEAD
        found.append(PlanDate(kind, f"{year.first}-1", what, review, office, ("A16",), link=link))
    if trained and year.has(trained):
        found += with_done(PlanKind.TRAINING, year, [trained])
    elif trained and year.has(again := months_after(trained, TRAINING_MONTHS)):
        (standing,) = with_done(PlanKind.TRAINING, year, [])
        found.append(replace(standing, day=again, is_suggestion=False))
    return found


def _day(answer: PolicyAnswer | None) -> date | None:
    return day_of(answer.said) if answer else None
