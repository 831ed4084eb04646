"""Reads the canonical text of a submission back into values."""

import json
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.safeguards.queries import amended_sha256
from cissapp.people.accounts.rules import Duty
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.applications.submission_content.values import (
    FORMAT,
    SubmissionContent,
    SubmittedAgreement,
    SubmittedChannel,
    SubmittedDocument,
    SubmittedEscalation,
    SubmittedFile,
    SubmittedMechanism,
    SubmittedPerson,
    SubmittedRecipient,
    SubmittedSchool,
    SubmittedScore,
)
from cissapp.prepare.applications.submission_content.writing import sha256_of
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium

T = TypeVar("T")

# The fields of a file that are dates.
DAYS = ("evidence_on", "covers_from", "covers_to", "expires_on")


def read_submission(submission: Submission) -> SubmissionContent:
    """Read a submission, without what was redacted since; raise `ValueError` for any other change."""
    sha256 = sha256_of(submission.content)
    if sha256 != submission.sha256 and sha256 != amended_sha256(submission.id):
        raise ValueError(f"the text of submission {submission.id} is not the one that was kept")
    return parse_submission(submission.content)


def parse_submission(content: str) -> SubmissionContent:
    """Parse the canonical text of a submission."""
    raw = json.loads(content)
    if raw["format"] != FORMAT:
        raise ValueError(f"a dossier of format {raw['format']} is unknown")
    criteria = raw["open_criteria"]
    return SubmissionContent(
        application_id=UUID(raw["application_id"]),
        cycle=raw["cycle"],
        round=raw["round"],
        open_criteria=None if criteria is None else tuple(criteria),
        submitted_at=datetime.fromisoformat(raw["submitted_at"]),
        signed_as=Duty(raw["signed_as"]) if raw["signed_as"] else None,
        rubric_version=raw["rubric_version"],
        school=build(SubmittedSchool, raw["school"], id=UUID),
        documents=tuple(_read_document(one) for one in raw["documents"]),
        mechanism=read_mechanism(raw["mechanism"]),
        scores={key: _read_score(one) for key, one in raw["scores"].items()},
    )


def submitted_levels(content: str) -> dict[str, int | None]:
    """Parse only the school's own levels from the canonical text; None means "not applicable"."""
    return {key: one["level"] for key, one in json.loads(content).get("scores", {}).items()}


def _read_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _read_document(raw: dict[str, Any]) -> SubmittedDocument:
    return SubmittedDocument(
        id=UUID(raw["id"]),
        title=raw["title"],
        evidence_code=raw["evidence_code"],
        version=build(
            SubmittedFile,
            raw["version"],
            id=UUID,
            media_type=MediaType,
            **dict.fromkeys(DAYS, _read_day),
        ),
    )


def _read_score(raw: dict[str, Any]) -> SubmittedScore:
    evidence = tuple(UUID(one) for one in raw["evidence"])
    anchors = {UUID(one): pages for one, pages in raw.get("anchors", {}).items()}
    return SubmittedScore(**{**raw, "evidence": evidence, "anchors": anchors})


def build(kind: type[T], raw: dict[str, Any], /, **read_as: Any) -> T:
    """Build a value from its fields; `read_as` parses those that are more than plain JSON."""
    return kind(**{name: read_as.get(name, _plain)(value) for name, value in raw.items()})


def _plain(value: Any) -> Any:
    return value


def read_mechanism(raw: dict[str, Any]) -> SubmittedMechanism:
    """Parse a reporting mechanism; fields unknown to earlier submissions get their defaults."""
    return SubmittedMechanism(
        agreed=build(SubmittedAgreement, raw["agreed"], pupil_languages=tuple),
        persons=tuple(build(SubmittedPerson, one) for one in raw["persons"]),
        channels=tuple(_read_channel(one) for one in raw["channels"]),
        steps=tuple(build(SubmittedEscalation, one) for one in raw["steps"]),
        told=tuple(build(SubmittedRecipient, one) for one in raw.get("told", ())),
        about_head=raw.get("about_head"),
        about_person=raw.get("about_person"),
        drill=_read_drill(raw.get("drill")),
    )


def _read_channel(raw: dict[str, Any]) -> SubmittedChannel:
    return build(SubmittedChannel, raw, kind=ChannelKind, medium=_read_medium, languages=tuple)


def _read_medium(value: str | None) -> ChannelMedium | None:
    return ChannelMedium(value) if value else None


def _read_drill(raw: dict[str, Any] | None) -> DrillResult | None:
    if raw is None:
        return None
    return build(DrillResult, raw, medium=ChannelMedium, finished_on=date.fromisoformat)
