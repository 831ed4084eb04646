"""Redacts one part of every submission of a school, and of its current texts."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.safeguards.models import Removal
from cissapp.foundation.safeguards.rules import TOMBSTONE
from cissapp.foundation.safeguards.services import amend
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.facts.services import forget_texts
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    ToldOffice,
)
from cissapp.prepare.plan.models import PlannedAction

LISTS = ("persons", "channels", "steps", "told")
# The fields of a list entry that hold text written by people; the rest are choices.
TEXTS = ("office", "contact", "hours", "description", "body", "when_called", "learns")
# The tables of a school's current texts, with the columns that hold text written by people.
HOLDERS: dict[type[Any], tuple[str, ...]] = {
    SelfScore: ("text", "pages"),
    ReportingMechanism: (
        "confidentiality",
        "no_retaliation",
        "about_staff",
        "evidence_rule",
        "out_of_hours",
        "holiday_cover",
        "parents_contact",
    ),
    ReportingPerson: ("office", "contact", "hours"),
    ReportingChannel: ("description", "contact", "hours"),
    EscalationStep: ("body", "when_called", "contact"),
    ToldOffice: ("office", "learns"),
    PlannedAction: ("what", "who"),
}
Raw = dict[str, Any]
Change = Callable[[Raw], set[str]]


def redact_submissions(
    school_id: UUID, removal: Removal, change: Change, *, at: datetime
) -> set[str]:
    """Apply a change to every submission of a school, and return the texts that were removed.

    The hash of what was submitted stays; the salt goes too, so that nobody can test guesses against it.
    """
    gone: set[str] = set()
    query = (
        select(Submission)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.school_id == school_id)
        .order_by(Submission.submitted_at)
    )
    for submission in session.scalars(query):
        raw = json.loads(submission.content)
        gone |= change(raw)
        raw.pop("salt", None)
        text = canonical(raw)
        if canonical({**json.loads(submission.content), "salt": None}) != canonical(
            {**raw, "salt": None}
        ):
            amend(removal, submission.id, text, at=at)
            submission.content = text
            session.flush()
    return gone - {TOMBSTONE, ""}


def redact_current_texts(school_id: UUID, gone: set[str]) -> None:
    """Replace these texts wherever the school has them today."""
    for row, name in _holding(school_id, gone):
        setattr(row, name, TOMBSTONE)
    session.flush()
    forget_texts(school_id, gone)


def _holding(school_id: UUID, gone: set[str]) -> Iterator[tuple[Any, str]]:
    for kind, names in HOLDERS.items():
        for row in session.scalars(select(kind).where(kind.school_id == school_id)):
            for name in names:
                if getattr(row, name) in gone:
                    yield row, name


def redact_version(version_id: UUID, *, title_too: bool) -> Change:
    """Redact the file's name, and the title of its document, if that reveals too much."""

    def change(raw: Raw) -> set[str]:
        for document in raw["documents"]:
            if document["version"]["id"] == str(version_id):
                document["version"]["file_name"] = TOMBSTONE
                document["title"] = TOMBSTONE if title_too else document["title"]
        return set()

    return change


def redact_score(criterion_id: str) -> Change:
    """Redact what the school wrote on a criterion."""

    def change(raw: Raw) -> set[str]:
        said = raw["scores"].get(criterion_id)
        return _replaced(said, ("text", "pages")) if said else set()

    return change


def redact_rule(name: str) -> Change:
    """Redact a text of the reporting mechanism."""
    return lambda raw: _replaced(raw["mechanism"]["agreed"], (name,))


def redact_entry(part: str, texts: set[str]) -> Change:
    """Redact these texts in a list of the reporting mechanism."""

    def change(raw: Raw) -> set[str]:
        gone: set[str] = set()
        for one in raw["mechanism"].get(part, ()):
            gone |= _replaced(one, [name for name in TEXTS if one.get(name) in texts])
        for name in ("about_head", "about_person"):
            if raw["mechanism"].get(name) in texts:
                raw["mechanism"][name] = TOMBSTONE
        return gone

    return change


def texts_of_entry(facts: Any) -> set[str]:
    """Return the texts of a list entry that people wrote."""
    return {value for name in TEXTS if (value := getattr(facts, name, None))}


def _replaced(facts: Raw, names: Any) -> set[str]:
    gone = {facts[name] for name in names if facts.get(name)}
    for name in names:
        if facts.get(name):
            facts[name] = TOMBSTONE
    return gone
