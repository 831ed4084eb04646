"""Practice: at any time, from the lessons alone, and nothing of it is kept."""

import re

import pytest
import sqlalchemy as sa
from markupsafe import escape

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import Attempt
from cissapp.learn.learning.rules.practice import practice_questions


def modules_of(app):
    with app.app_context():
        return content().modules


def test_the_lessons_take_turns_and_each_question_comes_once(app):
    for module in modules_of(app):
        found = practice_questions(module.lessons, "en")

        assert [one.lesson.number for one in found[: len(module.lessons)]] == [
            one.number for one in module.lessons
        ]
        assert sorted(one.question for one in found) == sorted(
            one.question for lesson in module.lessons for one in lesson.text("en").self_check
        )


@pytest.mark.one_database("sqlite")
def test_no_question_of_a_quiz_is_practised(app):
    for module in modules_of(app):
        for language in ("en", "uk", "ro", "ru", "be"):
            pool = {one.text(language).text for one in module.questions}
            assert not pool & {one.question for one in practice_questions(module.lessons, language)}


def test_practice_leads_through_the_questions_and_keeps_nothing(app, make, sign_in):
    module = modules_of(app)[3]
    questions = practice_questions(module.lessons, "en")
    browser = sign_in(make.manager())
    at, seen = f"/learn/{module.id}/practice", 0

    while at.endswith("practice") or "/practice/" in at:
        page = browser.get(at).get_data(as_text=True)
        asked = questions[seen]
        assert f">{escape(asked.question)}</h1>" in page
        assert f"<p>Practice {seen + 1} of {len(questions)}</p>" in page
        assert str(escape(asked.answer)) in page
        assert f"Read lesson 4.{asked.lesson.number} again" in page
        (at,) = re.findall(r'<a class="button primary" href="([^"]+)"', page)
        seen += 1

    assert (seen, at) == (len(questions), f"/learn/{module.id}/quiz")
    assert browser.get(f"/learn/{module.id}/practice/{seen + 1}").status_code == 404
    with app.app_context():
        assert session.scalars(sa.select(Attempt)).all() == []
