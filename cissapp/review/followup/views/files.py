"""The list of schools as a file for a spreadsheet."""

from collections.abc import Iterable

from flask_babel import gettext as _

from cissapp.people.enrolment.phrases import EVENT_NAMES
from cissapp.review.followup.phrases import next_actor_of, region_of
from cissapp.review.followup.queries.schools import FollowedSchool
from cissapp.review.followup.rules import STEP_NAMES

FileRow = list[str | int]


def head() -> list[str]:
    """Return the names of the columns."""
    return [
        _("School"),
        _("Code"),
        _("Town or village"),
        _("Region"),
        _("Step"),
        _("Who acts next"),
        _("Days waiting"),
        _("Stuck"),
        _("Deadline"),
        _("Modules passed"),
        _("Modules to pass"),
        _("Last act on"),
        _("Last act"),
    ]


def rows(schools: Iterable[FollowedSchool]) -> list[FileRow]:
    """Return a row for each school; days are written as years, months and days, so that they sort."""
    return [
        [
            school.name,
            school.code,
            school.locality,
            region_of(school),
            _(STEP_NAMES[school.step]),
            next_actor_of(school.step),
            school.waiting_days,
            _("yes") if school.is_stuck else _("no"),
            school.due_on.isoformat() if school.due_on else "",
            school.passed,
            school.to_pass,
            school.last_act_at.date().isoformat() if school.last_act_at else "",
            _(EVENT_NAMES[school.last_event]) if school.last_event else "",
        ]
        for school in schools
    ]
