"""Which levels a school may know of, and what is counted of the toolkit, as the database answers it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema.toolkit import ClauseKey
from cissapp.foundation.content.toolkit import Clause, Product, Toolkit
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.policy.models import PolicyClause, PolicyDraft, PolicyWording
from cissapp.prepare.policy.rules.clauses import ClauseChoice
from cissapp.review.history.queries.levels import level_history
from cissapp.review.history.queries.toolkit_use import toolkit_use
from cissapp.review.history.rules.toolkit_use import ClauseUse, CriterionResult, ProductUse
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace, combine_scores
from tests import factories as make
from tests.factories import NOW
from tests.statements import statements_sent

DAY = timedelta(days=1)


@pytest.fixture
def context(app):
    with app.app_context(), unit_of_work():
        yield


def decided_round(*, levels: dict[str, int], decide: bool = True, of: Any = None) -> Any:
    """A first round that was reviewed with these levels, else 2, and decided on minor gaps."""
    application = make.handed_in(of)
    assessor, decider = make.reviewers(application)
    review = make.scored(make.begun(application, assessor), **levels)
    gaps = ApplicationOutcome.MINOR_GAPS
    make.recommended(review, recommendation=gaps, level=None)
    if decide:
        make.ruled(review, decider, NOW + DAY, outcome=gaps, level=None)
    return application


def history_of(school_id: Any) -> Any:
    return level_history(school_id, content(), at=NOW + 9 * DAY)


def told(found: Any, module_id: str = "reporting-and-response") -> list[tuple[str, float | None]]:
    return [(one.kind.value, one.modules.get(module_id)) for one in found.measurements]


@pytest.mark.one_database("sqlite")
def test_the_levels_of_the_reviewers_are_there_once_the_round_is_decided(context):
    waits = decided_round(levels={"B8": 0}, decide=False)
    done = decided_round(levels={"B8": 0})

    assert told(history_of(waits.school_id)) == [("submitted", 2.0), ("today", 2.0)]
    assert history_of(waits.school_id).decided is None

    found = history_of(done.school_id)
    assert told(found) == [("submitted", 2.0), ("decided", 1.88), ("today", 2.0)]
    assert (found.decided.told, found.still_told) == ({"B8": 0}, {"B8": 0})
    assert found.decided.shown == {one.id for one in content().standard.criteria} - {"B8"}


def test_what_the_school_has_answered_since_counts_as_it_says_now(context):
    application = decided_round(levels={"B8": 0, "A3": 1})
    row = session.get(SelfScore, (application.school_id, "B8"))
    row.level, row.saved_at = 3, NOW + 2 * DAY
    session.flush()

    found = history_of(application.school_id)

    assert found.still_told == {"A3": 1}
    assert told(found)[-1] == ("today", 2.06)


@pytest.mark.one_database("sqlite")
def test_a_round_by_criteria_that_are_here_no_more_has_no_figures(context):
    application = decided_round(levels={"B8": 0})
    version, before = next(iter(content().earlier.items()))
    only_before = replace(content(), standard=before, earlier={})

    found = level_history(application.school_id, only_before, at=NOW + 9 * DAY)

    assert told(found)[:2] == [("submitted", None), ("decided", None)]
    assert [one.total for one in found.measurements[:2]] == [0, 0]
    assert (found.decided, found.measurements[2].version) == (None, version)


@pytest.mark.one_database("sqlite")
def test_a_round_is_measured_by_the_criteria_that_it_was_submitted_under(context):
    application = decided_round(levels={"B8": 0})
    now = content().standard.rubric.version
    elsewhere = content().under(next(iter(content().earlier)))

    found = level_history(application.school_id, elsewhere, at=NOW + 9 * DAY)

    assert [one.version for one in found.measurements] == [now] * 3
    assert found.decided.standard is content().standard


def statements(ask: Any, *loaded: Any) -> int:
    session.expire_all()
    for one in loaded:
        session.refresh(one)
    with statements_sent() as seen:
        ask()
    return len(seen)


# --- the toolkit in counts -------------------------------------------------------------------

CLAUSE = {"section": "scope", "version": 1, "state": "ours"}
KEYS = [
    ClauseKey.model_validate({"id": one, "elements": elements, **CLAUSE})
    for one, elements in (("scope-who", ["A1.groups", "B8.map"]), ("people", ["A3.person"]))
]
PRODUCT: Any = Product(SimpleNamespace(id="risk-map"), {})  # type: ignore[arg-type]
TOOLKIT = Toolkit(clauses=tuple(Clause(one, {}) for one in KEYS), products=(PRODUCT,))


def took(school_id: Any, clause_id: str, choice: ClauseChoice, at: Any = NOW - DAY) -> None:
    if session.get(PolicyWording, clause_id) is None:
        wording = {"digest": clause_id, "clause_id": clause_id, "version": 1, "said": {}}
        session.add(PolicyWording(stored_at=NOW, **wording))
        session.flush()
    session.add(
        PolicyClause(
            school_id=school_id,
            clause_id=clause_id,
            choice=choice,
            wording_digest=clause_id,
            own={},
            language="en",
            reason="",
            declined="",
            chosen_at=at,
            chosen_by_id=school_id,
        )
    )
    session.flush()


def drafted(school_id: Any) -> None:
    draft = PolicyDraft(
        school_id=school_id,
        language="ro",
        known=[],
        document_id=school_id,
        taken_at=NOW,
        changed_at=NOW,
        changed_by_id=school_id,
    )
    session.add(draft)
    session.flush()


def count_for(person: Any, toolkit: Toolkit = TOOLKIT) -> Any:
    return toolkit_use(person, toolkit).figures


def test_choices_reviews_and_products_are_counted_in_the_own_group_or_everywhere(context):
    with_clause, without = decided_round(levels={"B8": 0}), decided_round(levels={"B8": 0})
    took(with_clause.school_id, "scope-who", ClauseChoice.CHANGED)
    took(with_clause.school_id, "people", ClauseChoice.LEFT_OUT)
    took(without.school_id, "people", ClauseChoice.LEFT_OUT)
    # Taken after this round was submitted: the round says nothing of it.
    took(without.school_id, "scope-who", ClauseChoice.TAKEN, NOW + DAY)
    for school_id, languages in ((with_clause.school_id, "ro uk"), (without.school_id, "ro")):
        drafted(school_id)
        for language in languages.split():
            session.add(
                MadePaper(
                    school_id=school_id,
                    kind=PaperKind.PRODUCT,
                    name="risk-map",
                    language=language,
                    facts={},
                    made_at=NOW,
                )
            )
    session.flush()

    everywhere = count_for(make.user(Role.SECRETARIAT))
    own = session.get(School, with_clause.school_id).group_id
    group = count_for(make.user(Role.COORDINATOR, group_id=own))

    assert everywhere.policies == 2
    assert sorted(everywhere.clauses, key=lambda one: one.clause_id) == [
        ClauseUse("people", 0, 0, 2),
        ClauseUse("scope-who", 1, 1, 0),
    ]
    assert sorted(everywhere.criteria, key=lambda one: one.criterion_id) == [
        CriterionResult("A1", 1, 0),
        CriterionResult("B8", 1, 1),
    ]
    assert everywhere.products == [ProductUse("risk-map", 2)]
    same_group = session.get(School, without.school_id).group_id == own
    assert group.policies == (2 if same_group else 1)
    assert count_for(make.user(Role.MINISTRY)).clauses == []


@pytest.mark.one_database("sqlite")
def test_an_undecided_review_is_not_counted(context):
    waits = decided_round(levels={"B8": 0}, decide=False)
    took(waits.school_id, "scope-who", ClauseChoice.TAKEN)
    drafted(waits.school_id)

    assert count_for(make.user(Role.SECRETARIAT)).criteria == []


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("levels", "below"),
    [((1, 2), True), ((2, 1), True), ((1, 2, 2), False), ((1, 2, 0), True), ((2, 0, 1), True)],
)
def test_the_level_that_counts_is_that_of_all_reviews(
    context, levels: tuple[int, ...], below: bool
):
    application = make.handed_in()
    make.wanting_second(application)
    for place, level in zip(ReviewPlace, levels, strict=False):
        (person,) = make.reviewers(application, 1)
        review = Review(
            application_id=application.id,
            submission_id=application.submissions[0].id,
            round=1,
            place=place,
            assessor_id=person.id,
            state=ReviewState.HANDED_IN,
            started_at=NOW,
            handed_in_at=NOW,
            recommendation=ApplicationOutcome.MINOR_GAPS,
            summary="",
            criteria=["A1"] if place is ReviewPlace.THIRD else None,
        )
        session.add(review)
        session.flush()
        session.add(
            Score(review_id=review.id, criterion_id="A1", level=level, reason="", saved_at=NOW)
        )
        last = review
    values = {"reasons": "", "open_criteria": [], "decided_at": NOW, "round": 1}
    (decider,) = make.reviewers(application, 1)
    outcome = ApplicationOutcome.MINOR_GAPS
    session.add(
        Decision(
            application_id=application.id,
            review_id=last.id,
            assessor_id=last.assessor_id,
            decider_id=decider.id,
            outcome=outcome,
            **values,
        )
    )
    took(application.school_id, "scope-who", ClauseChoice.TAKEN)
    drafted(application.school_id)

    found = count_for(make.user(Role.SECRETARIAT)).criteria

    assert found == [CriterionResult("A1", 1, int(below))]
    combined = combine_scores(
        {place: {"A1": one} for place, one in zip(ReviewPlace, levels, strict=False)}
    )
    assert (combined["A1"] < 2) is below


def test_the_number_of_statements_does_not_grow(context):
    first = decided_round(levels={"B8": 0})
    took(first.school_id, "scope-who", ClauseChoice.TAKEN)
    person = make.user(Role.SECRETARIAT)
    levels = statements(lambda: history_of(first.school_id))
    counts = statements(lambda: count_for(person), person)
    second = decided_round(levels={"A3": 0})
    took(second.school_id, "people", ClauseChoice.CHANGED)
    make.decided(session.get(School, first.school_id), cycle=2)

    assert statements(lambda: count_for(person), person) == counts == 5
    assert statements(lambda: history_of(first.school_id)) == levels
