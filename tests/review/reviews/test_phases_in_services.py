"""Sift, question, second and third review, letter, files: what each writes, and what it refuses."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import examine
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.deadlines.queries import open_of
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.deadlines.rules.working_time import working_days_between
from cissapp.people.notices.models import Mail
from cissapp.prepare.applications import queries as applications_queries
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import answer_due_on, working_day_after
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.assessment import services as assessment
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as documents
from cissapp.review.independence.queries import assignment_of
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.models import Letter, Score
from cissapp.review.reviews.phrases import letters
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.letters import below_target, goal_of
from cissapp.review.reviews.rules.phases import Phase
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.services import DecisionInput
from tests import factories as make
from tests.factories import NOW
from tests.refusals import codes

DAY = timedelta(days=1)
REMARK = "The page with the signature cannot be read. Please scan it once more."
NO = {"recommendation": ApplicationOutcome.MAJOR_GAPS, "level": None}


def head_of(application: Application) -> User:
    return people_of_school(application.school_id)[0]


def again(application: Application, *criteria: str, at: Any = NOW + 4 * DAY) -> None:
    """Change criteria, and hand the dossier in once more."""
    document = documents.documents(application.school_id)[0]
    standard = content().standard
    for one in criteria:
        facts = ScoreFacts(
            2, "What the school changed since, at some length.", "", frozenset({document.id})
        )
        assessment.save_score(
            application.school, standard.by_id[one], facts, standard=standard, by=head_of(application), at=at
        )  # fmt: skip
    applications.submit_for_school(
        application.school,
        content=content(),
        statement_signed=True,
        by=head_of(application),
        at=at,
    )


def sift(application: Application, by: User, **remarks: str) -> Any:
    return services.check_completeness(
        application, remarks=remarks, content=content(), by=by, at=NOW + DAY
    )


def due(application: Application) -> set[DeadlineKind]:
    return {one.kind for one in open_of(application.school_id)}


# --- sift ------------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_a_review_begins_after_a_passed_sift_only(context):
    application = make.handed_in(sift=False)
    sifter, assessor = make.reviewers(application)

    with pytest.raises(Refused) as early, session.begin_nested():
        make.begun(application, assessor)
    assert (codes(early), due(application)) == (["sift"], {DeadlineKind.COMPLETENESS_CHECK})
    session.refresh(application)

    made = sift(application, sifter)
    make.begun(application, sifter)

    assert (made.passed, made.remarks, made.round) == (True, {}, 1)
    assert due(application) == {DeadlineKind.REVIEW}


@pytest.mark.one_database("sqlite")
def test_a_sift_takes_no_seat(context):
    application = make.handed_in(sift=False)
    (sifter,) = make.reviewers(application, 1)

    sift(application, sifter)

    assert assignment_of(application.id, sifter.id) is None


@pytest.mark.one_database("sqlite")
def test_a_sift_sends_back_once_with_remarks(context):
    application = make.handed_in(sift=False)
    (sifter,) = make.reviewers(application, 1)

    sift(application, sifter, A2=REMARK)

    assert (application.state, application.open_criteria) == (
        ApplicationState.CHANGES_REQUESTED,
        None,
    )
    assert documents.open_criteria(application.school_id) is None
    assert applications_queries.remarks(application) == {"A2": REMARK}
    assert due(application) == {DeadlineKind.CHANGES}
    assert answer_due_on(application) == working_day_after(application, 15, NOW + DAY)
    assert {one.kind for one in session.scalars(select(Mail))} == {"returned"}

    again(application)
    assert (application.state, application.round, due(application)) == (
        ApplicationState.SUBMITTED,
        2,
        {DeadlineKind.COMPLETENESS_CHECK},
    )
    with pytest.raises(Refused) as twice, session.begin_nested():
        sift(application, sifter, A2=REMARK)
    assert codes(twice) == ["sift"]
    assert sift(application, sifter).passed
    with pytest.raises(Refused) as over:
        sift(application, sifter)
    assert codes(over) == ["state"]


def test_a_remark_says_enough_to_be_mended(context):
    application = make.handed_in(sift=False)
    (sifter,) = make.reviewers(application, 1)

    with pytest.raises(Refused) as refused:
        sift(application, sifter, A2="Bad.")

    assert codes(refused) == ["remarks"]


@pytest.mark.one_database("sqlite")
def test_who_is_tied_declared_nothing_or_is_a_stranger_does_not_sift(context):
    application = make.handed_in(sift=False)
    tied, silent = (make.user(Role.REVIEWER, group_id=application.school.group_id) for _ in "ab")
    make.declared(application, tied, "paid_by_school")

    for person, expected in ((tied, ["tied"]), (silent, ["declaration"])):
        with pytest.raises(Refused) as refused:
            sift(application, person)
        assert codes(refused) == expected
    with pytest.raises(Missing):
        sift(application, make.user(Role.REVIEWER))


@pytest.mark.parametrize("table", ["sift", "letter"])
def test_what_was_said_is_never_changed(context, table):
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    make.ruled(make.recommended(make.scored(make.begun(application, assessor)), **NO), decider, outcome=ApplicationOutcome.MAJOR_GAPS, level=None)  # fmt: skip

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(f"DELETE FROM {table}"))


# --- question --------------------------------------------------------------------------------


def asked(**levels: int) -> tuple[Application, Any, User]:
    application = make.handed_in()
    (assessor,) = make.reviewers(application, 1)
    review = make.begun(application, assessor)
    make.scored(review, **levels)
    services.ask_school(review, {"A1": REMARK}, by=assessor, at=NOW + 2 * DAY)
    return application, review, assessor


def test_a_question_stops_the_review_and_its_clock(context):
    application, review, _assessor = asked(A4=3)

    assert (application.state, application.open_criteria) == (
        ApplicationState.CHANGES_REQUESTED,
        ["A1"],
    )
    assert review.state is ReviewState.STOPPED
    assert due(application) == {DeadlineKind.CHANGES}
    assert documents.open_criteria(application.school_id) == ["A1"]

    again(application, "A1", at=NOW + 7 * DAY)

    assert (application.state, application.round) == (ApplicationState.SUBMITTED, 2)
    (left,) = open_of(application.school_id)
    whole = working_day_after(application, 30, NOW)
    stood = working_days_between((NOW + 2 * DAY).date(), (NOW + 7 * DAY).date(), calendar_at("MD"))  # fmt: skip
    assert left.kind is DeadlineKind.REVIEW
    assert working_days_between(whole, left.due_on, calendar_at("MD")) == stood


@pytest.mark.one_database("sqlite")
def test_after_the_answer_the_review_goes_on_and_other_scores_stay(context):
    application, _review, assessor = asked(A4=3)
    again(application, "A1")

    review = make.begun(application, assessor)

    assert (review.round, {one.criterion_id for one in review.scores if one.carried}) == (
        2, {one.id for one in content().standard.criteria} - {"A1"},
    )  # fmt: skip
    assert queries.levels_of(review)["A4"] == 3
    assert [
        one.id for one in content().standard.criteria if queries.scores_anew(review, one.id)
    ] == ["A1"]
    assert make.recommended(
        make.scored(review), recommendation=ApplicationOutcome.CERTIFIED, level=1
    ).handed_in_at


@pytest.mark.one_database("sqlite")
def test_a_school_is_asked_once(context):
    application, _review, assessor = asked()
    again(application, "A1")
    review = make.begun(application, assessor)

    with pytest.raises(Refused) as refused:
        services.ask_school(review, {"A2": REMARK}, by=assessor, at=NOW)

    assert codes(refused) == ["question"]


@pytest.mark.one_database("sqlite")
def test_what_was_not_scored_before_a_question_is_scored_after_it(context):
    application = make.handed_in()
    (assessor,) = make.reviewers(application, 1)
    services.ask_school(make.begun(application, assessor), {"A1": REMARK}, by=assessor, at=NOW)
    again(application, "A1")

    review = make.begun(application, assessor)

    assert all(queries.scores_anew(review, one.id) for one in content().standard.criteria)


@pytest.mark.one_database("sqlite")
def test_after_the_last_round_only_certified_or_major_gaps_is_left(context, monkeypatch):
    monkeypatch.setitem(content().standard.decision.process.__dict__, "rounds", 1)
    review, assessor, decider = make.assessing()
    review = make.scored(review, A1=1)

    with pytest.raises(Refused) as question, session.begin_nested():
        services.ask_school(review, {"A1": REMARK}, by=assessor, at=NOW)
    review = make.recommended(review, recommendation=ApplicationOutcome.MINOR_GAPS, level=None)
    with pytest.raises(Refused) as minor, session.begin_nested():
        make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)

    assert (codes(question), codes(minor)) == (["outcome"], ["outcome"])
    assert make.ruled(review, decider, outcome=ApplicationOutcome.MAJOR_GAPS, level=None)


# --- second and third review -----------------------------------------------------------------


def two_reviews(first: dict[str, int], second: dict[str, int]) -> tuple[Application, list[User]]:
    application = make.handed_in()
    people = make.reviewers(application, 4)
    one = make.scored(make.begun(application, people[0]), **first)
    make.wanting_second(application)
    other = make.scored(make.begun(application, people[1], place=ReviewPlace.SECOND), **second)
    for review in (one, other):
        make.recommended(review, **NO)
    return application, people


def phase_of(application: Application) -> Phase:
    return queries.phase_of(application, queries.reviews_of(application, application.round))


@pytest.mark.one_database("sqlite")
def test_two_reviews_that_agree_go_to_the_decision(context):
    application, _people = two_reviews({"A4": 3}, {"A4": 2})

    assert (phase_of(application), application.reviews_wanted) == (Phase.DECISION, 2)
    assert due(application) == {DeadlineKind.DECISION}


@pytest.mark.one_database("sqlite")
def test_two_reviews_that_differ_want_a_third_of_what_differs(context):
    application, people = two_reviews({"A4": 3, "A1": 2}, {"A4": 1, "A1": 1})
    assert (phase_of(application), application.reviews_wanted) == (Phase.SECOND_REVIEW, 3)

    third = make.begun(application, people[2], place=ReviewPlace.THIRD)
    assert third.criteria == ["A1", "A4"]
    with pytest.raises(Refused) as refused, session.begin_nested():
        make.save_one(third, "A2", people[2])
    assert codes(refused) == ["closed"]
    make.recommended(make.scored(third, A1=2, A4=2), recommendation=None)

    reviews = queries.reviews_of(application, 1)
    assert phase_of(application) is Phase.DECISION
    combined = services.combined_scores(reviews)
    assert (combined["A1"], combined["A4"]) == (2, 2)


def test_the_decision_rests_on_the_combined_scores(context):
    application, people = two_reviews({"A5": 2}, {"A5": 1})
    reviews = queries.reviews_of(application, 1)

    with pytest.raises(Refused):
        services.decide(
            application,
            DecisionInput(
                ApplicationOutcome.CERTIFIED, 2, [], "The scores follow from what was shown."
            ),
            version=services.reviews_version(reviews),
            sha256=reviews[ReviewPlace.FIRST].submission.sha256,
            issuer=make.issuer(),
            by=people[3],
            at=NOW,
        )
    made = make.ruled(
        reviews[ReviewPlace.FIRST], people[3], outcome=ApplicationOutcome.MAJOR_GAPS, level=None
    )

    steps = json.loads(queries.letter_of(made).content)["steps"]
    assert [one["criterion"] for one in steps] == ["A5"]


@pytest.mark.one_database("sqlite")
def test_one_person_writes_one_review(context):
    application, people = two_reviews({"A4": 3}, {"A4": 1})

    for person in people[:2]:
        with pytest.raises(Refused) as refused, session.begin_nested():
            make.begun(application, person, place=ReviewPlace.THIRD)
        assert codes(refused) == ["assessed"]


@pytest.mark.one_database("sqlite")
def test_a_second_review_that_nobody_asked_for_is_refused(context):
    application = make.handed_in()
    one, other = make.reviewers(application)
    make.begun(application, one)

    with pytest.raises(Refused) as refused:
        make.begun(application, other, place=ReviewPlace.SECOND)

    assert codes(refused) == ["state"]


@pytest.mark.one_database("sqlite")
def test_nobody_decides_before_all_reviews_are_there(context):
    application = make.handed_in()
    one, _other, decider = make.reviewers(application, 3)
    review = make.scored(make.begun(application, one))
    make.wanting_second(application)
    review = make.recommended(review, **NO)

    with pytest.raises(Refused) as refused:
        make.ruled(review, decider, outcome=ApplicationOutcome.MAJOR_GAPS, level=None)

    assert codes(refused) == ["state"]


# --- the rubric's version --------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_a_dossier_of_a_version_that_is_gone_is_told_so(context, monkeypatch):
    application = make.handed_in()
    (assessor,) = make.reviewers(application, 1)
    review = make.scored(make.begun(application, assessor))
    newer = content().standard.rubric.model_copy(update={"version": "3.0"})
    from msgspec.structs import replace

    other = replace(content(), standard=replace(content().standard, rubric=newer))

    with pytest.raises(Refused) as refused:
        services.standard_of(review.submission, other)
    kept = replace(other, earlier={"2.0": content().standard})

    assert (codes(refused), refused.value.problems[0].values) == (["rubric"], {"version": "2.0"})
    assert services.standard_of(review.submission, kept) is content().standard


# --- the letter ------------------------------------------------------------------------------

LEVELS = st.dictionaries(
    st.sampled_from(["A1", "A4", "A8", "B3", "B9", "C1", "C7", "C12"]),
    st.sampled_from([0, 1, 2, 3, None]),
)


@pytest.mark.one_database("sqlite")
@given(LEVELS, st.sampled_from([None, 1, 2, 3]), st.sampled_from(["en", "ro", "uk", "ru", "be"]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_letter_tells_of_every_criterion_below_its_target(app, levels, level, language):
    standard = app.extensions["ciss-content"].standard
    given_levels = {**{one.id: 2 for one in standard.criteria}, **levels}
    scores = {
        key: Score(criterion_id=key, level=value, reason=f"Why {key} is so.", references=[])
        for key, value in given_levels.items()
    }
    outcome = ApplicationOutcome.MAJOR_GAPS if level is None else ApplicationOutcome.CERTIFIED
    school = make.School(name="Lyceum", language=language, country_code="MD")
    school.group = make.NationalGroup(name="Group")
    application = Application(school=school, round=1)
    told = letters.LetterFacts(outcome, level, "Reasons in short.", "", scores)

    with app.test_request_context():
        letter = letters.written_letter(application, told, standard, language=language, at=NOW)

    goal = goal_of(level, standard.decision)
    wanted = below_target(given_levels, standard.decision, standard.criteria, goal)
    assert [one.criterion for one in letter.steps] == list(wanted)
    for one in letter.steps:
        criterion = standard.by_id[one.criterion]
        sentence = criterion.text(one.language).levels[str(wanted[one.criterion])]
        assert (one.sentence, one.reason) == (sentence, f"Why {one.criterion} is so.")
        assert one.language == (language if language in criterion.texts else "en")
    # There is nothing to appeal against once the school is certified.
    assert bool(letter.appeal) is (outcome is ApplicationOutcome.MAJOR_GAPS)
    assert letter.language == language


@pytest.mark.one_database("sqlite")
def test_letter_application_and_decision_name_the_same_open_criteria(context):
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    # C2 is below level 2, which says how things should be; but level 1 does not need it.
    review = make.scored(make.begun(application, assessor), A1=1, A4=1, C2=1)
    review = make.recommended(review, recommendation=ApplicationOutcome.MINOR_GAPS, level=None)

    made = make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)

    letter = json.loads(session.scalars(select(Letter)).one().content)
    named = [one["criterion"] for one in letter["steps"]]
    assert named == made.open_criteria == application.open_criteria == ["A1", "A4"]


def test_the_letter_is_kept_in_the_language_of_the_school(context):
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.recommended(make.scored(make.begun(application, assessor)), **NO)

    made = make.ruled(review, decider, outcome=ApplicationOutcome.MAJOR_GAPS, level=None, opening="Dragi colegi!")  # fmt: skip

    kept = session.scalars(select(Letter)).one()
    assert (kept.decision_id, kept.language) == (made.id, application.school.language)
    assert json.loads(kept.content)["opening"] == "Dragi colegi!"


# --- files -----------------------------------------------------------------------------------


def attach(application: Application, by: User) -> Any:
    sheet = make.pdf_of("The policy with notes")
    return services.attach(
        application,
        examine(sheet, "notes.pdf"),
        file_name="notes.pdf",
        store=files(),
        by=by,
        at=NOW,
    )


def test_a_file_for_the_school_is_there_for_it_after_the_decision_only(context):
    review, assessor, decider = make.assessing()
    application = review.application
    made = attach(application, assessor)
    head = head_of(application)

    with pytest.raises(Missing):
        queries.attachment(made.id, head)
    case = queries.case(application, decider, today=NOW.date())
    assert queries.attachments_for(case, decider) == []
    make.ruled(
        make.recommended(make.scored(review), **NO),
        decider,
        outcome=ApplicationOutcome.MAJOR_GAPS,
        level=None,
    )

    assert queries.attachment(made.id, head) is made
    with pytest.raises(Refused):
        services.detach(made, store=files(), by=assessor, at=NOW)


def test_only_who_takes_part_adds_a_file_and_takes_it_back(context):
    application = make.handed_in()
    assessor, other = make.reviewers(application)
    with pytest.raises(Refused):
        attach(application, assessor)
    make.begun(application, assessor)
    made = attach(application, assessor)

    with pytest.raises(Refused):
        services.detach(made, store=files(), by=other, at=NOW)
    services.detach(made, store=files(), by=assessor, at=NOW)

    assert queries.attachments_of(application.id, 1) == []
