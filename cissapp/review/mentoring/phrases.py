"""The texts of a mentoring: who waits, what can be shown, the school's parts, a calendar entry."""

from datetime import timedelta

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.values import Standard
from cissapp.foundation.web import filters
from cissapp.prepare.applications.phrases.mechanism import (
    MechanismTable,
    ShownMechanism,
    agreed_texts,
    spoken,
    steps_table,
    time_limits,
    told_table,
)
from cissapp.prepare.applications.submission_content.evidence import SchoolEvidence
from cissapp.prepare.mechanism.rules import CHANNEL_NAMES
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring.models import MentorMeeting
from cissapp.review.mentoring.rules import (
    MEETING_KIND_NAMES,
    SCORED_PARTS,
    MentorSide,
    SharedPart,
    Wait,
)
from cissapp.review.visits.phrases import AgreedDate, written_entry

LASTS = timedelta(hours=1)


class ShownWait(Struct, frozen=True):
    """Who waits for whom, as a tag."""

    kind: str
    text: str


def shown_wait(wait: Wait | None, reader: MentorSide) -> ShownWait | None:
    """Render, for one side, who is waited for."""
    if wait is None:
        return None
    since = filters.day(wait.since)
    if wait.side is reader:
        return ShownWait("warn", _("Waiting for you since %(day)s", day=since))
    if reader is MentorSide.MENTOR:
        return ShownWait("info", _("Waiting for the school since %(day)s", day=since))
    return ShownWait("info", _("Waiting for your mentor since %(day)s", day=since))


def part_names(standard: Standard, language: str) -> dict[SharedPart, str]:
    """Name the parts of an application that can be shown."""
    titles = standard.rubric_text(language).parts
    scored = {
        one: _(
            "Self-assessment, part %(part)s: %(title)s",
            part=one.value,
            title=titles[one.value].title,
        )
        for one in SCORED_PARTS
    }
    return {**scored, SharedPart.MECHANISM: _("Reporting mechanism")}


class ShownAnswer(Struct, frozen=True):
    """The school's present answer to a criterion."""

    id: str
    title: str
    critical: bool
    level: str
    text: str


def shown_answers(
    standard: Standard, part: SharedPart, evidence: SchoolEvidence, language: str
) -> list[ShownAnswer]:
    """Render the school's present answers to the criteria of a part."""
    scores = evidence.scores
    return [
        ShownAnswer(
            id=one.id,
            title=one.text(language).title,
            critical=one.critical,
            level=_level(evidence, one.id),
            text=scores[one.id].text if one.id in scores else "",
        )
        for one in standard.criteria
        if one.part == part.value
    ]


def _level(evidence: SchoolEvidence, criterion_id: str) -> str:
    score = evidence.scores.get(criterion_id)
    if score is None:
        return str(_("Not answered yet"))
    if score.not_applicable:
        return str(_("Does not apply"))
    return str(_("Level %(level)s", level=score.level))


def shown_reporting(evidence: SchoolEvidence) -> ShownMechanism:
    """Render the reporting mechanism of a school; empty fields are left out."""
    agreed = evidence.mechanism
    tables = [
        MechanismTable(
            _("People who take reports"),
            [_("Job title"), _("Contact"), _("Hours")],
            [[one.office, one.contact, one.hours] for one in evidence.persons],
        ),
        MechanismTable(
            _("Ways to report"),
            [_("How"), _("Kind"), _("Contact"), _("Languages"), _("Hours")],
            [
                [
                    one.description,
                    _(CHANNEL_NAMES[one.kind]),
                    one.contact,
                    spoken(one.languages) or "–",
                    one.hours,
                ]
                for one in evidence.channels
            ],
        ),
        steps_table(evidence.steps),
        told_table(evidence.told),
    ]
    limits, texts = (time_limits(agreed), agreed_texts(agreed)) if agreed else ([], [])
    return ShownMechanism(
        [{"label": label, "value": value} for label, value in limits if value],
        [(title, text) for title, text in texts if text],
        [table for table in tables if table.rows],
    )


def calendar_entry(meeting: MentorMeeting, mentoring: Mentoring, *, address: str) -> bytes:
    """Return an agreed meeting as an iCalendar file (RFC 5545); raise `ValueError` without a date."""
    if meeting.starts_at is None or meeting.agreed_at is None:
        raise ValueError("no date is agreed")
    kind = _(MEETING_KIND_NAMES[meeting.kind])
    entry = AgreedDate(meeting.id, kind, meeting.agreed_at, meeting.starts_at, LASTS)
    return written_entry(entry, mentoring.school, address=address)
