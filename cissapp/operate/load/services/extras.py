"""Gives pattern schools what some schools have besides: a mentor, drafts, a complaint, a handover, a vacancy, a hold."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.operate.demo.schools import appeals, handovers, independence
from cissapp.operate.demo.schools.people import SchoolStory, StoryContext
from cissapp.operate.load.rules.spread import Extra
from cissapp.oversee.personal_data.services.holds import hold_school
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.accounts.rules import Duty
from cissapp.people.drafts import services as drafts
from cissapp.people.drafts.rules import DraftEntry
from cissapp.people.schools.models import School
from cissapp.review.independence import services as participants

DAY = timedelta(days=1)
DRAFTS = 2
HELD = "A court has asked to keep everything about this school until it has decided."
TYPED = "Who keeps the list, and since when: to be asked on Monday."


def add_extra(stage: StoryContext, tale: SchoolStory, school: School, extra: Extra) -> None:
    """Add to a school what it has besides, as of today."""
    add = EXTRAS.get(extra)
    if add is not None:
        with clock.at(stage.now), unit_of_work():
            add(stage, tale, session.merge(school, load=False))


def _person(school: School, duty: Duty) -> User:
    return next(one for one in people_of_school(school.id) if one.duty is duty)


def _mentor(stage: StoryContext, tale: SchoolStory, school: School) -> None:
    _reviewer, second, coordinator = (session.merge(one) for one in stage.staff[tale.country.code])
    mentoring = participants.enter_mentoring(
        school, second.id, (stage.now - 40 * DAY).date(), None, by=coordinator, at=stage.now
    )
    independence.talk(mentoring, stage.now)


def _draft(stage: StoryContext, _tale: SchoolStory, school: School) -> None:
    head = _person(school, Duty.HEAD)
    for criterion in stage.issuer.content.standard.criteria[:DRAFTS]:
        page = f"/school/self-assessment/{criterion.id}"
        text, empty = {"text": [TYPED]}, {"text": ""}
        entry = DraftEntry(page, "SelfScoreForm", "hand", text, empty, title=criterion.id)
        drafts.save(entry, by=head, at=stage.now - DAY)


def _complain(stage: StoryContext, tale: SchoolStory, school: School) -> None:
    appeals.complain(stage, tale, school, answered=False)


def _complain_and_answer(stage: StoryContext, tale: SchoolStory, school: School) -> None:
    appeals.complain(stage, tale, school, answered=True)


def _hand_over(stage: StoryContext, _tale: SchoolStory, school: School) -> None:
    handovers.hand_over(school, _person(school, Duty.HEAD), at=stage.now - 2 * DAY)


def _leave(stage: StoryContext, _tale: SchoolStory, school: School) -> None:
    """Close the account of the designated person, of whom the standard wants one."""
    head = _person(school, Duty.HEAD)
    accounts.deactivate(_person(school, Duty.DESIGNATED_PERSON), by=head, at=stage.now - 9 * DAY)


def _hold(stage: StoryContext, tale: SchoolStory, school: School) -> None:
    coordinator = session.merge(stage.staff[tale.country.code][2])
    until_on = clock.months_after(stage.now.date(), 12)
    hold_school(school, HELD, until_on, by=coordinator, at=stage.now)


EXTRAS: Mapping[Extra, Callable[[StoryContext, SchoolStory, School], None]] = MappingProxyType(
    {
        Extra.MENTOR: _mentor,
        Extra.DRAFTS: _draft,
        Extra.COMPLAINT: _complain,
        Extra.ANSWERED_COMPLAINT: _complain_and_answer,
        Extra.HANDOVER: _hand_over,
        Extra.VACANCY: _leave,
        Extra.HOLD: _hold,
    }
)
