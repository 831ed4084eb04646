"""The list of schools as a file for a spreadsheet, with explanations of its terms."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.sheet_streams import StreamedSheet
from cissapp.people.enrolment.phrases import EVENT_NAMES
from cissapp.review.followup.phrases import definitions, next_actor_of
from cissapp.review.followup.queries.schools import FollowedSchool
from cissapp.review.followup.rules import STEP_NAMES, FollowupStep

FileRow = list[str | int]
NUMBERS, DAYS = frozenset({6, 9, 10}), frozenset({8, 11})


def sheet(batches: Iterable[Iterable[FollowedSchool]], at: datetime) -> StreamedSheet:
    """Return the list as a table that is read while it is written; its texts are fixed now."""
    words = _words()
    return StreamedSheet(
        _("Schools"),
        head(),
        ([_row(school, words) for school in schools] for schools in batches),
        [[_("As of"), filters.moment(at)], *([line] for line in definitions())],
        NUMBERS,
        days=DAYS,
        wide=frozenset({0}),
    )


class _Words(Struct, frozen=True):
    """The texts of a file in the language of the page; it is written after the page's request has ended."""

    language: str
    yes: str
    no: str
    steps: Mapping[FollowupStep, str]
    actors: Mapping[FollowupStep, str]
    events: Mapping[Event, str]


def _words() -> _Words:
    return _Words(
        languages.current(),
        _("yes"),
        _("no"),
        {step: _(name) for step, name in STEP_NAMES.items()},
        {step: next_actor_of(step) for step in FollowupStep},
        {event: _(name) for event, name in EVENT_NAMES.items()},
    )


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
        _("Last activity on"),
        _("Last activity"),
    ]


def _row(school: FollowedSchool, words: _Words) -> FileRow:
    """Return the row of a school; dates are written as year, month and day, so that they sort."""
    return [
        school.name,
        school.code,
        school.locality,
        content().region_name(school.region_code, words.language),
        words.steps[school.step],
        words.actors[school.step],
        school.waiting_days,
        words.yes if school.is_stuck else words.no,
        school.due_on.isoformat() if school.due_on else "",
        school.passed,
        school.to_pass,
        school.last_act_at.date().isoformat() if school.last_act_at else "",
        words.events[school.last_event] if school.last_event else "",
    ]
