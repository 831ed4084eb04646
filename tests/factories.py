"""One function a table; a test names only what it is about.

Inside a `context` the row belongs to that unit of work; otherwise each call is kept at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import cache, wraps
from itertools import count
from operator import attrgetter
from typing import Any, ParamSpec, Protocol, TypeVar, cast
from unittest.mock import patch

from flask import Flask, has_app_context
from sqlalchemy import update

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import passwords
from cissapp.people.schools.models import (
    GroupCountry,
    NationalGroup,
    ProgrammeCountry,
    School,
    SchoolStatus,
    Tally,
)
from cissapp.people.schools.rules import Figure, Progress, Standing, figures_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery nine"

_app: Flask | None = None
_beginnings: "Beginnings | None" = None
# What is laid back has the kind of files that it was made with.
_files: ContextVar[str] = ContextVar("files", default="")
_numbers = count(1)
P = ParamSpec("P")
Row = TypeVar("Row")


class Beginnings(Protocol):
    """Keeps what a test begins with, for the tests after it that begin with the same."""

    def may_begin(self) -> bool: ...
    def begun(self, make: Callable[..., Row], **values: Any) -> Row: ...


def bind(app: Flask, beginnings: Beginnings | None = None) -> None:
    """Make rows in this application's database."""
    global _app, _beginnings
    _app, _beginnings = app, beginnings


@contextmanager
def _unit() -> Iterator[None]:
    """The unit of work that is open, or one of its own."""
    if has_app_context():
        yield
        return
    assert _app
    with _app.app_context(), unit_of_work():
        yield


def in_one_unit(make: Callable[P, Row]) -> Callable[P, Row]:
    """Let all rows of a factory be kept in one unit of work: each commit costs as much as ten rows."""

    @wraps(make)
    def made(*arguments: P.args, **values: P.kwargs) -> Row:
        if has_app_context():
            return make(*arguments, **values)
        with _unit():
            result = make(*arguments, **values)
            session.flush()
            for row in result if isinstance(result, tuple) else (result,):
                session.refresh(row)
            return result

    return made


def a_beginning(*shown: str) -> Callable[[Callable[P, Row]], Callable[P, Row]]:
    """Let a factory be walked once for all tests that begin with it; what hangs on its first row is loaded with it.

    What is shown may hang on something else: `application.school`.
    """

    def beginning(make: Callable[P, Row]) -> Callable[P, Row]:
        def rows_of(**values: Any) -> tuple[bool, list[tuple[Any, Any]]]:
            made: Any = make(**values)
            rows = made if isinstance(made, tuple) else (made,)
            return isinstance(made, tuple), [(type(row), row.id) for row in rows]

        rows_of.__module__ = make.__module__

        @wraps(make)
        def made(*arguments: P.args, **values: P.kwargs) -> Row:
            if arguments or values.get("of") or not _beginnings or not _beginnings.may_begin():
                return make(*arguments, **values)
            rows_of.__qualname__ = f"{make.__qualname__}{_files.get()}"
            are_several, keys = _beginnings.begun(rows_of, **values)
            with _unit():
                rows: Any = tuple(session.get_one(kind, key) for kind, key in keys)
                for name in shown:
                    assert attrgetter(name)(rows[0])
            return cast("Row", rows if are_several else rows[0])

        return made

    return beginning


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


def country(code: str = "MD") -> ProgrammeCountry:
    """A country with its tallies; once made, the same one."""
    existing = found(ProgrammeCountry, code)
    if existing:
        return existing
    assert _app
    with _unit():
        made = kept(ProgrammeCountry(code=code, added_at=NOW))
        session.connection().exec_driver_sql(_tallies(code))
    return made


@cache
def _tallies(code: str) -> str:
    """The statement that begins to count in every region of a country: some 400 rows, a hundred times quicker as text."""
    assert _app
    with _app.app_context() if not has_app_context() else nullcontext():
        regions = content().countries[code].top()
    rows = ", ".join(
        f"('{code}', '{region}', '{figure}', 0)" for region in regions for figure in Figure
    )
    return f"INSERT INTO tally (country_code, region_code, figure, count) VALUES {rows}"


@in_one_unit
def group(*codes: str, **values: Any) -> NationalGroup:
    """A national group that covers these countries (Moldova)."""
    covered = codes or ("MD",)
    for code in covered:
        country(code)
    values = {"name": f"National group {next(_numbers)}", "from_on": date(2020, 1, 1), **values}
    return kept(
        NationalGroup(**values, countries=[GroupCountry(country_code=code) for code in covered])
    )


@in_one_unit
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
    for name, kind in (("progress", Progress), ("standing", Standing)):
        if name in values:  # a test may name it by its word
            values[name] = kind(values[name])
    made = kept(School(**values))
    _count(made)
    if made.only_for_id is None:
        columns = ("country_code", "region_code", "progress", "standing", "level")
        state = {name: getattr(made, name) for name in columns}
        kept(SchoolStatus(school_id=made.id, from_at=made.registered_at, **state))
    return made


def _count(made: School) -> None:
    statement = (
        update(Tally)
        .where(
            Tally.region_code == made.region_code,
            Tally.figure.in_(figures_of(made.progress, made.standing, made.level)),
        )
        .values(count=Tally.count + 1)
        .execution_options(synchronize_session=False)
    )
    with _unit():
        session.execute(statement)


@in_one_unit
def user(role: Role = Role.SECRETARIAT, **values: Any) -> User:
    """A person; the scope that the role needs is made if it is not named."""
    number = next(_numbers)
    scope: dict[str, Any] = {}
    # People of schools and of groups share no domain: that would be a hint at a tie.
    domain = "school.example" if role is Role.SCHOOL_MANAGER else "ciss.example"
    if role is Role.SCHOOL_MANAGER:
        scope = {"duty": Duty.HEAD, "country_code": "MD"}
        if "school_id" not in values:
            scope["school_id"] = school().id
    elif role in {Role.REVIEWER, Role.COORDINATOR}:
        if "group_id" not in values:
            scope["group_id"] = group().id
        scope["calibrated_at"] = NOW
    elif role is Role.MINISTRY:
        scope = {"country_code": country().code}
    elif role is Role.REGION_OFFICER:
        scope = {"country_code": country().code, "region_code": "MD-OR"}
    values = {
        "email": f"person{number}@{domain}",
        "name": f"Person {number}",
        "password_hash": _password_hash(),
        "role": role,
        "language": "en",
        "joined_at": NOW,
        **scope,
        **values,
    }
    return kept(User(**values))


@cache
def _password_hash() -> str:
    """Hash when somebody is made: while this file is imported, a hash still costs what it costs outside of tests."""
    return passwords.hash_password(PASSWORD)


def manager(of: School | None = None, **values: Any) -> User:
    """A school manager: the head, unless another duty is named."""
    if of is not None:
        values = {"school_id": of.id, "country_code": of.country_code, **values}
    return user(Role.SCHOOL_MANAGER, **values)


# --- learning --------------------------------------------------------------------------------


def passed_module(person: User, module_id: str, at: datetime = NOW) -> Any:
    """A pass of a module by a person, with an attempt of one question."""
    return kept(_pass_of(kept(_passed_attempt(person, module_id, at)), at))


def _passed_attempt(person: User, module_id: str, at: datetime) -> Any:
    from cissapp.learn.learning.models import Attempt, AttemptQuestion
    from cissapp.learn.learning.rules import AttemptState

    return Attempt(
        user_id=person.id,
        module_id=module_id,
        module_version=1,
        policy_document={"pass_percent": 80, "retake_after_hours": 24},
        state=AttemptState.PASSED,
        started_at=at,
        expires_at=at + timedelta(days=30),
        closed_at=at,
        points=100,
        total=1,
        questions=[AttemptQuestion(position=1, question_id="gone", options=["a", "b"])],
    )


def _pass_of(attempt: Any, at: datetime) -> Any:
    from cissapp.learn.learning.models import ModulePass

    return ModulePass(
        user_id=attempt.user_id, module_id=attempt.module_id, attempt_id=attempt.id, passed_at=at
    )


# --- applications ----------------------------------------------------------------------------


@in_one_unit
def trained(of: School) -> tuple[User, User]:
    """The head and the designated person of a school, who have passed all modules."""
    head, designated = manager(of), manager(of, duty=Duty.DESIGNATED_PERSON)
    assert _app
    modules = _app.extensions["ciss-content"].modules
    attempts = [
        _passed_attempt(person, module.id, NOW)
        for person in (head, designated)
        for module in modules
    ]
    _keep_all(attempts)
    _keep_all([_pass_of(attempt, NOW) for attempt in attempts])
    return head, designated


@in_one_unit
def complete_dossier(of: School, by: User, at: datetime = NOW) -> Any:
    """A dossier that lacks nothing: a policy, a reporting mechanism, all criteria; gives the policy."""
    from cissapp.foundation.intake.media import MediaType
    from cissapp.prepare.documents.models import Document, DocumentVersion
    from cissapp.prepare.documents.rules import VersionState

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
    with _unit():
        session.add_all(rows)
        session.flush()


def _mechanism_rows(of: School, by: User, at: datetime) -> list[Any]:
    from cissapp.prepare.mechanism.models import (
        EscalationStep,
        ReportingChannel,
        ReportingMechanism,
        ReportingPerson,
    )
    from cissapp.prepare.mechanism.rules import ChannelKind

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
                school_id=of.id,
                office=office,
                contact="room 7",
                hours="9-15",
                trained=True,
                added_at=at,
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
    from cissapp.prepare.assessment.models import SelfEvidence, SelfScore

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
    from cissapp.prepare.applications.models import Application
    from cissapp.prepare.applications.rules import ApplicationState

    values = {
        "cycle": 1,
        "round": 0,
        "state": ApplicationState.DRAFT,
        "opened_at": NOW,
        "changed_at": NOW,
        **values,
    }
    return kept(Application(school_id=of.id, **values))


# --- reviews ---------------------------------------------------------------------------------

REASON = "Page 11 says so, and the order of 3 March confirms it in its own words."


def undrawn() -> Any:
    """An id of an application that is not in the sample for a second review."""
    from uuid import uuid4

    from cissapp.review.reviews.rules.places import is_drawn

    assert _app
    decision = _app.extensions["ciss-content"].standard.decision
    return next(one for one in iter(uuid4, None) if not is_drawn(one, decision))


def completeness_checked(application: Any, at: datetime = NOW) -> Any:
    """The passed sift of the round of an application, by the coordinator of its group."""
    from cissapp.prepare.applications.models import Application
    from cissapp.review.reviews import services

    person = user(Role.COORDINATOR, group_id=application.school.group_id)
    declared(application, person)
    with _unit():
        row = session.get(Application, application.id)
        return services.check_completeness(
            row, remarks={}, content=content(), by=session.get(User, person.id), at=at
        )


@a_beginning("school")
def handed_in(of: School | None = None, at: datetime = NOW, *, sift: bool = True) -> Any:
    """An application of a trained school whose complete dossier was handed in, and passed the sift.

    It is not in the sample for a second review.
    """
    from cissapp.prepare.applications import services

    of_id = of.id if of else None
    with _unit():
        of = session.get_one(School, of_id) if of_id else school(progress=Progress.TRAINED)
        head, _designated = trained(of)
        complete_dossier(of, head)
        application(of, id=undrawn())
        submission = services.submit_for_school(
            of, content=content(), statement_signed=True, by=head, at=at
        )
        made = submission.application
        session.flush()
        if sift:
            completeness_checked(made, at)
        session.refresh(made)
        assert made.school
    return made


def reviewers(application: Any, count_: int = 2) -> list[User]:
    """People of the group of an application, who declared that they have no tie."""
    people = [user(Role.REVIEWER, group_id=application.school.group_id) for _ in range(count_)]
    for one in people:
        declared(application, one)
    return people


def declared(application: Any, person: User, *grounds: str, at: datetime = NOW) -> Any:
    """What a person declared about an application."""
    from cissapp.review.independence.models import Declaration

    return kept(
        Declaration(
            application_id=application.id,
            user_id=person.id,
            grounds=list(grounds),
            note="",
            declared_at=at,
        )
    )


def begun(application: Any, assessor: User, at: datetime = NOW, **values: Any) -> Any:
    """A review that was begun and has no scores yet; the first one, unless another place is named."""
    from cissapp.prepare.applications.models import Application
    from cissapp.review.reviews import services

    with _unit():
        row = session.get(Application, application.id)
        review = services.start_review(row, by=session.get(User, assessor.id), at=at, **values)
        return _whole(review)


@a_beginning("application.school", "submission.sha256", "assessor.name")
def assessing() -> tuple[Any, User, User]:
    """A review that was begun of an application that was handed in, its assessor, and another of the group."""
    application = handed_in()
    assessor, other = reviewers(application)
    return begun(application, assessor), assessor, other


def wanting_second(application: Any) -> None:
    """Ask for a second review, as if the draw had said so."""
    from cissapp.prepare.applications.models import Application
    from cissapp.review.reviews.services.starting import request_reviews

    with _unit():
        row = session.get(Application, application.id)
        request_reviews(row, 2, content().standard, by=SYSTEM, at=NOW)


def scored(review: Any, at: datetime = NOW, **levels: int | None) -> Any:
    """The review with a score for each criterion that is open: level 2, unless another is named."""
    from cissapp.review.reviews import services
    from cissapp.review.reviews.models import Review
    from cissapp.review.reviews.queries import scores_anew

    with _unit():
        row = session.get(Review, review.id)
        standard = content().standard
        judgements = [
            services.ScoreInput(criterion, levels.get(criterion.id, 2), REASON, ["mechanism"])
            for criterion in standard.criteria
            if scores_anew(row, criterion.id)
        ]
        services.save_scores(row, judgements, standard=standard, by=row.assessor, at=at)
        return _whole(row)


def save_one(review: Any, criterion_id: str, by: User, level: int | None = 2) -> Any:
    """A score of one criterion."""
    from cissapp.review.reviews import services

    standard = content().standard
    judgement = services.ScoreInput(standard.by_id[criterion_id], level, REASON, ["mechanism"])
    return services.save_score(review, judgement, standard=standard, by=by, at=NOW)


def recommended(review: Any, at: datetime = NOW, **values: Any) -> Any:
    """The review handed in: certified, level 1, unless something else is named."""
    from cissapp.prepare.applications.rules import ApplicationOutcome
    from cissapp.review.reviews import services
    from cissapp.review.reviews.models import Review

    with _unit():
        row = session.get(Review, review.id)
        values = {
            "recommendation": ApplicationOutcome.CERTIFIED,
            "level": 1,
            "needs": [],
            "summary": "Clear, dated and in use; the channels were tried.",
            "version": row.version,
            **values,
        }
        recommendation = services.Recommendation(
            *(values.pop(key) for key in ("recommendation", "level", "needs", "summary"))
        )
        services.submit_review(
            row, recommendation, standard=content().standard, by=row.assessor, at=at, **values
        )
        return _whole(row)


def _whole(review: Any) -> Any:
    """Load what a test looks at after the unit of work has ended."""
    session.refresh(review)
    assert review.application.school
    assert review.submission.sha256
    assert review.assessor.name
    return review


def ruled(review: Any, decider: User, at: datetime = NOW, **values: Any) -> Any:
    """A decision on a review that was handed in: certified, level 1, unless something else is named."""
    from cissapp.prepare.applications.rules import ApplicationOutcome
    from cissapp.review.reviews import services
    from cissapp.review.reviews.models import Decision, Review
    from cissapp.review.reviews.queries import reviews_of

    with_keys = issuer()
    with _unit():
        row = session.get(Review, review.id)
        values = {
            "outcome": ApplicationOutcome.CERTIFIED,
            "level": 1,
            "needs": [],
            "reasons": "The scores follow from what the school has shown.",
            "departure": REASON,
            **values,
        }
        made = services.decide(
            row.application,
            services.DecisionInput(**values),
            version=services.reviews_version(reviews_of(row.application, row.round)),
            sha256=row.submission.sha256,
            issuer=with_keys,
            by=session.get(User, decider.id),
            at=at,
        )
        decision_id = made.id
    with _unit():
        # Its certificate is published behind it, which lets go of what was loaded before.
        return session.get_one(Decision, decision_id, populate_existing=True)


# --- evidence --------------------------------------------------------------------------------


def visited(application: Any, at: datetime = NOW) -> Any:
    """A video interview of an application, whose record two other people of the group signed."""
    from cissapp.review.visits.models import Visit, VisitRecord
    from cissapp.review.visits.rules import VisitKind

    group_id = application.school.group_id
    first, second = (user(Role.REVIEWER, group_id=group_id) for _ in range(2))
    visit = Visit(
        application_id=application.id,
        round=application.round,
        kind=VisitKind.VIDEO,
        planned_at=at,
        planned_by_id=first.id,
        starts_at=at,
        agreed_at=at,
        agreed_by_id=first.id,
    )
    visit.record = VisitRecord(
        content="{}", sha256="0" * 64, first_id=first.id, second_id=second.id, signed_at=at
    )
    return kept(visit)


def pdf_of(text: str = "School safety policy") -> bytes:
    """A plain PDF of one page that says this; the same text gives the same bytes."""
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    sheet = BytesIO()
    canvas = Canvas(sheet, invariant=1)
    canvas.drawString(72, 720, text)
    canvas.save()
    return sheet.getvalue()


# --- certificates ----------------------------------------------------------------------------

MODULE_LEVELS = {
    "children-online": 2.5,
    "risks-and-harms": 2.25,
    "safety-policy": 2.0,
    "reporting-and-response": 2.1,
    "education-and-implementation": 3.0,
}


def keyring() -> Any:
    """The keys of the tests' installation, made once."""
    from cissapp.foundation.signing import keys

    assert _app
    folder = _app.config["CISS"].keys_dir
    if not keys.exist(folder):
        keys.create_keys(
            folder, organisation="ECPAT for tests", at=datetime(2020, 1, 1, tzinfo=UTC)
        )
    return keys.load(folder)


def decided(of: School | None = None, *, cycle: int = 1, level: int = 2, at: datetime = NOW) -> Any:
    """An application that was certified, with a dossier of one document; gives its submission."""
    from cissapp.foundation.intake.media import MediaType
    from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
    from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
    from cissapp.prepare.documents.models import Document, DocumentVersion
    from cissapp.prepare.documents.rules import VersionState

    of = of or school()
    number = next(_numbers)
    with _unit():
        of = session.get(School, of.id)
        application = Application(
            school_id=of.id,
            school=of,
            cycle=cycle,
            round=1,
            state=ApplicationState.DECIDED,
            outcome=ApplicationOutcome.CERTIFIED,
            level=level,
            opened_at=at,
            changed_at=at,
        )
        document = Document(
            school_id=of.id, title="Policy", evidence_code="POL", created_at=at, created_by_id=of.id
        )
        version = DocumentVersion(
            document=document,
            school_id=of.id,
            number=1,
            state=VersionState.ACCEPTED,
            file_key=f"certified/{number}",
            file_name="policy.pdf",
            media_type=MediaType.PDF,
            size=1,
            sha256=f"{number:064x}",
            text="",
            uploaded_at=at,
            uploaded_by_id=of.id,
        )
        submission = Submission(
            application=application,
            round=1,
            rubric_version="2.0",
            content="{}",
            sha256="0" * 64,
            submitted_at=at,
            submitted_by_id=of.id,
            versions=[SubmittedVersion(version=version)],
        )
        session.add_all([document, submission])
        session.flush()
        return submission


def issuer(**changes: Any) -> Any:
    """What certificates are issued with, signed by the keys of the tests."""
    from cissapp.certify.certificates.document.issuer import Issuer
    from cissapp.foundation.core.storage import files
    from cissapp.foundation.signing.settings import Settings

    assert _app
    ring = keyring()
    with _app.app_context():
        values = {
            "content": content(),
            "signing": Settings("http://ciss.example", demo=False, keys=ring),
            "store": files(),
            **changes,
        }
    return Issuer(**values)


def award(submission: Any, **changes: Any) -> Any:
    """What a certificate is awarded for: this dossier at level 2, unless something else is named."""
    from cissapp.certify.certificates.document.issuer import Award

    values = {
        "application": submission.application,
        "submission": submission,
        "level": 2,
        "module_levels": MODULE_LEVELS,
        "group_name": "ECPAT Moldova",
        "decider_id": submission.application.school_id,
        **changes,
    }
    return Award(**values)


@a_beginning("entries")
def reserved(of: School | None = None, *, cycle: int = 1, at: datetime = NOW) -> Any:
    """A certificate that was decided and has no file yet."""
    from cissapp.certify.certificates import services

    own = issuer()
    submission = decided(of, cycle=cycle, at=at)
    with _unit():
        certificate = services.reserve(award(session.merge(submission)), own, by=SYSTEM, at=at)
        session.refresh(certificate)
        assert certificate.entries
        return certificate


@contextmanager
def files_nobody_looks_at() -> Iterator[None]:
    """Let certificates have files that are neither drawn nor signed, which is half of the work."""
    from cissapp.certify.certificates.document import signing

    def file_of(facts: Any, *_issuer: Any, **_values: Any) -> bytes:
        return f"The file of {facts.number}.".encode()

    with patch.object(signing, "sign_certificate", file_of):
        token = _files.set(" without files")
        yield
    _files.reset(token)


@a_beginning("entries")
def certified(
    of: School | None = None,
    *,
    cycle: int = 1,
    level: int = 2,
    at: datetime = NOW,
    group_name: str = "ECPAT Moldova",
    demo: bool = False,
) -> Any:
    """A certificate, issued, signed and stored as the programme does it, but for the last look at the signature.

    That look is a quarter of the work, and the same each time: the tests of publishing are about it.
    """
    from cissapp.certify.certificates import queries, services
    from cissapp.certify.certificates.document import signing
    from cissapp.foundation.signing.settings import Settings

    own = issuer(signing=Settings("http://ciss.example", demo, keyring()))
    submission = decided(of, cycle=cycle, level=level, at=at)
    with _unit():
        given = award(session.merge(submission), level=level, group_name=group_name)
        with patch.object(signing, "_examine", return_value=True):
            certificate = services.issue(given, own, by=SYSTEM, at=at)
        assert queries.certificate(certificate.id) is certificate
        session.refresh(certificate)
        assert certificate.entries
        return certificate
