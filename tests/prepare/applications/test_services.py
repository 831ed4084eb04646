"""Opening, handing in, review, changes, decision, withdrawal: what each writes, and what it refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.queries import history_of
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.notices.models import Mail
from cissapp.people.notices.services import hold_mails
from cissapp.people.schools.models import School, Tally
from cissapp.people.schools.rules import Figure, Progress, Standing
from cissapp.prepare.applications import queries, services
from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
from cissapp.prepare.applications.queries.deadlines import answer_due_on
from cissapp.prepare.applications.rules import (
    ApplicationAction,
    ApplicationOutcome,
    ApplicationState,
)
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.assessment import services as assessment_services
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents import services as document_services
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules import VersionState
from cissapp.prepare.mechanism import services as mechanism_services
from cissapp.prepare.mechanism.rules.parts import TimeLimits
from tests import factories
from tests.factories import NOW
from tests.refusals import codes

DAY = timedelta(days=1)


def ready() -> tuple[School, User]:
    """A school that can hand in, and its head."""
    school = factories.school(progress=Progress.TRAINED)
    head, _designated = factories.trained(school)
    factories.complete_dossier(school, head)
    return school, head


@pytest.mark.one_database("sqlite")
def test_the_coordinators_of_the_group_are_told_of_each_round(context, make):
    school, head = ready()
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    make.user(Role.COORDINATOR, group_id=make.group().id)

    with hold_mails():
        application = hand_in(school, head).application

    [mail] = session.scalars(select(Mail).where(Mail.kind == "submitted")).all()
    assert mail.to == coordinator.email
    assert mail.subject == f"{school.name} has submitted its application"
    assert f"/reviews/{application.id}" in str(mail.body)
    due = open_deadline(DeadlineKind.COMPLETENESS_CHECK, application.id)
    assert due is not None
    assert f"by {due.due_on.day} {due.due_on:%B %Y}" in str(mail.body)


def hand_in(school: School, by: User, at: datetime = NOW, *, signed: bool = True) -> Submission:
    return services.submit_for_school(
        school, content=content(), statement_signed=signed, by=by, at=at
    )


def reviewer(school: School) -> User:
    return factories.user(Role.REVIEWER, group_id=school.group_id)


def in_review() -> tuple[Application, User, User]:
    school, head = ready()
    hand_in(school, head)
    application = queries.open_application(school.id)
    assert application
    other = reviewer(school)
    factories.completeness_checked(application)
    services.start_review(application, by=other, at=NOW + DAY)
    return application, head, other


def sent_back(*criteria: str) -> tuple[Application, User]:
    application, head, other = in_review()
    services.request_changes(
        application,
        open_criteria=list(criteria),
        days=60,
        by=other,
        at=NOW + 2 * DAY,
    )
    return application, head


def save(
    school: School, criterion_id: str, by: User, at: datetime = NOW, level: int = 3
) -> SelfScore:
    document = documents.documents(school.id)[0]
    facts = ScoreFacts(
        level, "What the school changed since, said at some length.", "", frozenset({document.id})
    )
    standard = content().standard
    return assessment_services.save_score(
        school, standard.by_id[criterion_id], facts, standard=standard, by=by, at=at
    )


def tallied(school: School) -> set[Figure]:
    rows = select(Tally.figure).where(Tally.region_code == school.region_code, Tally.count > 0)
    return set(session.scalars(rows))


# --- opening ---------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_an_application_is_opened_once(context):
    school, head = ready()

    opened = services.open_application(school, content=content(), by=head, at=NOW)

    assert (opened.cycle, opened.round, opened.state) == (1, 0, ApplicationState.DRAFT)
    assert [one.event for one in history_of(opened)] == ["application.opened"]
    with pytest.raises(Refused) as refused:
        services.open_application(school, content=content(), by=head, at=NOW)
    assert codes(refused) == ["open"]


def test_after_a_certificate_the_next_one_opens_half_a_year_before_its_end(context):
    application, head, other = in_review()
    school = application.school
    services.decide(application, outcome=ApplicationOutcome.CERTIFIED, level=1, by=other, at=NOW)
    from cissapp.people.schools.services import place

    place(school, at=NOW, standing=Standing.VALID, level=1, valid_until_on=date(2028, 11, 25))
    # A certified school changes a number that is no longer right, and uploads newer evidence; its answers stay.
    assert (documents.open_criteria(school.id), documents.open_answers(school.id)) == (None, [])

    early = datetime(2028, 5, 24, 12, tzinfo=NOW.tzinfo)
    with pytest.raises(Refused) as refused:
        services.open_application(school, content=content(), by=head, at=early)
    opened = services.open_application(school, content=content(), by=head, at=early + DAY)

    assert codes(refused) == ["early"]
    assert refused.value.problems[0].values == {"day": date(2028, 5, 25), "months": 6}
    assert (opened.cycle, opened.state, school.progress) == (
        2,
        ApplicationState.DRAFT,
        Progress.TRAINED,
    )
    assert documents.open_answers(school.id) is None
    assert tallied(school) == {Figure.SCHOOLS, Figure.TRAINED, Figure.LEVEL_1}


@pytest.mark.one_database("sqlite")
def test_after_a_decision_handing_in_does_not_open_the_next_application(context):
    application, head, other = in_review()
    services.decide(application, outcome=ApplicationOutcome.MAJOR_GAPS, by=other, at=NOW)

    with pytest.raises(Refused) as refused:
        hand_in(application.school, head)

    assert codes(refused) == ["open"]
    services.open_application(application.school, content=content(), by=head, at=NOW)
    assert hand_in(application.school, head).application.cycle == 2


# --- handing in ------------------------------------------------------------------------------


def test_handing_in_keeps_freezes_counts_and_records(context):
    school, head = ready()

    submission = hand_in(school, head)

    application = submission.application
    version = documents.documents(school.id)[0].newest
    assert (application.state, application.round, application.cycle) == (
        ApplicationState.SUBMITTED,
        1,
        1,
    )
    assert (submission.round, submission.rubric_version, submission.submitted_by_id) == (
        1,
        "2.0",
        head.id,
    )
    assert [one.version_id for one in submission.versions] == [version.id]
    assert version.state is VersionState.SUBMITTED
    assert documents.open_criteria(school.id) == []
    assert tallied(school) == {Figure.SCHOOLS, Figure.SUBMITTED}
    assert [
        (one.event, one.facts.get("old"), one.facts.get("new")) for one in history_of(application)
    ] == [
        ("application.opened", None, None),
        ("application.submitted", "draft", "submitted"),
    ]


@pytest.mark.one_database("sqlite")
def test_handing_in_lists_everything_that_is_missing_with_its_link(context):
    school = factories.school()
    head = factories.manager(school)

    with pytest.raises(Refused) as refused:
        hand_in(school, head, signed=False)

    problems = refused.value.problems
    criteria = [one.id for one in content().standard.criteria]
    by_code: dict[str, list[object]] = {}
    for one in problems:
        by_code.setdefault(one.code.partition(":")[0], []).append(one.link)
    assert by_code["training"] == [("learning.modules", {}), ("enrolment.invite_colleague", {})]
    assert by_code["documents"] == [("documents.add_document", {})]
    assert {link[0] for link in by_code["mechanism"]} == {  # type: ignore[index]
        "mechanism.entries",
        "mechanism.time_limits",
        "mechanism.rules",
    }
    assert by_code["criteria"] == [
        ("assessment.criterion", {"criterion_id": one}) for one in criteria
    ]
    assert by_code["statement"] == [None]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("duty", "allowed"),
    [(Duty.HEAD, True), (Duty.DEPUTY, True), (Duty.DESIGNATED_PERSON, False)],
)
def test_the_head_or_a_deputy_signs(context, duty: Duty, allowed: bool):
    school, _head = ready()
    person = factories.manager(school, duty=duty)

    if allowed:
        assert read_submission(hand_in(school, person)).signed_as is duty
    else:
        with pytest.raises(Refused) as refused:
            hand_in(school, person)
        assert codes(refused) == ["statement"]


@pytest.mark.one_database("sqlite")
def test_handing_in_twice_is_refused_and_nothing_happens_twice(context):
    school, head = ready()
    hand_in(school, head)
    entries = session.scalar(select(func.count()).select_from(AuditEntry))

    with pytest.raises(Refused) as refused:
        hand_in(school, head)

    assert codes(refused) == ["state"]
    assert session.scalar(select(func.count()).select_from(Submission)) == 1
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_two_who_hand_in_at_once_hand_in_once(app):
    school, head = ready()

    def attempt(_number: int) -> str:
        with app.app_context():
            try:
                with unit_of_work():
                    hand_in(session.get_one(School, school.id), session.get_one(User, head.id))
            except Refused as refused:
                return refused.problems[0].code
        return "handed in"

    # Two, as the name says: on a slow machine the fourth in the row waited longer than a lock may be waited for.
    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(attempt, range(2)))

    assert results == ["handed in", "state"]
    with app.app_context():
        counts = [
            session.scalar(select(func.count()).select_from(kind))
            for kind in (Application, Submission, SubmittedVersion)
        ]
    assert counts == [1, 1, 1]


# --- what was handed in is frozen ------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_what_was_handed_in_cannot_be_changed_by_the_school(context):
    school, head = ready()
    hand_in(school, head)
    version = documents.documents(school.id)[0].newest

    with pytest.raises(Refused) as score:
        save(school, "A1", head)
    with pytest.raises(Refused) as mechanism:
        mechanism_services.save_mechanism(school, TimeLimits(12, 1, 3), by=head, at=NOW)
    with pytest.raises(Refused) as draft:
        document_services.remove_draft(version, store=None, by=head, at=NOW)  # type: ignore[arg-type]

    assert [codes(one) for one in (score, mechanism, draft)] == [["closed"]] * 3


@pytest.mark.parametrize("table", ["submission", "submitted_version"])
def test_what_was_handed_in_cannot_be_changed_in_the_database(app, table: str):
    from sqlalchemy import text

    with app.app_context(), unit_of_work():
        hand_in(*ready())
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(f"DELETE FROM {table}"))


def test_a_later_change_of_the_school_leaves_what_was_kept(context):
    school, head = ready()
    submission = hand_in(school, head)
    before = submission.content
    services.withdraw(submission.application, by=head, at=NOW)

    save(school, "A1", head)
    mechanism_services.save_mechanism(school, TimeLimits(12, 1, 2), by=head, at=NOW)
    session.get_one(Document, read_submission(submission).documents[0].id).title = "Another title"
    session.flush()
    session.refresh(submission)

    assert submission.content == before
    assert read_submission(submission).documents[0].title == "School safety policy"


# --- the next round --------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_changes_requested_open_only_these_criteria(context):
    application, head = sent_back("A1", "C2")
    school = application.school

    save(school, "A1", head, NOW + 3 * DAY)
    with pytest.raises(Refused) as other_criterion:
        save(school, "A2", head, NOW + 3 * DAY)
    with pytest.raises(Refused) as mechanism:
        mechanism_services.save_mechanism(school, TimeLimits(12, 1, 3), by=head, at=NOW)

    assert (application.state, application.open_criteria) == (
        ApplicationState.CHANGES_REQUESTED,
        ["A1", "C2"],
    )
    assert (answer_due_on(application), application.outcome) == ((NOW + 62 * DAY).date(), None)
    assert [codes(one) for one in (other_criterion, mechanism)] == [["closed"]] * 2
    assert tallied(school) == {Figure.SCHOOLS, Figure.CHANGES_REQUESTED}


def test_the_next_round_asks_only_for_the_open_criteria(context):
    application, head = sent_back("A1", "C2")
    school = application.school
    session.delete(assessment.scores(school.id)["A1"])
    session.delete(assessment.scores(school.id)["B1"])
    session.flush()
    factories.manager(school, duty=Duty.DEPUTY)

    with pytest.raises(Refused) as refused:
        hand_in(school, head, NOW + 3 * DAY)
    save(school, "A1", head, NOW + 3 * DAY)
    submission = hand_in(school, head, NOW + 4 * DAY)

    assert [one.link for one in refused.value.problems] == [
        ("assessment.criterion", {"criterion_id": "A1"})
    ]
    assert (submission.round, application.round, application.state) == (
        2,
        2,
        ApplicationState.SUBMITTED,
    )
    assert application.due_at is None
    assert documents.open_criteria(school.id) == []
    first, second = [
        read_submission(one)
        for one in (queries.submission(application, 1), queries.submission(application, 2))
        if one
    ]
    assert (first.open_criteria, second.open_criteria) == (None, ("A1", "C2"))
    assert [first.scores["A1"].level, second.scores["A1"].level] == [2, 3]
    assert [one for one in ("A1", "A2", "C2") if second.is_open(one)] == ["A1", "C2"]


@pytest.mark.one_database("sqlite")
def test_the_mechanism_counts_when_a_criterion_about_it_is_open(context):
    application, head = sent_back("B7")
    school = application.school
    mechanism_services.save_mechanism(school, TimeLimits(None, 1, 3), by=head, at=NOW)

    with pytest.raises(Refused) as refused:
        hand_in(school, head)

    assert codes(refused) == ["mechanism:time-limits"]


@pytest.mark.one_database("sqlite")
def test_changes_without_a_criterion_are_refused(context):
    application, _head, other = in_review()

    with pytest.raises(Refused) as refused:
        services.request_changes(application, open_criteria=[], days=60, by=other, at=NOW)

    assert (codes(refused), application.state) == (["open_criteria"], ApplicationState.IN_REVIEW)


# --- decision and withdrawal -----------------------------------------------------------------


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("outcome", "level", "open_answers"),
    [(ApplicationOutcome.CERTIFIED, 2, []), (ApplicationOutcome.MAJOR_GAPS, None, None)],
)
def test_a_decision_ends_the_application(
    context, outcome: ApplicationOutcome, level: int | None, open_answers: list[str] | None
):
    application, _head, other = in_review()

    services.decide(application, outcome=outcome, level=level, by=other, at=NOW)

    assert (application.state, application.outcome, application.level) == (
        ApplicationState.DECIDED,
        outcome,
        level,
    )
    assert documents.open_criteria(application.school_id) is None
    assert documents.open_answers(application.school_id) == open_answers
    assert application.school.progress is Progress.DECIDED
    last = history_of(application)[-1]
    assert (last.event, last.facts) == (
        "application.decided",
        {
            "old": "in_review",
            "new": "decided",
            "round": 1,
            "outcome": outcome.value,
            "level": level,
        },
    )


@pytest.mark.one_database("sqlite")
def test_minor_gaps_do_not_end_an_application(context):
    application, _head, other = in_review()

    with pytest.raises(ValueError, match="minor gaps"):
        services.decide(application, outcome=ApplicationOutcome.MINOR_GAPS, by=other, at=NOW)


@pytest.mark.one_database("sqlite")
def test_a_withdrawn_application_leaves_the_dossier_open(context):
    school, head = ready()
    application = hand_in(school, head).application

    services.withdraw(application, by=head, at=NOW)

    assert (application.state, school.progress) == (ApplicationState.WITHDRAWN, Progress.TRAINED)
    assert documents.open_criteria(school.id) is None
    assert hand_in(school, head).application.cycle == 2


@pytest.mark.one_database("sqlite")
def test_a_withdrawn_draft_leaves_the_school_where_it_is(context):
    school = factories.school(progress=Progress.IN_TRAINING)
    head = factories.manager(school)
    application = services.open_application(school, content=content(), by=head, at=NOW)

    services.withdraw(application, by=head, at=NOW)

    assert school.progress is Progress.IN_TRAINING


@pytest.mark.one_database("sqlite")
def test_a_draft_that_was_given_up_counts_no_more_and_its_number_is_not_used_again(context):
    school = factories.school()
    refused = {"state": ApplicationState.DECIDED, "outcome": ApplicationOutcome.MAJOR_GAPS}
    factories.application(school, round=1, **refused)
    head = factories.manager(school)
    draft = services.open_application(school, content=content(), by=head, at=NOW)

    services.withdraw(draft, by=head, at=NOW)

    newest = queries.newest_application(school.id)
    assert newest is not None
    assert (newest.cycle, newest.outcome) == (1, ApplicationOutcome.MAJOR_GAPS)
    again = services.open_application(school, content=content(), by=head, at=NOW)
    assert again.cycle == 3


@pytest.mark.parametrize(
    ("decision", "cycle"),
    [
        ({"outcome": ApplicationOutcome.CERTIFIED, "level": 1}, 1),
        ({"outcome": ApplicationOutcome.MAJOR_GAPS}, 2),
    ],
)
def test_a_withdrawn_application_counts_unless_the_one_before_it_led_to_a_certificate(
    context, decision, cycle
):
    school = factories.school()
    factories.application(school, round=1, state=ApplicationState.DECIDED, **decision)
    factories.application(school, cycle=2, round=1, state=ApplicationState.WITHDRAWN)

    newest = queries.newest_application(school.id)

    assert newest is not None
    assert newest.cycle == cycle


@pytest.mark.one_database("sqlite")
def test_an_application_in_review_cannot_be_withdrawn(context):
    application, head, _other = in_review()

    with pytest.raises(Refused) as refused:
        services.withdraw(application, by=head, at=NOW)

    assert (codes(refused), application.state) == (["state"], ApplicationState.IN_REVIEW)


# --- two at once -----------------------------------------------------------------------------


def test_of_two_who_act_on_the_same_state_the_second_is_told(app):
    with app.app_context(), unit_of_work():
        application, _head, other = in_review()
        key, by = application.id, other.id

    with app.app_context():
        stale = session.get_one(Application, key)
        session.expunge(stale)
        session.rollback()

    with app.app_context(), unit_of_work():
        services.decide(
            session.get_one(Application, key),
            outcome=ApplicationOutcome.MAJOR_GAPS,
            by=session.get_one(User, by),
            at=NOW,
        )

    def certify() -> None:
        with app.app_context(), unit_of_work():
            session.add(stale)
            person = session.get_one(User, by)
            services.move(stale, ApplicationAction.CERTIFY, by=person, at=NOW, level=3)

    with pytest.raises(StaleDataError):
        certify()

    with app.app_context():
        kept = session.get_one(Application, key)
        assert (kept.outcome, kept.level) == (ApplicationOutcome.MAJOR_GAPS, None)
