"""One function a table; a test names only what it is about.

Inside a `context` the row belongs to that unit of work; otherwise each call is kept at once.
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from flask import Flask, has_app_context

from cissapp.accounts import passwords
from cissapp.accounts.models import User
from cissapp.accounts.rules import Duty
from cissapp.core.db import session, unit_of_work
from cissapp.core.roles import Role
from cissapp.schools.models import Country, Group, GroupCountry, School, Tally
from cissapp.schools.rules import Figure, figures_of
from cissapp.web.context import content

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery nine"  # noqa: S105

_app: Flask | None = None
_numbers = count(1)
_password_hash = passwords.hashed(PASSWORD)
Row = TypeVar("Row")


def bind(app: Flask) -> None:
    """Make rows in this application's database."""
    global _app  # noqa: PLW0603
    _app = app


def kept(row: Row) -> Row:
    """Save a row."""
    if has_app_context():
        session.add(row)
        session.flush()
        return row
    assert _app
    with _app.app_context(), unit_of_work():
        session.add(row)
        session.flush()
        session.refresh(row)
    return row


def found(kind: type[Row], key: Any) -> Row | None:
    """Look a row up."""
    if has_app_context():
        return session.get(kind, key)
    assert _app
    with _app.app_context():
        return session.get(kind, key)


def country(code: str = "MD") -> Country:
    """A country with its tallies; once made, the same one."""
    existing = found(Country, code)
    if existing:
        return existing
    made = kept(Country(code=code, added_at=NOW))
    assert _app
    if has_app_context():
        regions = list(content().countries[code].regions)
    else:
        with _app.app_context():
            regions = list(content().countries[code].regions)
    rows = [
        Tally(country_code=code, region_code=region, figure=figure, count=0)
        for region in regions
        for figure in Figure
    ]
    if has_app_context():
        session.add_all(rows)
        session.flush()
    else:
        with _app.app_context(), unit_of_work():
            session.add_all(rows)
    return made


def group(*codes: str, **values: Any) -> Group:
    """A national group that covers these countries (Moldova)."""
    covered = codes or ("MD",)
    for code in covered:
        country(code)
    values = {"name": f"National group {next(_numbers)}", "from_on": date(2020, 1, 1), **values}
    return kept(Group(**values, countries=[GroupCountry(country_code=code) for code in covered]))


def school(**values: Any) -> School:
    """A school in Orhei, Moldova, of a group of its own if none is named; counted in the tallies."""
    code = values.get("country_code", "MD")
    country(code)
    number = next(_numbers)
    values = {
        "country_code": code,
        "region_code": "MD-OR",
        "group_id": values.get("group_id") or group(code).id,
        "code": f"S{number:05}",
        "name": f"Lyceum No. {number}",
        "locality": "Orhei",
        "language": "ro",
        "pupils": 400,
        "registered_at": NOW,
        **values,
    }
    made = kept(School(**values))
    _count(made)
    return made


def _count(made: School) -> None:
    from sqlalchemy import update

    statement = (
        update(Tally)
        .where(
            Tally.region_code == made.region_code,
            Tally.figure.in_(figures_of(made.progress, made.standing, made.level)),
        )
        .values(count=Tally.count + 1)
        .execution_options(synchronize_session=False)
    )
    if has_app_context():
        session.execute(statement)
    else:
        assert _app
        with _app.app_context(), unit_of_work():
            session.execute(statement)


def user(role: Role = Role.SECRETARIAT, **values: Any) -> User:
    """A person; the scope that the role needs is made if it is not named."""
    number = next(_numbers)
    scope: dict[str, Any] = {}
    if role is Role.SCHOOL_MANAGER:
        scope = {"duty": Duty.HEAD, "country_code": "MD"}
        if "school_id" not in values:
            scope["school_id"] = school().id
    elif role in {Role.REVIEWER, Role.COORDINATOR}:
        if "group_id" not in values:
            scope["group_id"] = group().id
    elif role is Role.MINISTRY:
        scope = {"country_code": country().code}
    elif role is Role.REGION_OFFICER:
        scope = {"country_code": country().code, "region_code": "MD-OR"}
    values = {
        "email": f"person{number}@ciss.example",
        "name": f"Person {number}",
        "password_hash": _password_hash,
        "role": role,
        "language": "en",
        "joined_at": NOW,
        **scope,
        **values,
    }
    return kept(User(**values))


def manager(of: School | None = None, **values: Any) -> User:
    """A school manager: the head, unless another duty is named."""
    if of is not None:
        values = {"school_id": of.id, "country_code": of.country_code, **values}
    return user(Role.SCHOOL_MANAGER, **values)


# --- learning --------------------------------------------------------------------------------


def passed_module(person: User, module_id: str, at: datetime = NOW) -> Any:
    """A pass of a module by a person, with an attempt of one question."""
    from cissapp.learning.models import Attempt, AttemptQuestion, ModulePass
    from cissapp.learning.rules import AttemptState

    question = AttemptQuestion(position=1, question_id="gone", options=["a", "b"], key=["a"])
    attempt = kept(
        Attempt(
            user_id=person.id,
            module_id=module_id,
            module_version=1,
            pass_percent=80,
            state=AttemptState.PASSED,
            started_at=at,
            closed_at=at,
            right_count=1,
            questions=[question],
        )
    )
    return kept(
        ModulePass(user_id=person.id, module_id=module_id, attempt_id=attempt.id, passed_at=at)
    )


# --- applications ----------------------------------------------------------------------------


def trained(of: School) -> tuple[User, User]:
    """The head and the designated person of a school, who have passed all modules."""
    head, designated = manager(of), manager(of, duty=Duty.DESIGNATED_PERSON)
    assert _app
    modules = _app.extensions["ciss-content"].modules
    for person in (head, designated):
        for module in modules:
            passed_module(person, module.id)
    return head, designated


def complete_dossier(of: School, by: User, at: datetime = NOW) -> Any:
    """A dossier that lacks nothing: a policy, a reporting mechanism, all criteria; gives the policy."""
    from cissapp.evidence.models import Document, DocumentVersion
    from cissapp.evidence.rules import MediaType, VersionState

    document = kept(
        Document(
            school_id=of.id,
            title="School safety policy",
            evidence_code="POL",
            created_at=at,
            created_by_id=by.id,
        )
    )
    number = next(_numbers)
    kept(
        DocumentVersion(
            document_id=document.id,
            school_id=of.id,
            number=1,
            state=VersionState.DRAFT,
            file_key=f"documents/{number}",
            file_name="policy.pdf",
            media_type=MediaType.PDF,
            size=12_000,
            sha256=f"{number:064}",
            text="Everybody looks after everybody.",
            uploaded_at=at,
            uploaded_by_id=by.id,
        )
    )
    _keep_all(_mechanism_rows(of, by, at))
    _keep_all(_score_rows(of, by, at, document.id))
    return document


def _keep_all(rows: list[Any]) -> None:
    if has_app_context():
        session.add_all(rows)
        session.flush()
        return
    assert _app
    with _app.app_context(), unit_of_work():
        session.add_all(rows)


def _mechanism_rows(of: School, by: User, at: datetime) -> list[Any]:
    from cissapp.evidence.models import (
        EscalationStep,
        ReportingChannel,
        ReportingMechanism,
        ReportingPerson,
    )
    from cissapp.evidence.rules import ChannelKind

    def channel(kind: ChannelKind, *, in_holidays: bool = False) -> ReportingChannel:
        return ReportingChannel(
            school_id=of.id,
            kind=kind,
            description=f"A way to report: {kind}",
            contact="room 7",
            hours="9-15",
            in_holidays=in_holidays,
            added_at=at,
        )

    return [
        ReportingMechanism(
            school_id=of.id,
            crime_hours=24,
            answer_days=1,
            plan_days=3,
            confidentiality="Only those who must know learn of it.",
            no_retaliation="Nobody is punished for a report.",
            about_staff="Reports about the head go to the founder.",
            evidence_rule="Nobody looks at or copies such images.",
            never_handles_images=True,
            changed_at=at,
            changed_by_id=by.id,
        ),
        *(
            ReportingPerson(
                school_id=of.id, office=office, contact="room 7", hours="9-15", trained=True, added_at=at
            )
            for office in ("Psychologist", "Class teacher of 9b")
        ),
        channel(ChannelKind.IN_PERSON),
        channel(ChannelKind.WRITTEN),
        channel(ChannelKind.OUTSIDE, in_holidays=True),
        EscalationStep(
            school_id=of.id, body="Police", when_called="at once", contact="112", added_at=at
        ),
    ]


def _score_rows(of: School, by: User, at: datetime, document_id: Any) -> list[Any]:
    from cissapp.evidence.models import SelfEvidence, SelfScore

    assert _app
    return [
        SelfScore(
            school_id=of.id,
            criterion_id=criterion.id,
            level=2,
            text=f"How the school meets {criterion.id}, in words of its own.",
            pages="page 1",
            saved_at=at,
            saved_by_id=by.id,
            evidence=[SelfEvidence(document_id=document_id)],
        )
        for criterion in _app.extensions["ciss-content"].standard.criteria
    ]


def application(of: School, **values: Any) -> Any:
    """An application of a school; a draft unless another state is named."""
    from cissapp.applications.models import Application
    from cissapp.applications.rules import State

    values = {
        "cycle": 1,
        "round": 0,
        "state": State.DRAFT,
        "opened_at": NOW,
        "changed_at": NOW,
        **values,
    }
    return kept(Application(school_id=of.id, **values))
