"""What is read of results and answers, held against the single answers; few statements however many people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import pytest
from msgspec.structs import replace

from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.core.db import session
from cissapp.learn.learning.rules import AttemptPurpose, AttemptState
from cissapp.oversee.evaluation import queries
from cissapp.oversee.evaluation.rules import OptionUse, Pair
from cissapp.oversee.evaluation.rules.groups import ResultGroup
from cissapp.oversee.evaluation.services import keep_evaluation
from tests.factories import NOW
from tests.learn.authoring.formats.samples import question
from tests.oversee.evaluation.cohorts import (
    MODULE,
    OTHER,
    QUESTION,
    RIGHT,
    SINGLE,
    WRONG,
    answered,
    attempt,
    both_tests,
    module,
    people,
    version,
)
from tests.shipped import SHIPPED
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("context")
HOUR = timedelta(hours=1)
SECOND = SHIPPED.modules[1].id


@contextmanager
def statements() -> Iterator[list[str]]:
    session.flush()
    with statements_sent() as seen:
        yield seen


# --- results ---------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_people_are_counted_by_language_region_and_both_results():
    orhei, balti = people(3), people(1, "MD-BA")
    for person in orhei[:2]:
        both_tests(person, 40, 80)
    both_tests(orhei[2], 40, 80, language="ro")
    both_tests(balti[0], 60, 60)
    both_tests(balti[0], 20, 100, module_id=SECOND)

    with statements() as seen:
        found = queries.scores(MODULE)

    assert found == [
        ResultGroup(MODULE, "en", "MD-BA", Pair(60, 60, 1)),
        ResultGroup(MODULE, "en", "MD-OR", Pair(40, 80, 2)),
        ResultGroup(MODULE, "ro", "MD-OR", Pair(40, 80, 1)),
    ]
    assert len(seen) == 1
    assert queries.scores() == [
        *found,
        ResultGroup(SECOND, "en", "MD-BA", Pair(20, 100, 1)),
    ]


def test_only_the_first_test_of_each_kind_counts_and_only_in_this_order():
    again, backwards, half = people(3)
    both_tests(again, 40, 80)
    attempt(again, AttemptPurpose.BEFORE, points=500, closed_at=NOW + HOUR / 2)
    attempt(again, AttemptPurpose.AFTER, points=500, closed_at=NOW + 2 * HOUR)
    attempt(backwards, AttemptPurpose.AFTER, points=400)
    attempt(backwards, AttemptPurpose.BEFORE, points=200, closed_at=NOW + HOUR)
    attempt(half, AttemptPurpose.BEFORE, points=200)

    assert queries.scores(MODULE) == [ResultGroup(MODULE, "en", "MD-OR", Pair(40, 80, 1))]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    "state", [AttemptState.EXPIRED, AttemptState.VOIDED, AttemptState.OPEN], ids=str
)
def test_a_test_that_was_not_handed_in_does_not_count(state: AttemptState):
    (person,) = people(1)
    attempt(person, AttemptPurpose.BEFORE, points=200)
    closed_at = None if state is AttemptState.OPEN else NOW + HOUR
    attempt(person, AttemptPurpose.AFTER, state=state, points=None, closed_at=closed_at)

    assert queries.scores(MODULE) == []


def test_a_test_whose_questions_were_all_voided_does_not_count():
    (person,) = people(1)
    attempt(person, AttemptPurpose.BEFORE, points=0, total=0)
    attempt(person, AttemptPurpose.AFTER, points=200, closed_at=NOW + HOUR)

    assert queries.scores(MODULE) == []


# --- answers ---------------------------------------------------------------------------------


def quizzes(number: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Quizzes of four questions by so many people: the points of the first, and the rest as shares."""
    random = np.random.default_rng(seed)
    others = [one for one in module().questions if one.id != SINGLE]
    asked = [version(one) for one in (QUESTION, *others[:3])]
    ability = random.normal(size=number)
    share, rest = [], []
    for person, able in zip(people(number), ability, strict=True):
        points = [int(100 * (random.normal() < able)) for _ in asked]
        chosen = [[RIGHT] if one else [WRONG] for one in points]
        answered(attempt(person), asked, points, chosen)
        share.append(points[0] / 100)
        rest.append(sum(points[1:]) / 300)
    return np.array(share), np.array(rest)


def test_the_figures_are_those_of_the_single_answers():
    from scipy import stats

    share, rest = quizzes(60)

    with statements() as seen:
        found = queries.items(module()).figures

    item = next(one for one in found if one.question_id == SINGLE)
    assert item.whole.people == 60
    assert item.whole.difficulty == pytest.approx(share.mean())
    assert item.whole.discrimination == pytest.approx(stats.pearsonr(share, rest).statistic)
    strong = stats.rankdata(rest, method="max") / 60 > 2 / 3
    assert item.whole.options[item.asked.options.index(RIGHT)] == OptionUse(
        RIGHT,
        right=True,
        share=pytest.approx(share.mean()),
        strong=pytest.approx(share[strong].mean()),
        rest=pytest.approx(rest[share == 1].mean()),
    )
    assert len(found) == len(module().questions)
    assert len(seen) == 3  # how large the programme is, answers, versions


def test_of_twelve_people_with_different_results_four_are_the_strongest_third():
    asked = [
        version(one)
        for one in (QUESTION, next(one for one in module().questions if one.id != SINGLE))
    ]
    for number, person in enumerate(people(12)):
        answered(attempt(person), asked, [100, number], [[RIGHT], [RIGHT]])

    bundles = queries.bundles(module(), SINGLE)[SINGLE]

    assert (sum(one.count for one in bundles), sum(one.strong for one in bundles)) == (12, 4)


def test_one_question_has_the_same_figures_alone():
    quizzes(30)

    everything = {one.question_id: one.whole for one in queries.items(module()).figures}
    (alone,) = queries.items(module(), SINGLE).figures

    # A sum may be added up in another order, so the last digits differ.
    assert alone.question_id == SINGLE
    assert alone.whole.discrimination == pytest.approx(everything[SINGLE].discrimination)
    assert [one.share for one in alone.whole.options] == [
        one.share for one in everything[SINGLE].options
    ]


@pytest.mark.one_database("sqlite")
def test_only_the_first_quiz_of_a_person_counts():
    asked = [version(QUESTION), version(OTHER)]
    (person,) = people(1)
    answered(attempt(person, state=AttemptState.FAILED), asked, [0, 100], [[WRONG], ["a"]])
    answered(attempt(person, closed_at=NOW + HOUR), asked, [100, 100], [[RIGHT], ["a"]])
    answered(
        attempt(person, AttemptPurpose.BEFORE, closed_at=NOW - HOUR), asked, [100, 0], [["a"]] * 2
    )

    (found,) = queries.bundles(module(), SINGLE)[SINGLE]

    assert (found.chosen, found.points, found.count) == ((WRONG,), 0, 1)


def test_answers_to_another_key_or_another_text_do_not_count():
    key = {**QUESTION.document["key"], "key": [WRONG]}
    english = {**QUESTION.document["texts"]["en"], "text": "Another question?"}
    reworded = {**QUESTION.document["texts"], "en": english}
    explained = {
        **QUESTION.document["key"],
        "source": {"title": "Another", "url": "https://a.example"},
    }
    other = version(OTHER)
    asked = [
        version(QUESTION, key=key),
        version(QUESTION, texts=reworded),
        version(QUESTION, key=explained),
    ]
    for person, one in zip(people(3), asked, strict=True):
        answered(attempt(person), [one, other], [100, 100], [["a"], ["a"]])

    found = queries.bundles(module(), SINGLE)[SINGLE]

    assert [one.count for one in found] == [1]


def test_a_text_mended_in_one_language_starts_only_that_language_again():
    romanian = {**QUESTION.document["texts"]["en"], "text": "Greșit?"}
    old = version(QUESTION, texts={**QUESTION.document["texts"], "ro": romanian})
    other = version(OTHER)
    for person, language in zip(people(2), ("en", "ro"), strict=True):
        answered(attempt(person, language=language), [old, other], [100, 0], [["a"], ["a"]])

    assert [one.language for one in queries.bundles(module(), SINGLE)[SINGLE]] == ["en"]


@pytest.mark.one_database("sqlite")
def test_what_somebody_wrote_is_not_read():
    written = question(QuestionKind.SHORT_TEXT, {}, accepted={"any": ["116 111"]})
    asked = [version(written), version(QUESTION)]
    for person, text in zip(people(2), ("116 111", "my name"), strict=True):
        answered(attempt(person), asked, [100, 0], [[text], [WRONG]])

    asking = replace(module(), questions=(*module().questions, written))
    (found,) = queries.bundles(asking, written.id)[written.id]

    assert (found.chosen, found.count) == ((), 2)


def test_of_all_first_quizzes_the_newest_count(monkeypatch):
    monkeypatch.setattr(queries.answers, "QUIZZES_MOST", 3)
    asked = [version(QUESTION), version(OTHER)]
    for place, person in enumerate(people(5)):
        points = [100 * (place < 2), 100]
        closed_at = NOW + place * HOUR
        answered(attempt(person, closed_at=closed_at), asked, points, [["a"], ["a"]])

    found = queries.bundles(module(), SINGLE)[SINGLE]

    assert [(one.points, one.count) for one in found] == [(0, 3)]


def test_of_a_large_programme_the_figures_of_the_night_are_read(monkeypatch):
    for person in people(3):
        both_tests(person, 40, 80)
    quizzes(12)
    before = queries.results().figures, queries.items(module()).figures
    assert before[0]
    assert {one.whole.people for one in before[1]} == {12, None}
    monkeypatch.setattr("cissapp.people.schools.queries.kept_figures.LARGE_GROUP", 0)
    assert queries.results().as_of is None  # nothing was kept yet

    assert keep_evaluation(at=NOW) == 2
    both_tests(people(1)[0], 10, 20)
    with statements() as seen:
        results, items = queries.results(), queries.items(module())

    assert (results.figures, items.figures) == before
    assert (results.as_of, items.as_of) == (NOW, NOW)
    assert not any("attempt" in one for one in seen)
