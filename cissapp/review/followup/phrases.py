"""Sentences about schools that are followed up."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import languages, regions
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.people.enrolment.phrases import EVENT_NAMES
from cissapp.review.followup.queries.schools import FollowedSchool
from cissapp.review.followup.rules import (
    ACTS_NEXT,
    NEXT_ACTOR_NAMES,
    STEP_NAMES,
    STUCK_AFTER_DAYS,
    FollowupStep,
    NextActor,
)

IN_TRAINING = frozenset({FollowupStep.INVITED, FollowupStep.TRAINING})


def place_of(school: FollowedSchool) -> str:
    """Write where a school is: its town and region."""
    return f"{school.locality}, {region_of(school)}"


def region_of(school: FollowedSchool) -> str:
    """Name the region of a school in the language of the page."""
    return content().region_place(school.region_code, languages.current())


def region_choices(country_codes: Iterable[str], chosen: str | None) -> list[tuple[str, str]]:
    """List the regions of countries by their names, to filter by."""
    known = content().countries
    packs = [known[one] for one in country_codes if one in known]
    return regions.filter_choices(packs, languages.current(), chosen)


def next_actor_of(step: FollowupStep) -> str:
    """Name who acts next."""
    return str(_(NEXT_ACTOR_NAMES[ACTS_NEXT[step]]))


def wait_of(school: FollowedSchool) -> str:
    """Write how long a school has been silent, or has been waiting for the group."""
    if ACTS_NEXT[school.step] is NextActor.NOBODY:
        return ""
    if ACTS_NEXT[school.step] is NextActor.SCHOOL:
        return str(
            ngettext(
                "no activity for %(num)d day",
                "no activity for %(num)d days",
                school.waiting_days,
            )
        )
    return str(ngettext("waiting for %(num)d day", "waiting for %(num)d days", school.waiting_days))


def last_act_of(school: FollowedSchool) -> str:
    """Write what the school did last, and when."""
    if school.last_act_at is None or school.last_event is None:
        return str(_("no activity by the school yet"))
    what = _(EVENT_NAMES[school.last_event])
    return str(_("last activity on %(day)s: %(what)s", day=day(school.last_act_at), what=what))


def details_of(school: FollowedSchool) -> str:
    """Write the line below the name of a school."""
    parts = [
        place_of(school),
        _("next: %(who)s", who=next_actor_of(school.step)),
        wait_of(school),
        _("due %(day)s", day=day(school.due_on)) if school.due_on else "",
        _("%(passed)s of %(total)s modules passed", passed=school.passed, total=school.to_pass)
        if school.step in IN_TRAINING
        else "",
        last_act_of(school),
    ]
    return BETWEEN_FACTS.join(part for part in parts if part)


def definitions() -> list[str]:
    """Render for each step the number of days after which a school counts as stuck."""
    return [
        ngettext(
            "%(step)s: after %(num)d day",
            "%(step)s: after %(num)d days",
            days,
            step=_(STEP_NAMES[step]),
        )
        for step, days in STUCK_AFTER_DAYS.items()
    ]


def state_of(school: FollowedSchool) -> tuple[str, str]:
    """Return the sign and the words of a school’s step."""
    if school.is_stuck:
        return "warn", _("Stuck: %(step)s", step=_(STEP_NAMES[school.step]))
    kind = "ok" if school.step is FollowupStep.NOTHING else "info"
    return kind, _(STEP_NAMES[school.step])
