"""The pieces of an application that lessons lead to: where they go, and when they are there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import LessonPiece, LessonPlan
from cissapp.foundation.core.roles import Role
from cissapp.prepare.applications.phrases.pieces import shown_piece
from cissapp.prepare.applications.queries.pieces import made_pieces
from cissapp.prepare.applications.rules.pieces import MadePieces, is_made

pytestmark = pytest.mark.usefixtures("stopped_clock")

ALL = frozenset(f"{part}{number}" for part in "ABC" for number in range(1, 17))
EVERYTHING = MadePieces(policy=True, ways=True, escalation=True, shown=ALL, scored=ALL)


@given(st.sampled_from(LessonPiece), st.sets(st.sampled_from(sorted(ALL)), min_size=1))
def test_of_nothing_no_piece_is_there_and_of_everything_each(piece, criteria):
    assert not is_made(piece, sorted(criteria), MadePieces())
    assert is_made(piece, sorted(criteria), EVERYTHING)


def test_each_shipped_piece_leads_to_its_own_page(app):
    plans = [one.plan for module in content_of(app).modules for one in module.lessons]
    with app.test_request_context():
        to_make = {
            plan.id: shown.href
            for plan in plans
            if (shown := shown_piece(plan, MadePieces())) is not None
        }
        there = {
            shown.made for plan in plans if (shown := shown_piece(plan, EVERYTHING)) is not None
        }

    assert len(to_make) == 22
    assert there == {True}
    assert {key: href for key, href in to_make.items() if href != "/school/documents/new"} == {
        "where-we-stand": "/school/self-assessment/A4",
        "what-a-policy-contains": "/school/policy",
        "channels-and-people": "/school/reporting/channels",
        "triage-and-escalation": "/school/reporting/escalation",
        "from-self-assessment-to-certificate": "/school/self-assessment/C12",
    }


def content_of(app):
    with app.app_context():
        return content()


@pytest.mark.one_database("sqlite")
def test_a_whole_application_has_every_piece(app, make):
    school = make.school()
    head, _designated = make.trained(school)
    make.complete_dossier(school, head)

    with app.app_context():
        every = {one.id for one in content().standard.criteria}
        assert {piece: made_pieces(school.id, piece) for piece in LessonPiece} == {
            LessonPiece.POLICY: MadePieces(policy=True),
            LessonPiece.WAYS: MadePieces(ways=True),
            LessonPiece.ESCALATION: MadePieces(escalation=True),
            LessonPiece.DOCUMENT: MadePieces(shown=frozenset(every)),
            LessonPiece.ASSESSMENT: MadePieces(scored=frozenset(every)),
        }


LESSON = "/learn/reporting-and-response/channels-and-people"


def test_a_lesson_leads_a_school_to_its_piece_and_tells_when_it_is_there(make, sign_in):
    school = make.school()
    head = make.manager(school)
    browser = sign_in(head)

    before = browser.get(LESSON).get_data(as_text=True)
    make.complete_dossier(school, head)
    after = browser.get(LESSON).get_data(as_text=True)

    assert "This is part of your application. You only enter it once." in before
    assert 'href="/school/reporting/channels"' in before
    assert "You have added your ways to report." in after
    assert "asked once" not in after


QUIZ = "/learn/reporting-and-response/quiz"


def test_a_passed_module_leads_to_what_is_left_to_make_of_it(make, sign_in):
    school = make.school()
    head = make.manager(school)
    browser = sign_in(head)
    passed = make.passed_module(head, "reporting-and-response")

    for page in (QUIZ, f"/learn/attempts/{passed.attempt_id}"):
        text = browser.get(page).get_data(as_text=True)
        assert "Now use it at your school" in text
        assert 'href="/school/reporting/channels"' in text
        assert 'href="/school/reporting/escalation"' in text
        assert "/school/policy" not in text

    make.complete_dossier(school, head)
    assert "Now use it at your school" not in browser.get(QUIZ).get_data(as_text=True)


def test_who_is_of_no_school_reads_the_lesson_alone(make, sign_in):
    page = sign_in(make.user(Role.REVIEWER)).get(LESSON).get_data(as_text=True)

    assert "This is part of your application." not in page
    assert 'href="/school/reporting' not in page


def test_a_lesson_without_a_piece_shows_none():
    assert shown_piece(LessonPlan(id="rights", minutes=5, doing=15), EVERYTHING) is None
