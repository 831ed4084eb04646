"""Declaration, scores, recommendation, decision: what each writes, and what it refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.queries import history_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import EditConflict, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.notices.models import Mail
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import answer_due_on
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.rules import VersionState
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.desk import DeskState
from cissapp.review.reviews.services import DecisionInput
from tests import factories as make
from tests.factories import NOW, REASON
from tests.refusals import codes

DAY = timedelta(days=1)
MINOR = {"recommendation": ApplicationOutcome.MINOR_GAPS, "level": None}
REASONS = "The scores follow from what the school has shown."
LEVEL_2 = ["evidence_of_use_six_months", "visit_or_video_interview", "survey_80_percent"]


def ruling(
    outcome: ApplicationOutcome = ApplicationOutcome.CERTIFIED,
    level: int | None = 1,
    needs: Any = (),
) -> DecisionInput:
    return DecisionInput(outcome, level, needs, REASONS, departure=REASONS)


def decide(review: Review, by: User, with_: DecisionInput | None = None, **seen: Any) -> Decision:
    return services.decide(
        review.application,
        with_ or ruling(),
        by=by,
        at=NOW + 3 * DAY,
        issuer=make.issuer(),
        **{"version": review.version, "sha256": review.submission.sha256, **seen},
    )


def save(
    review: Review, criterion_id: str, by: User, level: int | None = 2, reason: str = REASON
) -> Score:
    standard = content().standard
    judgement = services.ScoreInput(standard.by_id[criterion_id], level, reason, ["mechanism"])
    return services.save_score(review, judgement, standard=standard, by=by, at=NOW)


def hand_in(review: Review, by: User, **values: Any) -> None:
    values = {
        "recommendation": ApplicationOutcome.CERTIFIED,
        "level": 1,
        "needs": [],
        "summary": "Clear, dated and in use.",
        "version": review.version,
        **values,
    }
    recommendation = services.Recommendation(
        *(values.pop(key) for key in ("recommendation", "level", "needs", "summary"))
    )
    services.submit_review(
        review, recommendation, standard=content().standard, by=by, at=NOW, **values
    )


@make.a_beginning("application.school")
def to_decide(**levels: int | None) -> tuple[Review, User, User]:
    """A review that was handed in, its assessor, and somebody who may decide."""
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.scored(make.begun(application, assessor), **levels)
    values = {} if not levels else MINOR
    return make.recommended(review, **values), assessor, decider


def second_round() -> tuple[Review, Application, User, User]:
    """The review of round 1 with A1 open, and the application handed in again."""
    review, assessor, decider = to_decide(A1=1)
    make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)
    application = review.application
    _change(application, "A1")
    applications.submit_for_school(
        application.school,
        content=content(),
        statement_signed=True,
        by=_head(application),
        at=NOW + 5 * DAY,
    )
    return review, application, assessor, decider


def _head(application: Application) -> User:
    from cissapp.people.accounts.queries import people_of_school

    return people_of_school(application.school_id)[0]


def _change(application: Application, criterion_id: str) -> None:
    from cissapp.prepare.assessment import services as assessment
    from cissapp.prepare.assessment.rules import ScoreFacts

    document = documents.documents(application.school_id)[0]
    standard = content().standard
    facts = ScoreFacts(
        2, "What the school changed since, at some length.", "", frozenset({document.id})
    )
    assessment.save_score(
        application.school,
        standard.by_id[criterion_id],
        facts,
        standard=standard,
        by=_head(application),
        at=NOW + 4 * DAY,
    )


def test_a_school_of_another_group_now_is_out_of_reach_of_the_old_one(context):
    application = make.handed_in()
    person, _other = make.reviewers(application)
    application.school.group_id = make.group().id
    session.flush()

    with pytest.raises(Missing):
        services.start_review(application, by=person, at=NOW)


# --- start -----------------------------------------------------------------------------------


def test_who_begins_assesses(context):
    application = make.handed_in()
    assessor, _other = make.reviewers(application)

    review = services.start_review(application, by=assessor, at=NOW + DAY)

    assert (review.round, review.assessor_id, review.state, review.started_at, review.scores) == (
        1, assessor.id, ReviewState.OPEN, NOW + DAY, [],
    )  # fmt: skip
    assert review.submission_id == application.submissions[0].id
    assert (application.state, application.school.progress) == (
        ApplicationState.IN_REVIEW,
        Progress.IN_REVIEW,
    )
    assert history_of(application)[-1].event == "application.review_started"


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("grounds", "expected"), [(None, ["declaration"]), (("paid_by_school",), ["tied"])]
)
def test_without_a_declaration_or_with_a_tie_nobody_begins(context, grounds, expected):
    application = make.handed_in()
    person = make.user(Role.REVIEWER, group_id=application.school.group_id)
    if grounds:
        make.declared(application, person, *grounds)

    with pytest.raises(Refused) as refused:
        services.start_review(application, by=person, at=NOW)

    assert codes(refused) == expected
    assert application.state is ApplicationState.SUBMITTED


def test_who_invited_people_of_the_school_neither_assesses_nor_decides(context):
    review, _assessor, decider = to_decide()
    _head(review.application).invited_by_id = decider.id
    session.flush()

    with pytest.raises(Refused) as refused:
        decide(review, decider)
    assert codes(refused) == ["invited"]

    application = make.handed_in()
    inviter, _other = make.reviewers(application)
    _head(application).invited_by_id = inviter.id
    session.flush()
    with pytest.raises(Refused) as refused:
        services.start_review(application, by=inviter, at=NOW)
    assert codes(refused) == ["invited"]


def test_the_second_who_begins_is_told(context):
    application = make.handed_in()
    first, second = make.reviewers(application)
    services.start_review(application, by=first, at=NOW)

    with pytest.raises(Refused) as refused:
        services.start_review(application, by=second, at=NOW)

    assert codes(refused) == ["state"]
    assert [one.assessor_id for one in session.scalars(select(Review))] == [first.id]


def race(app: Flask, jobs: list[Any]) -> list[str]:
    """Do everything at the same moment, each in a transaction of its own; name what came of each."""
    together = Barrier(len(jobs))

    def run(job: Any) -> str:
        with app.app_context():
            together.wait()
            try:
                with unit_of_work():
                    job()
            except (EditConflict, Refused, StaleDataError) as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return sorted(pool.map(run, jobs))


def test_of_two_who_begin_at_once_one_assesses(app):
    application = make.handed_in()
    people = make.reviewers(application)

    def begin(person: User) -> None:
        row = session.get(Application, application.id)
        services.start_review(row, by=session.get(User, person.id), at=NOW)

    outcome = race(app, [lambda p=p: begin(p) for p in people])

    assert outcome[0] in {"Refused", "StaleDataError"}
    assert outcome[1] == "done"
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Review)) == 1


# --- scores ----------------------------------------------------------------------------------


def test_a_score_is_kept_with_its_reason_and_can_be_changed(context):
    review, assessor, _other = make.assessing()

    save(review, "A1", assessor, 3)
    save(review, "A1", assessor, 1, f"{REASON} Looked at once more.")

    kept = session.scalars(select(Score)).one()
    assert (kept.criterion_id, kept.level, kept.not_applicable, kept.reason) == (
        "A1", 1, False, f"{REASON} Looked at once more.",
    )  # fmt: skip
    entries = history_of(kept)
    assert [(one.event, one.facts["level"]) for one in entries] == [
        ("score.saved", 3), ("score.saved", 1),
    ]  # fmt: skip
    assert "reason" not in entries[0].facts


@pytest.mark.parametrize(
    ("criterion", "level", "reason", "expected"),
    [
        ("A1", 2, "too short", ["reason"]),
        ("A1", 0, "Twenty and some more.", ["reason"]),
        ("A1", None, REASON, ["level"]),
    ],
)
def test_a_score_is_refused_where_the_rules_refuse_it(context, criterion, level, reason, expected):
    review, assessor, _other = make.assessing()

    with pytest.raises(Refused) as refused:
        save(review, criterion, assessor, level, reason)

    assert codes(refused) == expected
    assert session.scalars(select(Score)).all() == []


@pytest.mark.one_database("sqlite")
def test_a_criterion_that_applies_to_every_school_cannot_be_not_applicable(context):
    review, assessor, _other = make.assessing()
    save(review, "A11", assessor, None)
    save(review, "A12", assessor, None)

    for key in ("A4", "A14", "C2"):
        with pytest.raises(Refused) as refused:
            save(review, key, assessor, None)
        assert codes(refused) == ["level"]


def test_only_the_assessor_scores(context):
    review, _assessor, other = make.assessing()

    with pytest.raises(Refused) as refused:
        save(review, "A1", other)

    assert codes(refused) == ["assessor"]


def test_after_handing_in_no_score_changes(context):
    review, assessor, _decider = to_decide()

    with pytest.raises(Refused) as refused:
        save(review, "A1", assessor, 3)

    assert codes(refused) == ["state"]
    assert {one.level for one in review.scores} == {2}


# --- recommendation --------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_a_recommendation_is_kept(context):
    review, assessor, _other = make.assessing()
    review = make.scored(review)
    application = review.application
    make.visited(application)

    hand_in(review, assessor, level=2, needs=LEVEL_2)

    assert (review.state, review.handed_in_at, review.recommendation, review.level) == (
        ReviewState.HANDED_IN, NOW, ApplicationOutcome.CERTIFIED, 2,
    )  # fmt: skip
    entry = history_of(review)[-1]
    assert (entry.event, entry.facts["needs"]) == ("review.handed_in", sorted(LEVEL_2))


@pytest.mark.one_database("sqlite")
def test_every_criterion_is_scored_before_a_recommendation(context):
    review, assessor, _other = make.assessing()
    for criterion in content().standard.criteria:
        if criterion.id not in {"A4", "C12"}:
            save(review, criterion.id, assessor)

    with pytest.raises(Refused) as refused:
        hand_in(review, assessor)

    assert codes(refused) == ["scores"]
    assert refused.value.problems[0].values == {"criteria": "A4, C12"}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("levels", "values", "expected"),
    [
        ({}, {"level": None}, ["level"]),
        ({}, {"level": 2}, [f"need:{one}" for one in LEVEL_2]),
        ({}, {"level": 2, "needs": LEVEL_2}, ["need:visit_or_video_interview"]),
        ({"A1": 1, "A4": 3}, {}, ["criterion:A1"]),
        ({}, MINOR, ["outcome"]),
    ],
)
def test_a_recommendation_follows_the_decision_rule(context, levels, values, expected):
    review, assessor, _other = make.assessing()
    review = make.scored(review, **levels)

    with pytest.raises(Refused) as refused:
        hand_in(review, assessor, **values)

    assert codes(refused) == expected
    assert review.state is ReviewState.OPEN


@pytest.mark.one_database("sqlite")
def test_a_recommendation_on_an_old_page_is_told_so(context):
    review, assessor, _other = make.assessing()
    review = make.scored(review)

    with pytest.raises(EditConflict):
        hand_in(review, assessor, version=review.version + 1)


# --- decision --------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_another_person_certifies_and_everything_follows(context):
    review, assessor, decider = to_decide()
    application = review.application

    decision = decide(review, decider)

    assert (
        decision.outcome, decision.level, decision.round, decision.assessor_id,
        decision.decider_id, decision.reasons, decision.open_criteria,
    ) == (ApplicationOutcome.CERTIFIED, 1, 1, assessor.id, decider.id, REASONS, [])  # fmt: skip
    assert (application.state, application.outcome, application.level) == (
        ApplicationState.DECIDED, ApplicationOutcome.CERTIFIED, 1,
    )  # fmt: skip
    school = application.school
    assert (school.progress, school.standing, school.level) == (
        Progress.DECIDED, Standing.NONE, None,
    )  # fmt: skip
    certificate = session.scalars(select(Certificate)).one()
    # The file follows once the decision is kept.
    assert ([entry.event.value for entry in certificate.entries], certificate.publication) == (
        ["reserved"], None,
    )  # fmt: skip
    assert (certificate.application_id, certificate.level, certificate.issued_by_id) == (
        application.id, 1, decider.id,
    )  # fmt: skip
    states = {one.version.state for one in review.submission.versions}
    assert states == {VersionState.ACCEPTED}
    entry = history_of(decision)[-1]
    assert (entry.event, entry.facts["submission"]) == (
        "decision.taken", review.submission.sha256,
    )  # fmt: skip


def test_the_trail_holds_a_line_of_each_service_that_a_certification_calls(context):
    review, _, decider = to_decide()

    decide(review, decider)

    at_once = select(AuditEntry).where(AuditEntry.at == NOW + 3 * DAY).order_by(AuditEntry.id)
    assert [entry.event for entry in session.scalars(at_once)] == [
        Event.SEAT_TAKEN,
        Event.DECISION_TAKEN,
        Event.LETTER_WRITTEN,
        Event.APPLICATION_DECIDED,
        Event.DEADLINE_MET,
        Event.CERTIFICATE_RESERVED,
    ]


@pytest.mark.one_database("sqlite")
def test_the_school_is_told_without_scores(context):
    review, assessor, decider = to_decide()
    _head(review.application).language = "en"

    decide(review, decider)

    mails = session.scalars(select(Mail).where(Mail.kind == "decision")).all()
    assert len(mails) == 2
    assert all(
        "http://ciss.example/school/application/decision" in (one.body or "") for one in mails
    )
    told = " ".join(one.body or "" for one in mails)
    assert [word for word in ("level", REASONS, assessor.name, decider.name) if word in told] == []


def test_the_assessor_does_not_decide(context):
    review, assessor, _decider = to_decide()

    with pytest.raises(Refused) as refused:
        decide(review, assessor)

    assert codes(refused) == ["assessed"]
    assert session.scalars(select(Decision)).all() == []


def test_the_database_refuses_one_person_as_assessor_and_decider(context):
    review, assessor, _decider = to_decide()

    decision = Decision(
        application_id=review.application_id,
        review_id=review.id,
        round=1,
        assessor_id=assessor.id,
        decider_id=assessor.id,
        outcome=ApplicationOutcome.MAJOR_GAPS,
        reasons=REASONS,
        open_criteria=[],
        decided_at=NOW,
    )

    with pytest.raises(IntegrityError), session.begin_nested():
        make.kept(decision)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("grounds", "expected"), [(None, ["declaration"]), (("paid_by_school",), ["tied"])]
)
def test_without_a_declaration_or_with_a_tie_nobody_decides(context, grounds, expected):
    review, _assessor, _decider = to_decide()
    person = make.user(Role.COORDINATOR, group_id=review.application.school.group_id)
    if grounds:
        make.declared(review.application, person, *grounds)

    with pytest.raises(Refused) as refused:
        decide(review, person)

    assert codes(refused) == expected


@pytest.mark.one_database("sqlite")
def test_before_the_review_is_handed_in_nothing_is_decided(context):
    review, _assessor, decider = make.assessing()
    review = make.scored(review)

    with pytest.raises(Refused) as refused:
        decide(review, decider)

    assert codes(refused) == ["state"]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("seen", [{"version": 1}, {"sha256": "0" * 64}])
def test_what_was_not_seen_is_not_decided(context, seen):
    review, _assessor, decider = to_decide()

    with pytest.raises(EditConflict):
        decide(review, decider, **seen)

    assert session.scalars(select(Decision)).all() == []


def test_the_second_who_decides_is_told(context):
    review, _assessor, decider = to_decide()
    other = make.user(Role.COORDINATOR, group_id=review.application.school.group_id)
    make.declared(review.application, other)
    decide(review, decider)

    with pytest.raises(EditConflict):
        decide(review, other, ruling(ApplicationOutcome.MAJOR_GAPS, None))

    assert [one.outcome for one in session.scalars(select(Decision))] == [
        ApplicationOutcome.CERTIFIED
    ]


def test_of_two_who_decide_at_once_one_wins(app):
    application = make.handed_in()
    assessor, *deciders = make.reviewers(application, 3)
    review = make.recommended(make.scored(make.begun(application, assessor)))
    with_keys = make.issuer()

    def take(person: User) -> None:
        row = session.get(Review, review.id)
        services.decide(
            row.application,
            ruling(),
            version=review.version,
            sha256=review.submission.sha256,
            issuer=with_keys,
            by=session.get(User, person.id),
            at=NOW + DAY,
        )

    outcome = race(app, [lambda p=p: take(p) for p in deciders])

    assert outcome == ["EditConflict", "done"]
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Decision)) == 1
        assert session.scalar(select(func.count()).select_from(Certificate)) == 1


@pytest.mark.one_database("sqlite")
def test_no_certificate_above_the_level_that_was_reached(context):
    review, _assessor, decider = to_decide()

    with pytest.raises(Refused) as refused:
        decide(review, decider, ruling(level=2, needs=LEVEL_2))

    assert codes(refused) == [f"need:{one}" for one in LEVEL_2]
    assert review.application.state is ApplicationState.IN_REVIEW


@pytest.mark.one_database("sqlite")
def test_level_2_needs_what_both_confirm(context):
    review, _assessor, decider = make.assessing()
    review = make.scored(review)
    application = review.application
    make.visited(application)
    make.recommended(review, level=2, needs=LEVEL_2)

    with pytest.raises(Refused) as refused:
        decide(review, decider, ruling(level=2, needs=LEVEL_2[1:]))
    assert codes(refused) == ["need:evidence_of_use_six_months"]

    assert decide(review, decider, ruling(level=2, needs=LEVEL_2)).level == 2


@pytest.mark.one_database("sqlite")
def test_no_certificate_with_gaps(context):
    review, _assessor, decider = to_decide(A1=1, A4=3)

    with pytest.raises(Refused) as refused:
        decide(review, decider)

    assert codes(refused) == ["criterion:A1"]


def test_no_certificate_once_somebody_trained_has_left(context):
    from cissapp.people.accounts.services import deactivate

    review, _assessor, decider = to_decide()
    deactivate(_head(review.application), by=decider, at=NOW)

    with pytest.raises(Refused) as refused:
        decide(review, decider)

    assert codes(refused) == ["training:head"]
    assert review.application.state is ApplicationState.IN_REVIEW
    assert session.scalars(select(Certificate)).all() == []


@pytest.mark.one_database("sqlite")
def test_minor_gaps_send_back_the_open_criteria_only(context):
    review, _assessor, decider = to_decide(A1=1, B9=1)
    application = review.application

    decision = decide(review, decider, ruling(ApplicationOutcome.MINOR_GAPS, None))

    assert (decision.open_criteria, decision.level) == (["A1", "B9"], None)
    assert (application.state, application.open_criteria, answer_due_on(application)) == (
        ApplicationState.CHANGES_REQUESTED, ["A1", "B9"], (NOW + 63 * DAY).date(),
    )  # fmt: skip
    assert documents.open_criteria(application.school_id) == ["A1", "B9"]
    assert session.scalars(select(Certificate)).all() == []


@pytest.mark.one_database("sqlite")
def test_major_gaps_end_the_application(context):
    review, _assessor, decider = to_decide(A1=0)
    application = review.application

    decide(review, decider, ruling(ApplicationOutcome.MAJOR_GAPS, None))

    assert (application.state, application.outcome) == (
        ApplicationState.DECIDED,
        ApplicationOutcome.MAJOR_GAPS,
    )
    assert documents.open_criteria(application.school_id) is None


@pytest.mark.one_database("sqlite")
def test_minor_gaps_need_a_gap(context):
    review, _assessor, decider = to_decide()

    with pytest.raises(Refused) as refused:
        decide(review, decider, ruling(ApplicationOutcome.MINOR_GAPS, None))

    assert codes(refused) == ["outcome"]


# --- the next round --------------------------------------------------------------------------


def test_the_next_round_carries_over_what_was_settled(context):
    first, application, assessor, _decider = second_round()

    review = services.start_review(application, by=assessor, at=NOW + 6 * DAY)

    assert review.round == 2
    assert {one.criterion_id for one in review.scores} == {
        one.criterion_id for one in first.scores
    } - {"A1"}
    with pytest.raises(Refused) as refused:
        save(review, "A2", assessor, 3)
    assert codes(refused) == ["closed"]
    case = queries.case(application, assessor, today=NOW.date())
    standard = content().standard
    desk = queries.criterion_page(case, standard.by_id["A1"], standard, DeskState())
    assert (desk.score, desk.before.level, desk.before.reason) == (None, 1, REASON)
    save(review, "A1", assessor, 2)
    hand_in(review, assessor)
    assert {one.criterion_id: one.level for one in first.scores}["A1"] == 1


@pytest.mark.one_database("sqlite")
def test_who_decided_a_round_does_not_assess_the_next(context):
    _first, application, _assessor, decider = second_round()

    with pytest.raises(Refused) as refused:
        services.start_review(application, by=decider, at=NOW + 6 * DAY)

    assert codes(refused) == ["decided"]


def test_who_assessed_a_round_does_not_decide_the_next(context):
    _first, application, assessor, decider = second_round()
    third = make.user(Role.COORDINATOR, group_id=application.school.group_id)
    make.declared(application, third)
    review = make.begun(application, third, at=NOW + 6 * DAY)
    make.recommended(make.scored(review))

    with pytest.raises(Refused) as refused:
        decide(review, assessor)
    assert codes(refused) == ["assessed"]

    assert decide(review, decider).outcome is ApplicationOutcome.CERTIFIED
    assert [one.round for one in queries.decisions_of(application)] == [1, 2]


@pytest.mark.one_database("sqlite")
def test_several_scores_are_saved_in_one_act_and_recorded_one_by_one(context, make):
    review, assessor, _ = make.assessing()
    standard = content().standard
    judgements = [
        services.ScoreInput(standard.by_id[key], 2, REASON, ["mechanism"]) for key in ("B1", "A1")
    ]

    kept = services.save_scores(review, judgements, standard=standard, by=assessor, at=NOW)

    assert [(one.criterion_id, one.level, one.reason) for one in kept] == [
        ("B1", 2, REASON),
        ("A1", 2, REASON),
    ]
    lines = select(AuditEntry).where(AuditEntry.event == Event.SCORE_SAVED)
    entries = session.scalars(lines.order_by(AuditEntry.id))
    assert [(one.facts, one.subject_id) for one in entries] == [
        ({"criterion": one.criterion_id, "level": 2}, str(one.id)) for one in kept
    ]


def test_of_several_scores_the_first_that_is_wrong_refuses_all(context, make):
    review, assessor, decider = make.assessing()
    standard = content().standard
    good = services.ScoreInput(standard.by_id["A1"], 2, REASON, ["mechanism"])
    bare = services.ScoreInput(standard.by_id["A2"], 2, "", ["mechanism"])

    with pytest.raises(Refused) as without_reason:
        services.save_scores(review, [good, bare], standard=standard, by=assessor, at=NOW)
    with pytest.raises(Refused) as by_another:
        services.save_scores(review, [good], standard=standard, by=decider, at=NOW)

    assert [one.code for one in without_reason.value.problems] == ["reason"]
    assert [one.code for one in by_another.value.problems] == ["assessor"]
