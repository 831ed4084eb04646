"""Two schools in two countries, each under review, each with everything that can be asked for by address."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from cissapp.accounts.models import Invitation, User
from cissapp.accounts.rules import Duty
from cissapp.applications.models import Application, SubmittedVersion
from cissapp.applications.rules import State
from cissapp.certificates.models import Certificate
from cissapp.core.db import session, unit_of_work
from cissapp.core.roles import Role
from cissapp.core.storage import files
from cissapp.demo import people, story
from cissapp.demo.cast import COUNTRIES, DemoCountry, Fate
from cissapp.evidence.models import (
    Document,
    EscalationStep,
    ReportingChannel,
    ReportingPerson,
)
from cissapp.learning.models import Attempt
from cissapp.reviews.services import Issuing
from cissapp.schools.models import School
from cissapp.web.context import content
from tests.factories import NOW


@dataclass(frozen=True)
class Place:
    """The people of one school, group and ministry, and the values that addresses are made of."""

    people: dict[Role, User]
    values: dict[str, Any]


def world(app: Flask) -> dict[str, Place]:
    """Make the two places, by country."""
    with app.app_context():
        stage = people.Stage(Issuing(content(), app.config["CISS"], files()), NOW)
        people.set_up(stage)
        return {
            country.code: _place(stage, country) for country in COUNTRIES if country.code != "BY"
        }


def _place(stage: people.Stage, country: DemoCountry) -> Place:
    tale = people.Tale(country, country.places[0], Fate.IN_REVIEW, 1, NOW, first_of_its_fate=True)
    story.tell(stage, tale)
    with unit_of_work():
        school = session.scalars(select(School).where(School.country_code == country.code)).one()
        application = session.scalars(
            select(Application).where(Application.school_id == school.id)
        ).one()
        found = _people(school, country)
        values: dict[str, Any] = {
            "school_id": school.id,
            "group_id": school.group_id,
            "country_code": country.code,
            "region_code": school.region_code,
            "application_id": application.id,
            "certificate_id": _certificate(school.id),
            "invitation_id": _invitation(school),
            "user_id": _somebody(country).id,
            "attempt_id": _one(
                select(Attempt.id).where(Attempt.user_id == found[Role.SCHOOL_MANAGER].id)
            ),
            "document_id": _one(select(Document.id).where(Document.school_id == school.id)),
            "version_id": _one(
                select(SubmittedVersion.version_id).where(
                    SubmittedVersion.submission.has(application_id=application.id)
                )
                if hasattr(SubmittedVersion, "submission")
                else select(SubmittedVersion.version_id).where(
                    SubmittedVersion.submission_id.in_([one.id for one in application.submissions])
                )
            ),
            "person_id": _of_school(ReportingPerson, school),
            "entry_id": _of_school(ReportingPerson, school),
            "channel_id": _of_school(ReportingChannel, school),
            "step_id": _of_school(EscalationStep, school),
        }
    return Place(found, values)


def _one(query: Any) -> Any:
    return session.scalars(query.limit(1)).one()


def _of_school(kind: Any, school: School) -> UUID:
    found: UUID = _one(select(kind.id).where(kind.school_id == school.id))
    return found


def _people(school: School, country: DemoCountry) -> dict[Role, User]:
    def of(query: Any) -> User:
        return session.scalars(query).first()

    users = select(User)
    return {
        Role.SCHOOL_MANAGER: of(users.where(User.school_id == school.id, User.duty == Duty.HEAD)),
        Role.REVIEWER: of(
            users.where(User.email == f"reviewer1.{country.code.lower()}@group.example")
        ),
        Role.COORDINATOR: of(
            users.where(User.group_id == school.group_id, User.role == Role.COORDINATOR)
        ),
        Role.MINISTRY: of(
            users.where(User.country_code == country.code, User.role == Role.MINISTRY)
        ),
        Role.REGION_OFFICER: of(
            users.where(User.country_code == country.code, User.role == Role.REGION_OFFICER)
        ),
        Role.SECRETARIAT: of(users.where(User.role == Role.SECRETARIAT)),
    }


def _somebody(country: DemoCountry) -> User:
    """Somebody whose account may be closed."""
    row = User(
        email=f"{uuid4().hex}@ministry.example",
        name="Somebody",
        password_hash="none",
        role=Role.MINISTRY,
        country_code=country.code,
        language="en",
        joined_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def _invitation(school: School) -> UUID:
    row = Invitation(
        token_hash=uuid4().hex,
        email=f"{uuid4().hex}@school.example",
        name="Somebody",
        role=Role.SCHOOL_MANAGER,
        duty=Duty.DEPUTY,
        school_id=school.id,
        country_code=school.country_code,
        language="en",
        invited_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    session.add(row)
    session.flush()
    return row.id


def _certificate(school_id: UUID) -> UUID:
    """A certificate row from an earlier cycle; no file behind it."""
    before = Application(
        school_id=school_id, cycle=0, round=1, state=State.WITHDRAWN, opened_at=NOW, changed_at=NOW
    )
    session.add(before)
    session.flush()
    key, content_ = f"certificates/{uuid4().hex}", uuid4().bytes
    files().put(key, content_)
    row = Certificate(
        number=f"X-2026-{uuid4().hex[:5]}",
        code=uuid4().hex.upper()[:18],
        school_id=school_id,
        application_id=before.id,
        cycle=0,
        level=1,
        valid_from_on=date(2025, 1, 1),
        valid_until_on=date(2027, 1, 1),
        facts="{}",
        facts_sha256="0" * 64,
        file_key=key,
        file_sha256=hashlib.sha256(content_).hexdigest(),
        file_size=len(content_),
        key_id="k",
        issued_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id
