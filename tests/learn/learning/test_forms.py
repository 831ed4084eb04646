"""The forms of answers: what they take, and what they say about what they do not take."""

from random import Random

import pytest
from werkzeug.datastructures import MultiDict

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.learn.learning.forms import answer_form
from cissapp.learn.learning.models import AttemptQuestion
from cissapp.learn.learning.rules.question_draw import shuffled_parts
from tests.learn.authoring.formats.samples import question

# No module has to ask a question whose answer is written.
WRITTEN = question(QuestionKind.SHORT_TEXT, {}, accepted={"any": ["18"]})


@pytest.fixture
def form_of(app):
    """The form of the first shipped question of a kind, filled with what a device sent."""

    def made(kind, *fields):
        question = next(
            (
                one
                for module in content().modules
                for one in module.questions
                if one.key.kind is kind
            ),
            WRITTEN,
        )
        row = AttemptQuestion(
            position=1,
            question_id=question.id,
            options=shuffled_parts(question.key, random),
            sequence=0,
        )
        return answer_form(row, question, "en", sent=MultiDict(fields), whole=True)

    random = Random(1)
    with app.test_request_context("/learn", method="POST"), unit_of_work():
        yield made
        session.rollback()


@pytest.mark.one_database("sqlite")
def test_a_short_text_that_may_name_a_child_is_not_kept_and_says_so(form_of):
    form = form_of(QuestionKind.SHORT_TEXT, ("chosen", "IDNP 2006001234561"))

    assert form.validate() is False
    assert form.reasons[0] == "Check this again. Nothing was saved."
    assert len(form.reasons) > 1


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("text", ["18", "116 111", "Luxembourg", "eighty per cent"])
def test_a_short_text_is_taken_as_it_is(form_of, text):
    form = form_of(QuestionKind.SHORT_TEXT, ("chosen", text))

    assert (form.validate(), form.chosen_ids(), form.reasons) == (True, [text], [])


def test_a_second_step_in_one_place_is_told_at_its_own_field(form_of):
    places = ["2", "1", "2", "3", "4", "5"]
    lines = enumerate(places, start=1)
    form = form_of(QuestionKind.ORDERING, *[(f"chosen_{line}", place) for line, place in lines])

    assert form.validate() is False
    assert {name: [str(one) for one in errors] for name, errors in form.errors.items()} == {
        "chosen_3": ["Another step already has place 2. Choose another one."]
    }


def test_a_line_without_a_choice_is_told_once(form_of):
    form = form_of(QuestionKind.MATCHING)

    assert form.validate() is False
    assert form.reasons == ["Choose an option for this line."]


def test_the_sheet_takes_a_story_that_does_not_come_to_every_step(form_of):
    form = form_of(QuestionKind.SCENARIO, ("chosen_1", "1"))

    assert form.validate() is True
    assert len(form.chosen_ids()) == 1
