"""The learner's way: read, take the quiz, see the result; nothing lost, nothing done twice, no key told."""

import json
import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from itertools import pairwise
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.content.schema import OpenPoint, QuestionKind
from cissapp.foundation.content.values import Module, Question
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning import queries
from cissapp.learn.learning.models import Attempt, LessonProgress, ModulePass, QuestionVersion
from cissapp.learn.learning.rules import AttemptState, receipts
from cissapp.learn.learning.services import attempts as drawn_attempts
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from tests.factories import NOW, PASSWORD
from tests.learn.learning.answering import Answers, drawing, sent
from tests.pages import parsed
from tests.shipped import LESSON as SECOND
from tests.shipped import MODULE as FIRST
from tests.shipped import SHIPPED, in_english, installed
from tests.statements import statements_sent

LEARN = "/learn"
MODULE = FIRST.id
LESSON = f"{LEARN}/{MODULE}/{SECOND.id}"
QUIZ = f"{LEARN}/{MODULE}/quiz"
VARIES = {"Set-Cookie", "Content-Length"}  # tokens, and the digits of sequence numbers
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _still(monkeypatch):
    """One moment, and a quiz that asks a question with one right option and one with several."""
    kinds = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
    monkeypatch.setattr(drawn_attempts, "SystemRandom", lambda: drawing(FIRST, *kinds))
    with clock.at(NOW):
        yield


@pytest.fixture
def head(make):
    return make.manager(name="Ana Rusu")


@pytest.fixture
def browser(sign_in, head):
    return sign_in(head)


def contents(app):
    return app.extensions["ciss-content"]


@contextmanager
def rows(app):
    with app.app_context():
        yield session
        session.remove()


def attempts(app, user_id):
    with rows(app) as found:
        query = select(Attempt).where(Attempt.user_id == user_id).order_by(Attempt.started_at)
        return list(found.scalars(query))


def open_attempt(app, user_id):
    return next(one for one in attempts(app, user_id) if one.state is AttemptState.OPEN)


def text_of(html):
    """The words of a page's main part."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def get(browser, path, status=200):
    answer = browser.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


@pytest.fixture
def answers(app):
    """The answers to the questions of an attempt."""
    return Answers(app)


def post_fields(browser, row, given, headers=None, **fields):
    data = {"attempt": str(row.attempt_id), **given, **fields}
    return browser.post(f"{QUIZ}/{row.position}", data=data, headers=headers or {})


def post_answer(browser, answers, row, answer, headers=None, **fields):
    """Send an answer as the page does; the last reply, where a story has several steps."""
    replies = [
        post_fields(browser, row, given, headers, **fields)
        for given in sent(row, answers.key(row), answer)
    ]
    return replies[-1]


def start(browser):
    return browser.post(f"{QUIZ}/start")


def answer_all(app, browser, user_id, wrongs=0):
    attempt, answers = open_attempt(app, user_id), Answers(app)
    for row in attempt.questions:
        answer = answers.wrong(row) if row.position <= wrongs else answers.right(row)
        assert post_answer(browser, answers, row, answer).status_code == 302
    return attempt


def taken(app, browser, user_id, wrongs=0):
    """Take the whole quiz."""
    start(browser)
    attempt = answer_all(app, browser, user_id, wrongs)
    browser.post(f"{QUIZ}/hand-in", data={"attempt": str(attempt.id)})
    return attempt


# --- lessons ---------------------------------------------------------------------------------


def test_the_first_page_greets_and_names_one_next_thing(browser):
    words = text_of(get(browser, LEARN))

    assert words.startswith("Good morning, Ana Rusu 0 of 5 modules passed. You have about ")
    assert re.search(r"You have about \d+ hours of reading and quizzes left", words)
    assert f"Begin here Lesson 1.1 · {FIRST.lessons[0].text('en').title}" in words
    assert "Continue" not in words
    assert words.count("Not started") == 5


def test_reading_leads_from_lesson_to_lesson_to_the_quiz(app, browser, head):
    lessons = contents(app).module_by_id[MODULE].lessons
    for lesson, following in pairwise(lessons):
        answer = browser.post(f"{LEARN}/{MODULE}/{lesson.id}/read")
        assert answer.location == f"{LEARN}/{MODULE}/{following.id}"

    words = text_of(get(browser, LEARN))
    assert f"Continue where you left off Lesson 1.{len(lessons)} · " in words
    assert f"{len(lessons) - 1} of {len(lessons)} lessons read" in words
    assert browser.post(f"{LEARN}/{MODULE}/{lessons[-1].id}/read").location == QUIZ
    assert "You have read all lessons: take the quiz" in text_of(get(browser, LEARN))


def test_a_lesson_read_twice_is_noted_once(app, browser, head):
    for moment in (NOW, NOW + timedelta(minutes=5)):
        with clock.at(moment):
            browser.post(f"{LESSON}/read")

    with rows(app) as found:
        notes = {(row.lesson_id, row.read_at) for row in found.scalars(select(LessonProgress))}
        school = found.get_one(School, head.school_id)
    assert notes == {(SECOND.id, NOW), (FIRST.lessons[2].id, None)}
    assert school.progress is Progress.IN_TRAINING


def test_looking_changes_nothing(app, browser, head):
    for path in (LEARN, f"{LEARN}/{MODULE}", LESSON, QUIZ):
        get(browser, path)

    with rows(app) as found:
        assert list(found.scalars(select(LessonProgress))) == []
        assert found.get_one(School, head.school_id).progress is Progress.REGISTERED


def test_a_lesson_has_all_its_parts(app, browser):
    text = SECOND.texts["en"]

    html = get(browser, LESSON)

    # Words that are part of a label before them are looked for in the order in which they are read.
    article = html[html.index("<article") : html.index("</article>")]
    words = unescape(" ".join(re.sub(r"<[^>]+>", " ", article).split()))
    order = [
        "A case to begin with",
        "Three things to remember",
        text.activity.title,
        text.product.title,
        "Ask yourself",
        text.self_check[1].question,
        "Sources",
        "Previous lesson",
        "I have read this; next lesson",
    ]
    places = [words.index(part) for part in order]
    assert places == sorted(places)
    assert html.count("<h1") == 1
    assert [source.url in html for source in text.sources] == [True] * len(text.sources)


def test_what_the_group_must_confirm_is_not_put_before_a_learner(app, browser):
    point = OpenPoint(text="Whether the order of 2030 holds.")
    text = SECOND.texts["en"].model_copy(update={"confirm": [point]})
    lessons = [
        replace(one, texts={"en": text}) if one.id == SECOND.id else one for one in FIRST.lessons
    ]

    with installed(app, replace(FIRST, lessons=tuple(lessons))):
        page = get(browser, LESSON)

    assert text.title in page
    assert "To be confirmed" not in page
    assert point.text not in page


def test_untranslated_content_is_marked_with_its_language(app, make, sign_in):
    browser = sign_in(make.manager(language="uk"))

    with installed(app, *map(in_english, SHIPPED.modules)):
        pages = [get(browser, LESSON), get(browser, f"{LEARN}/{MODULE}")]

    assert ['<html lang="uk"' in html for html in pages] == [True, True]
    assert ['lang="en"' in html for html in pages] == [True, True]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.SECRETARIAT])
def test_others_read_the_modules_without_progress(make, sign_in, role):
    browser = sign_in(make.user(role))

    first = text_of(get(browser, LEARN))
    module = text_of(get(browser, f"{LEARN}/{MODULE}"))
    lesson = get(browser, LESSON)

    assert first.startswith("The five modules")
    assert "Not read" not in module
    assert "Quiz" not in module
    assert "/read" not in lesson
    assert "Next lesson" in lesson
    assert browser.post(f"{LESSON}/read").status_code == 403
    assert start(browser).status_code == 403
    assert browser.get(QUIZ).status_code == 403


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.REGION_OFFICER])
def test_the_ministry_has_no_modules(make, sign_in, role):
    assert sign_in(make.user(role)).get(LEARN).status_code == 403


@pytest.mark.parametrize("path", ["/learn/nothing", f"/learn/{MODULE}/nothing", "/learn/no/quiz"])
def test_what_is_not_there_is_not_found(browser, path):
    get(browser, path, 404)


# --- the school ------------------------------------------------------------------------------


def test_the_page_names_what_the_school_still_needs(app, make, sign_in):
    school = make.school()
    head = make.manager(school, name="Ana Rusu")
    deputy = make.manager(school, name="Ion Lupu", duty=Duty.DEPUTY)
    for module in contents(app).modules[:3]:
        make.passed_module(deputy, module.id)

    words = text_of(get(sign_in(head), LEARN))

    assert "Ion Lupu (Deputy head): modules 4, 5" in words
    assert "Designated person for child protection : nobody with this role has an account" in words
    assert "Ana Rusu (Head) 1, 2, 3, 4, 5" in words
    assert "Ion Lupu (Deputy head) 4, 5" in words


def test_a_trained_school_needs_nothing(app, make, sign_in):
    school = make.school()
    people = [make.manager(school), make.manager(school, duty=Duty.DESIGNATED_PERSON)]
    for person in people:
        for module in contents(app).modules:
            make.passed_module(person, module.id)

    words = text_of(get(sign_in(people[0]), LEARN))

    assert "5 of 5 modules passed." in words
    assert "You have passed all modules" in words
    assert "Nothing. Everyone who needs the training has passed all modules." in words


# --- the way through the quiz ----------------------------------------------------------------


def test_from_start_to_pass(app, browser, head, answers):
    assert "Start the quiz" in text_of(get(browser, QUIZ))
    assert start(browser).location == f"{QUIZ}/1"

    attempt = open_attempt(app, head.id)
    for row in attempt.questions:
        page = text_of(get(browser, f"{QUIZ}/{row.position}"))
        # Beside what is answered: of the way here a phone shows one link.
        assert f"Question {row.position} of 10 · {row.position - 1} of 10 answered" in page
        following = f"{QUIZ}/{row.position + 1}" if row.position < 10 else f"{QUIZ}/check"
        assert (
            post_answer(browser, answers, row, answers.right(row), then="next").location
            == following
        )

    check = text_of(get(browser, f"{QUIZ}/check"))
    assert check.startswith("Module 1 Quiz Check Check your answers 10 of 10 answered · last saved")
    assert check.count("Saved 11:00:00 UTC+2") == 10
    answer = browser.post(f"{QUIZ}/hand-in", data={"attempt": str(attempt.id)})
    assert answer.location == f"{LEARN}/attempts/{attempt.id}"
    result = text_of(get(browser, answer.location))
    assert "10 of 10 points, 100 %" in result
    assert result.count("Your answer, right") >= 10
    asked = [FIRST.by_question_id[row.question_id].key for row in attempt.questions]
    assert result.count("is the programme’s own rule.") == sum(key.rule_is_ours for key in asked)
    words = text_of(get(browser, LEARN))
    assert "1 of 5 modules passed." in words
    assert f"{len(FIRST.lessons)} lessons · quiz 100 % ✓ Passed" in words
    assert "You have already passed this module" in text_of(get(browser, QUIZ))


def test_after_a_fail_the_page_says_what_to_read_and_when_it_goes_on(app, browser, head, answers):
    attempt = taken(app, browser, head.id, wrongs=4)
    module = contents(app).module_by_id[MODULE]

    html = get(browser, f"{LEARN}/attempts/{attempt.id}")

    words = text_of(html)
    assert "Not passed yet 6 of 10 points, 60 %" in words
    assert "The next attempt opens on 26 November 2026, 11:00 UTC+2" in words
    again = words[words.index("Read these lessons again") : words.index("Receipts of")]
    assert (
        "The answers are shown once you have passed. You can find them in these lessons." in again
    )
    wanted = {
        module.lesson(module.by_question_id[row.question_id].key.lesson).texts["en"].title
        for row in attempt.questions[:4]
    }
    assert {
        lesson.texts["en"].title for lesson in module.lessons if lesson.texts["en"].title in again
    } == wanted
    for row in attempt.questions:
        text = module.by_question_id[row.question_id].texts["en"]
        assert text.text not in words
        assert text.fact not in words


def test_once_the_module_is_passed_an_attempt_that_failed_is_explained(
    app, sign_in, head, answers, browser
):
    old = taken(app, browser, head.id, wrongs=4)
    with clock.at(NOW + timedelta(days=2)):
        later = sign_in(head)
        taken(app, later, head.id)
        words = text_of(get(later, f"{LEARN}/attempts/{old.id}"))

    assert "Your answers, explained" in words
    assert "The answers are shown once" not in words


def test_during_the_wait_no_attempt_begins(app, browser, head, sign_in):
    taken(app, browser, head.id, wrongs=4)

    assert start(browser).location == QUIZ
    words = text_of(get(browser, QUIZ))
    assert "The next attempt opens on 26 November 2026, 11:00 UTC+2" in words
    assert "Start the quiz" not in words
    assert len(attempts(app, head.id)) == 1
    with clock.at(NOW + timedelta(days=1)):
        assert start(sign_in(head)).location == f"{QUIZ}/1"


def test_the_right_answers_of_an_old_attempt_are_hidden_while_a_new_one_is_open(
    app, sign_in, head, answers
):
    browser = sign_in(head)
    old = taken(app, browser, head.id, wrongs=4)
    path = f"{LEARN}/attempts/{old.id}"
    with rows(app) as found, unit_of_work():
        told = dict(old.policy_document, feedback={"after_fail": "question"})
        found.get_one(Attempt, old.id).policy_document = told
    assert "Your answers, explained" in text_of(get(browser, path))

    with clock.at(NOW + timedelta(days=2)):
        later = sign_in(head)
        start(later)
        words = text_of(get(later, path))

    assert "the right answers to earlier ones are not shown" in words
    assert "Right, not chosen" not in words
    module = contents(app).module_by_id[MODULE]
    facts = [module.by_question_id[row.question_id].texts["en"].fact for row in old.questions]
    assert [fact for fact in facts if fact in words] == []


def test_the_quiz_goes_on_at_the_first_question_without_an_answer(app, browser, head, answers):
    start(browser)
    attempt = open_attempt(app, head.id)
    for row in attempt.questions[:3]:
        post_answer(browser, answers, row, answers.right(row))

    assert start(browser).location == f"{QUIZ}/4"
    assert "Quiz: 3 of 10 questions answered" in text_of(get(browser, LEARN))
    assert len(attempts(app, head.id)) == 1


def test_days_later_question_order_and_options_are_the_same(app, sign_in, head):
    browser = sign_in(head)
    start(browser)
    before = get(browser, f"{QUIZ}/2")

    with clock.at(NOW + timedelta(days=6)):
        after = get(sign_in(head), f"{QUIZ}/2")

    assert text_of(after) == text_of(before)


def shown_fields(html):
    """What the page would send again, as it is."""
    page = parsed(html[html.index("<main") : html.index("</main>")])
    found = {}
    for one in page.iter("input"):
        name = one.get("name") or ""
        if name.startswith("chosen"):
            if one.get("type") in {"radio", "checkbox"}:
                found.setdefault(name, [])
                found[name] += [one.get("value")] if one.get("checked") is not None else []
            else:
                found[name] = one.get("value")
    for one in page.iter("select"):
        picked = [
            each.get("value") for each in one.iter("option") if each.get("selected") is not None
        ]
        found[one.get("name")] = picked[0] if picked else ""
    return found


def test_a_saved_answer_of_each_kind_is_there_again(app, browser, head, answers):
    start(browser)
    seen = set()
    for row in open_attempt(app, head.id).questions:
        key = answers.key(row)
        post_answer(browser, answers, row, answers.right(row))
        seen.add(key.kind)

        html = get(browser, f"{QUIZ}/{row.position}")

        if key.kind is QuestionKind.SCENARIO:
            assert shown_fields(html) == {}
            # The page of checking says what follows: that depends on the policy, and nobody passes a short test.
            assert "The story has ended." in text_of(html)
            assert "Once you have passed" not in text_of(html)
        else:
            again = {name: set(value) for name, value in shown_fields(html).items()}
            (wanted,) = sent(row, key, answers.right(row))
            assert again == {name: set(value) for name, value in wanted.items()}
        assert "Saved 11:00:00 UTC+2" in text_of(html)
    assert QuestionKind.SCENARIO in seen


@pytest.mark.parametrize(
    "way",
    [
        ("pause", 2, f"{LEARN}/{MODULE}"),
        ("back", 2, f"{QUIZ}/1"),
        ("back", 1, f"{QUIZ}/1"),
        ("next", 2, f"{QUIZ}/3"),
    ],
)
def test_every_way_on_keeps_what_was_chosen(app, browser, head, way, answers):
    then, position, location = way
    start(browser)
    row = open_attempt(app, head.id).questions[position - 1]
    if answers.key(row).kind is QuestionKind.SCENARIO and then == "next":
        location = f"{QUIZ}/{position + 1}"

    answer = post_answer(browser, answers, row, answers.right(row), then=then)

    assert answer.location == location
    assert set(open_attempt(app, head.id).questions[position - 1].chosen) == set(answers.right(row))


def test_who_only_pauses_or_goes_back_needs_no_answer(app, browser, head):
    start(browser)
    row = open_attempt(app, head.id).questions[1]

    places = [post_fields(browser, row, {}, then=then).location for then in ("pause", "back")]

    assert places == [f"{LEARN}/{MODULE}", f"{QUIZ}/1"]
    assert open_attempt(app, head.id).questions[1].saved_at is None


def test_once_all_is_answered_a_change_leads_back_to_the_check(app, browser, head, answers):
    start(browser)
    attempt = answer_all(app, browser, head.id)
    row = next(one for one in attempt.questions if answers.key(one).kind is QuestionKind.SINGLE)

    assert post_answer(browser, answers, row, answers.wrong(row)).location == (f"{QUIZ}/check")


def test_without_an_open_attempt_every_page_leads_to_the_door(browser):
    places = [browser.get(f"{QUIZ}/{page}").location for page in ("1", "check")]
    places += [browser.post(f"{QUIZ}/{page}").location for page in ("1", "hand-in")]

    assert places == [QUIZ] * 4


def test_there_is_no_eleventh_question(browser):
    start(browser)

    get(browser, f"{QUIZ}/11", 404)


def test_the_question_is_the_legend_or_the_label_of_its_answer(app, browser, head, answers):
    module = contents(app).module_by_id[MODULE]
    start(browser)
    for row in open_attempt(app, head.id).questions:
        html = get(browser, f"{QUIZ}/{row.position}")
        text, kind = module.by_question_id[row.question_id].texts["en"], answers.key(row).kind
        legends = [
            " ".join(re.sub("<[^>]+>", "", one).split())
            for one in re.findall(r"<legend[^>]*>(.*?)</legend>", html, re.DOTALL)
        ]
        if kind is QuestionKind.SHORT_TEXT:
            assert legends == []
            label = re.search(r'<label for="chosen"[^>]*>(.*?)</label>', html, re.DOTALL)[1]
            legends = [" ".join(re.sub("<[^>]+>", "", label).split())]
        if kind is QuestionKind.SCENARIO:
            first = next(iter(text.steps.values()))
            assert unescaped(legends) == [" ".join(first.text.split())]
        else:
            assert unescaped(legends) == [" ".join(text.text.split())]
        assert "(optional)" not in html


def unescaped(texts):
    return [unescape(one) for one in texts]


def of_kind(app, person, answers, *kinds):
    """The first question of the open attempt that is of one of these kinds."""
    rows_ = open_attempt(app, person.id).questions
    return next(row for row in rows_ if answers.key(row).kind in kinds)


# --- saving at once --------------------------------------------------------------------------


def test_a_choice_is_confirmed_with_the_time_of_the_server(app, browser, head, answers):
    start(browser)
    row = of_kind(app, head, answers, QuestionKind.SINGLE)

    with clock.at(NOW + timedelta(seconds=22)):
        answer = post_answer(browser, answers, row, answers.wrong(row), JSON, sequence="0")

    told = answer.get_json()
    receipt = receipts.read_receipt(
        told.pop("receipt"), receipts.receipt_key(app.config["SECRET_KEY"])
    )
    assert (answer.status_code, told) == (
        200,
        {"saved": "2026-11-25T09:00:22+00:00", "text": "Saved 11:00:22 UTC+2", "sequence": 1},
    )
    kept = open_attempt(app, head.id).questions[row.position - 1]
    assert receipt == receipts.receipt_of_answer(
        kept.attempt_id, kept.position, 1, kept.saved_at, kept.chosen
    )
    assert (kept.chosen, kept.saved_at) == (answers.wrong(row), NOW + timedelta(seconds=22))


@pytest.mark.parametrize("sequence", ["", "x", "-1", "9" * 40, "٣"])
def test_a_strange_sequence_number_loses_no_answer(app, browser, head, sequence, answers):
    start(browser)
    row = open_attempt(app, head.id).questions[0]

    answer = post_answer(browser, answers, row, answers.right(row), JSON, sequence=sequence)

    assert answer.status_code == 200
    assert set(open_attempt(app, head.id).questions[0].chosen) == set(answers.right(row))


@pytest.mark.parametrize("headers", [{}, JSON])
@pytest.mark.parametrize("chosen", ["9", "a", "", "1; DROP TABLE"])
def test_what_was_not_offered_is_refused_and_the_saved_answer_stays(
    app, browser, head, chosen, headers, answers
):
    start(browser)
    for row in open_attempt(app, head.id).questions:
        key = answers.key(row)
        if key.kind is QuestionKind.SCENARIO or (key.kind is QuestionKind.SHORT_TEXT and chosen):
            continue  # a story has no field any more; a text may be anything
        post_answer(browser, answers, row, answers.right(row))
        (whole,) = sent(row, key, answers.right(row))
        bad = {
            name: chosen if name in {"chosen", "chosen_2"} else value
            for name, value in whole.items()
        }
        answer = post_fields(browser, row, bad, headers)

        assert answer.status_code == 422, (key.kind, bad)
        kept = open_attempt(app, head.id).questions[row.position - 1]
        assert set(kept.chosen) == set(answers.right(row))
        if headers:
            assert "The answer from 11:00:00 UTC+2 counts." in answer.get_json()["message"]
        else:
            assert "There is a problem" in text_of(answer.get_data(as_text=True))


def test_an_answer_after_the_hand_in_is_told_so(app, browser, head, answers):
    attempt = taken(app, browser, head.id, wrongs=10)
    row = next(
        one for one in attempt.questions if answers.key(one).kind is not QuestionKind.SCENARIO
    )

    page = post_answer(browser, answers, row, answers.right(row))
    told = post_answer(browser, answers, row, answers.right(row), JSON)

    assert (page.status_code, told.status_code) == (409, 409)
    assert f"{LEARN}/attempts/{attempt.id}" in page.get_data(as_text=True)
    assert "Your last answer was not saved" in told.get_json()["message"]
    assert attempts(app, head.id)[0].questions[row.position - 1].chosen == answers.wrong(row)


def test_an_old_tab_answers_the_attempt_it_shows_and_not_the_new_one(app, sign_in, head, answers):
    browser = sign_in(head)
    old = taken(app, browser, head.id, wrongs=10)
    with clock.at(NOW + timedelta(days=2)):
        later = sign_in(head)
        start(later)
        answer = post_answer(later, answers, old.questions[0], answers.right(old.questions[0]))
        handed = later.post(f"{QUIZ}/hand-in", data={"attempt": str(old.id)})

    assert (answer.status_code, handed.location) == (409, f"{LEARN}/attempts/{old.id}")
    assert {row.saved_at for row in open_attempt(app, head.id).questions} == {None}


def form_of(html):
    """The address of the page's main form, and the fields it would send."""
    page = parsed(html[html.index("<main") : html.index("</main>")])
    form = next(page.iter("form"))
    fields = [(one.get("name"), one.get("value") or "") for one in form.iter("input")]
    return form.get("action"), [one for one in fields if one[0] != "csrf_token"]


def test_an_answer_in_an_ended_session_is_kept_and_saved_after_signing_in(
    app, browser, head, answers
):
    start(browser)
    row = of_kind(app, head, answers, QuestionKind.SINGLE, QuestionKind.MULTIPLE)
    position = row.position
    visitor = app.test_client()

    told = post_answer(visitor, answers, row, answers.right(row), JSON)
    kept = post_answer(visitor, answers, row, answers.right(row), then="next")
    assert (told.status_code, kept.status_code) == (401, 401)
    address, fields = form_of(kept.get_data(as_text=True))
    given = {"email": head.email, "password": PASSWORD}
    fields = [(name, given.get(name, value)) for name, value in fields]
    again = visitor.post(address, data=fields)
    address, fields = form_of(again.get_data(as_text=True))
    saved = visitor.post(address, data=fields)

    assert saved.location == f"{QUIZ}/{position + 1 if position < 10 else 'check'}"
    kept = open_attempt(app, head.id).questions[position - 1]
    assert set(kept.chosen) == set(answers.right(row))


def test_who_comes_after_the_end_of_an_attempt_is_told_so(app, sign_in, head):
    start(sign_in(head))
    with clock.at(NOW + timedelta(days=30)):
        later = sign_in(head)
        words = text_of(get(later, QUIZ))
        early = later.post(f"{QUIZ}/hand-in").location

    assert "This attempt was not submitted" in words
    assert "Start the quiz" in words
    assert early == QUIZ


# --- handing in ------------------------------------------------------------------------------


def test_an_early_hand_in_names_every_open_question(app, browser, head, answers):
    start(browser)
    attempt = open_attempt(app, head.id)
    for row in attempt.questions:
        if row.position not in {2, 7}:
            post_answer(browser, answers, row, answers.right(row))

    check = get(browser, f"{QUIZ}/check")
    answer = browser.post(f"{QUIZ}/hand-in", data={"attempt": str(attempt.id)})

    assert "hand-in" not in check
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert re.findall(r"You have not answered question (\d+)", html) == ["2", "7"]
    assert f'<a href="{QUIZ}/7">' in html
    assert open_attempt(app, head.id).id == attempt.id


def test_a_double_click_hands_in_once(app, browser, head):
    attempt = taken(app, browser, head.id)

    again = browser.post(f"{QUIZ}/hand-in", data={"attempt": str(attempt.id)})

    assert again.location == f"{LEARN}/attempts/{attempt.id}"
    with rows(app) as found:
        assert len(list(found.scalars(select(ModulePass)))) == 1
    assert len(attempts(app, head.id)) == 1


def test_the_attempt_of_somebody_else_does_not_exist(app, browser, head, make, sign_in, answers):
    attempt = taken(app, browser, head.id)
    colleague = sign_in(make.manager(make.found(School, head.school_id)))
    start(colleague)
    row = attempt.questions[0]

    seen = [
        colleague.get(f"{LEARN}/attempts/{attempt.id}").status_code,
        post_answer(colleague, answers, row, answers.right(row)).status_code,
        colleague.post(f"{QUIZ}/hand-in", data={"attempt": str(attempt.id)}).status_code,
        colleague.get(f"{LEARN}/attempts/{uuid4()}").status_code,
        colleague.post(f"{QUIZ}/1", data={"attempt": "x"}).status_code,
        browser.get(f"{LEARN}/attempts/{attempt.id}").status_code,
    ]

    assert seen == [404, 404, 404, 404, 404, 200]


def test_an_open_attempt_has_no_result(app, browser, head):
    start(browser)

    answer = browser.get(f"{LEARN}/attempts/{open_attempt(app, head.id).id}")

    assert (answer.status_code, answer.location) == (302, QUIZ)


# --- the key is not told ---------------------------------------------------------------------


def other_key(key):
    """The same question with another key."""
    match key.kind:
        case QuestionKind.MULTIPLE:
            rest = [one for one in key.options if one not in key.key]
            return key.model_copy(update={"key": rest or key.options[:1]})
        case QuestionKind.MATCHING:
            matches = [key.pairs[one] for one in key.options]
            turned = dict(zip(key.options, [*matches[1:], matches[0]], strict=True))
            return key.model_copy(update={"pairs": turned})
        case QuestionKind.ORDERING:
            return key.model_copy(update={"key": key.key[::-1]})
        case QuestionKind.SHORT_TEXT:
            return key.model_copy(update={"accepted": {"any": ["something else"]}})
        case QuestionKind.SCENARIO:
            steps = {
                step: {
                    name: one.model_copy(update={"points": 5 - one.points})
                    for name, one in options.items()
                }
                for step, options in key.steps.items()
            }
            return key.model_copy(update={"steps": steps})
    return key.model_copy(update={"key": [next(one for one in key.options if one not in key.key)]})


def with_other_key(question):
    """The same question with another key, and other reasons and facts."""

    def changed(options):
        return {
            name: option.model_copy(update={"why": f"changed {name}"})
            for name, option in options.items()
        }

    texts = {
        language: text.model_copy(
            update={
                "fact": "changed fact",
                "options": changed(text.options),
                "steps": {
                    name: step.model_copy(update={"options": changed(step.options)})
                    for name, step in text.steps.items()
                },
            }
        )
        for language, text in question.texts.items()
    }
    return Question(other_key(question.key), texts)


def with_other_keys(old):
    """The same content with other keys."""
    modules = tuple(
        Module(one.file, one.texts, one.lessons, tuple(map(with_other_key, one.questions)))
        for one in old.modules
    )
    return replace(old, modules=modules)


def crawl(app, browser, user_id):
    """Every answer a learner can get during an attempt, without what differs by nature."""
    attempt, answers = open_attempt(app, user_id), Answers(app)
    own = f"{LEARN}/attempts/{attempt.id}"
    pages = [LEARN, f"{LEARN}/{MODULE}", QUIZ, f"{QUIZ}/check", f"{QUIZ}/sheet"]
    pages += [own, f"{own}/answers", f"{own}/receipts"]
    pages += [f"{QUIZ}/{row.position}" for row in attempt.questions]
    found = [browser.get(page) for page in pages]
    for row in attempt.questions:
        for given in tried(row, answers.key(row)):
            found.append(post_fields(browser, row, given, JSON))
            found.append(post_fields(browser, row, given, then="next"))
            queued = {"position": row.position, "fields": [], "sequence": 99}
            queued["fields"] = [
                [name, each]
                for name, value in given.items()
                for each in (value if isinstance(value, list) else [value])
            ]
            found.append(browser.post(f"{own}/answers", json={"answers": [queued]}))
        found.append(browser.get(f"{QUIZ}/{row.position}"))
    found.append(start(browser))
    return [
        (
            answer.status_code,
            {name: value for name, value in answer.headers if name not in VARIES},
            re.sub(VARYING, "", answer.get_data(as_text=True)),
        )
        for answer in found
    ]


VARYING = (
    r'name="csrf_token" value="[^"]*|name="sequence"[^>]*value="\d+|"sequence":\d+|"token":"[^"]*'
    r"|[A-Z2-7]{8}(-[A-Z2-7]{2,8}){8,}|save number \d+"
)


def tried(row, key):
    """Answers of every sort: each option alone, some together, nothing, and what was not offered."""
    match key.kind:
        case QuestionKind.MATCHING | QuestionKind.ORDERING:
            count = len(key.options)
            orders = [list(range(1, count + 1)), list(range(count, 0, -1)), [1] * count]
            for order in orders:
                yield {f"chosen_{line}": str(n) for line, n in enumerate(order, start=1)}
        case QuestionKind.SHORT_TEXT:
            yield from ({"chosen": text} for text in ("116111", "eighteen", "?"))
        case QuestionKind.SCENARIO:
            for number in range(1, len(key.steps) + 1):
                yield from ({f"chosen_{number}": str(option)} for option in (1, 2))
        case _:
            yield from ({"chosen": [str(n + 1)]} for n in range(len(row.options)))
            yield {"chosen": ["1", "2"]}
    yield {}
    yield {"chosen": ["99"], "chosen_1": "99"}


def test_no_answer_before_the_end_depends_on_the_key(app, browser, head, monkeypatch):
    start(browser)
    before = crawl(app, browser, head.id)
    before = crawl(app, browser, head.id)
    with app.app_context(), unit_of_work():
        for row in session.scalars(select(QuestionVersion)):
            row.document = with_other_key(Question.of_document(row.document)).document
    monkeypatch.setattr(queries.attempts, "_pinned", {})

    real = contents(app)
    app.extensions["ciss-content"] = with_other_keys(real)
    try:
        after = crawl(app, browser, head.id)
    finally:
        app.extensions["ciss-content"] = real

    assert len(before) > 100
    for one, two in zip(before, after, strict=True):
        assert one == two
    told = json.dumps(before)
    module = real.module_by_id[MODULE]
    for row in open_attempt(app, head.id).questions:
        question = module.by_question_id[row.question_id]
        text = question.texts["en"]
        options = [
            *text.options.values(),
            *(one for step in text.steps.values() for one in step.options.values()),
        ]
        assert question.id not in told
        assert [option.why for option in options if json.dumps(option.why)[1:-1] in told] == []


@pytest.mark.parametrize(
    ("start", "feedback", "told"),
    [
        ("start", {}, "You see the explanations once you have passed."),
        ("start", {"after_fail": "question"}, "they are marked and you see the explanations."),
        ("start/before", {}, "cannot be changed"),
    ],
)
def test_what_happens_after_handing_in_is_told_before(
    app, browser, head, answers, start, feedback, told
):
    browser.post(f"{QUIZ}/{start}")
    attempt = open_attempt(app, head.id)
    with rows(app) as found, unit_of_work():
        policy = dict(attempt.policy_document, feedback=feedback)
        found.get_one(Attempt, attempt.id).policy_document = policy
    for row in attempt.questions:
        post_answer(browser, answers, row, answers.right(row))

    assert told in text_of(get(browser, f"{QUIZ}/check"))


# --- cost ------------------------------------------------------------------------------------


def cost(app, browser, path):
    """How many statements a page costs."""
    with statements_sent(app) as statements:
        get(browser, path)
    return len([one for one in statements if one.startswith("SELECT")])


def test_pages_cost_the_same_however_much_was_done(app, make, sign_in):
    idle, busy = make.manager(), make.manager()
    for _ in range(4):
        colleague = make.manager(make.found(School, busy.school_id), duty=Duty.DEPUTY)
        make.passed_module(colleague, "safety-policy")
    make.passed_module(busy, "safety-policy")
    make.passed_module(busy, "risks-and-harms")
    browser = sign_in(busy)
    for lesson in contents(app).module_by_id[MODULE].lessons:
        browser.post(f"{LEARN}/{MODULE}/{lesson.id}/read")
    taken(app, browser, busy.id, wrongs=5)

    for path in (LEARN, f"{LEARN}/{MODULE}", LESSON, QUIZ):
        assert cost(app, browser, path) == cost(app, sign_in(idle), path), path
    assert cost(app, browser, LEARN) <= 8
