"""Two schools in two countries, each with everything that can be asked for by address."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from cissapp.accounts.models import Invitation, User
from cissapp.accounts.rules import Duty
from cissapp.applications.models import Application, Submission, SubmittedVersion
from cissapp.applications.rules import State
from cissapp.certificates.models import Certificate
from cissapp.core.roles import Role
from cissapp.evidence.models import (
    Document,
    DocumentVersion,
    EscalationStep,
    ReportingChannel,
    ReportingPerson,
)
from cissapp.evidence.rules import ChannelKind, MediaType, VersionState
from cissapp.learning.models import Attempt
from cissapp.learning.rules import AttemptState
from cissapp.reviews.models import Declaration, Review
from cissapp.reviews.rules import ReviewState
from tests import factories
from tests.factories import NOW, kept

CANARY = "canary-of-the-school"


@dataclass(frozen=True)
class Place:
    """A school with its people, and the values that addresses about it are made of."""

    people: dict[Role, User]
    values: dict[str, Any]
    texts: list[str] = field(default_factory=list)


def place(country: str, region: str) -> Place:
    """Make a school that is under review and holds a certificate from before."""
    group = factories.group(country)
    school = factories.school(
        country_code=country, region_code=region, group_id=group.id, name=f"{CANARY} {country}"
    )
    head = factories.manager(school)
    people = {
        Role.SCHOOL_MANAGER: head,
        Role.REVIEWER: factories.user(Role.REVIEWER, group_id=group.id),
        Role.COORDINATOR: factories.user(Role.COORDINATOR, group_id=group.id),
        Role.MINISTRY: factories.user(Role.MINISTRY, country_code=country),
        Role.REGION_OFFICER: factories.user(
            Role.REGION_OFFICER, country_code=country, region_code=region
        ),
    }
    colleague = factories.manager(school, duty=Duty.DEPUTY)
    values: dict[str, Any] = {
        "school_id": school.id,
        "group_id": group.id,
        "user_id": colleague.id,
        "country_code": country,
        "region_code": region,
        **_dossier(school.id, head.id),
        **_invitation(school.id, country),
    }
    values["attempt_id"] = kept(
        Attempt(
            user_id=head.id,
            module_id="children-online",
            module_version=1,
            pass_percent=80,
            state=AttemptState.FAILED,
            started_at=NOW,
            closed_at=NOW,
            right_count=0,
        )
    ).id
    values.update(_application(school.id, head.id, people[Role.REVIEWER].id, values["version_id"]))
    return Place(people, values)


def _dossier(school_id: UUID, head_id: UUID) -> dict[str, Any]:
    document = kept(
        Document(
            school_id=school_id,
            title=f"{CANARY} policy",
            evidence_code="POL",
            created_at=NOW,
            created_by_id=head_id,
        )
    )
    version = kept(
        DocumentVersion(
            document_id=document.id,
            school_id=school_id,
            number=1,
            state=VersionState.SUBMITTED,
            file_key=f"documents/{uuid4().hex}",
            file_name="policy.pdf",
            media_type=MediaType.PDF,
            size=10,
            sha256="0" * 64,
            text=f"{CANARY} text",
            uploaded_at=NOW,
            uploaded_by_id=head_id,
        )
    )
    person = kept(
        ReportingPerson(
            school_id=school_id, office="Psychologist", contact=CANARY, hours="9-17", added_at=NOW
        )
    )
    channel = kept(
        ReportingChannel(
            school_id=school_id,
            kind=ChannelKind.WRITTEN,
            description="Box",
            contact=CANARY,
            hours="always",
            added_at=NOW,
        )
    )
    step = kept(
        EscalationStep(
            school_id=school_id, body="Police", when_called="danger", contact="102", added_at=NOW
        )
    )
    return {
        "document_id": document.id,
        "version_id": version.id,
        "person_id": person.id,
        "channel_id": channel.id,
        "step_id": step.id,
    }


def _invitation(school_id: UUID, country: str) -> dict[str, Any]:
    invitation = kept(
        Invitation(
            token_hash=uuid4().hex,
            email=f"{uuid4().hex}@ciss.example",
            name="Somebody",
            role=Role.SCHOOL_MANAGER,
            duty=Duty.DEPUTY,
            school_id=school_id,
            country_code=country,
            language="en",
            invited_at=NOW,
            expires_at=NOW + timedelta(days=7),
        )
    )
    return {"invitation_id": invitation.id}


def _application(
    school_id: UUID, head_id: UUID, reviewer_id: UUID, version_id: UUID
) -> dict[str, Any]:
    before = kept(
        Application(
            school_id=school_id,
            cycle=1,
            round=1,
            state=State.WITHDRAWN,
            opened_at=NOW,
            changed_at=NOW,
        )
    )
    application = kept(
        Application(
            school_id=school_id,
            cycle=2,
            round=1,
            state=State.IN_REVIEW,
            opened_at=NOW,
            changed_at=NOW,
        )
    )
    submission = kept(
        Submission(
            application_id=application.id,
            round=1,
            rubric_version="1.0",
            content="{}",
            sha256="0" * 64,
            submitted_at=NOW,
            submitted_by_id=head_id,
        )
    )
    kept(SubmittedVersion(submission_id=submission.id, version_id=version_id))
    kept(
        Declaration(
            application_id=application.id, user_id=reviewer_id, grounds=[], note="", declared_at=NOW
        )
    )
    kept(
        Review(
            application_id=application.id,
            submission_id=submission.id,
            round=1,
            assessor_id=reviewer_id,
            state=ReviewState.OPEN,
            started_at=NOW,
        )
    )
    certificate = kept(
        Certificate(
            number=f"X-2026-{uuid4().hex[:5]}",
            code=uuid4().hex.upper()[:18],
            school_id=school_id,
            application_id=before.id,
            cycle=1,
            level=1,
            valid_from_on=date(2025, 1, 1),
            valid_until_on=date(2027, 1, 1),
            facts="{}",
            facts_sha256="0" * 64,
            file_key=uuid4().hex,
            file_sha256=uuid4().hex * 2,
            file_size=1,
            key_id="k",
            issued_at=NOW,
        )
    )
    return {"application_id": application.id, "certificate_id": certificate.id}
