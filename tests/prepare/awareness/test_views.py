"""Pages of the awareness rounds: without a cookie for pupils, and for the school."""

import re
from datetime import timedelta

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.schools.models import School
from cissapp.prepare.awareness import queries, services
from cissapp.prepare.awareness.rules.questions import Question
from cissapp.prepare.awareness.rules.rounds import RoundFacts, RoundKind
from cissapp.prepare.documents import queries as documents
from tests.factories import NOW
from tests.prepare.awareness.test_services import GOOD
from tests.prepare.pages import said, texts
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

TAPS = {"in_school": "two", "outside": "yes", "would_tell": "yes", "poster": "no"}
ROUND = {"label": "October, classes 5 to 9", "kind": "before", "expected": "30"}
ROUND["ends_on"] = (NOW.date() + timedelta(days=14)).isoformat()


@pytest.fixture
def head(make):
    return make.manager(make.school(language="uk"))


@pytest.fixture
def asked(app, head):
    return made(app, head)


def made(app, head, answers=0, label="October", kind=RoundKind.BEFORE, compared_with=None):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        ends_on = NOW.date() + timedelta(days=14)
        facts = RoundFacts(label, kind, 30, ends_on, compared_with)
        asked = services.open_round(school, facts, by=head, at=NOW)
        for number in range(answers):
            services.count_answer(asked, GOOD, str(number), today=NOW.date())
        session.expunge_all()
    return asked


def ticket_of(page):
    return re.search(r'name="ticket"[^>]* value="([^"]+)"', page.text)[1]


def answers_of(app, asked):
    with app.app_context():
        return queries.awareness_round(asked.id).answers


def test_a_pupil_answers_without_a_cookie_and_counts_once(app, client, asked):
    page = client.get(f"/a/{asked.code}?in=en")
    assert "Do you know who to tell?" in page.text
    assert 'name="csrf_token"' not in page.text
    assert 'href="tel:' in page.text
    data = {**TAPS, "ticket": ticket_of(page)}
    answers = [client.post(f"/a/{asked.code}?in=en", data=data, csrf=False) for _ in range(2)]
    thanks = client.get(answers[0].location)

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == f"/a/{asked.code}/thanks?in=en"
    assert "Your answers have been counted." in thanks.text
    assert 'href="tel:' in thanks.text
    everything = (page, *answers, thanks)
    assert not any("Set-Cookie" in one.headers for one in everything)
    assert answers_of(app, asked) == 1


def test_two_taps_on_the_last_place_are_both_thanked(app, client, head):
    asked = made(app, head, answers=35)  # of 30 expected a round takes 36
    data = {**TAPS, "ticket": ticket_of(client.get(f"/a/{asked.code}?in=en"))}
    late = {**TAPS, "ticket": ticket_of(client.get(f"/a/{asked.code}?in=en"))}
    sent = [client.post(f"/a/{asked.code}", data=one, csrf=False) for one in (data, data, late)]

    assert [one.status_code for one in sent] == [303, 303, 410]
    assert answers_of(app, asked) == 36


def test_a_change_without_the_ticket_of_its_page_is_refused(app, client, head, asked):
    other = made(app, head, label="other")
    foreign = ticket_of(client.get(f"/a/{other.code}"))
    for ticket in ("", "x", foreign):
        page = client.post(f"/a/{asked.code}?in=en", data={**TAPS, "ticket": ticket}, csrf=False)
        assert page.status_code == 422
        assert "Press the button again" in page.text
        assert page.text.count("checked") == 4
    own = {**TAPS, "ticket": ticket_of(client.get(f"/a/{asked.code}"))}
    crossing = client.post(
        f"/a/{asked.code}", data=own, csrf=False, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert crossing.status_code == 422
    assert answers_of(app, asked) == answers_of(app, other) == 0


def test_only_the_questions_to_pupils_take_a_ticket_in_place_of_a_token(app):
    with_ticket = [
        name for name, view in app.view_functions.items() if getattr(view, "by_ticket", False)
    ]

    assert with_ticket == ["awareness.answer_round"]


def test_a_missing_answer_is_said_beside_its_question_and_the_others_stay(app, client, asked):
    ticket = ticket_of(client.get(f"/a/{asked.code}"))
    data = {"in_school": "two", "outside": "perhaps", "ticket": ticket}
    page = client.post(f"/a/{asked.code}?in=en", data=data, csrf=False)

    assert page.status_code == 422
    assert len(texts(page, "p", "error")) == 3
    assert page.text.count("checked") == 1
    assert answers_of(app, asked) == 0


def test_a_page_is_in_the_language_of_the_school_or_the_one_that_was_chosen(client, asked):
    assert 'lang="uk"' in client.get(f"/a/{asked.code}").text[:200]
    assert 'lang="uk"' in client.get(f"/a/{asked.code}?in=xx").text[:200]


@pytest.mark.parametrize("code", ["NOSUCH", "abc", "K3PX7M%20"])
def test_a_wrong_code_is_said_with_who_helps(client, asked, code):
    page = client.get(f"/a/{code}")

    assert page.status_code == 404
    assert "This code is not right" in page.text
    assert "Do you need help now?" in page.text
    assert "Set-Cookie" not in page.headers


def test_a_code_can_be_typed(client, asked):
    assert client.get("/a").status_code == 200
    typed = f"{asked.code[:3]} {asked.code[3:]}".lower()
    assert client.get("/a", query_string={"code": typed}).location == f"/a/{asked.code}"
    assert client.get("/a?code=zzz").status_code == 404


def test_a_round_that_has_ended_says_so(app, client, head, asked):
    data = {**TAPS, "ticket": ticket_of(client.get(f"/a/{asked.code}"))}
    with app.app_context(), unit_of_work():
        services.end_round(queries.awareness_round(asked.id), by=head, at=NOW)
    page = client.post(f"/a/{asked.code}?in=en", data=data, csrf=False)

    assert page.status_code == 410
    assert "These questions have ended" in page.text
    assert client.get(f"/a/{asked.code}").status_code == 410
    assert answers_of(app, asked) == 0


def test_a_school_opens_a_round_and_gets_a_sheet_in_its_pupils_languages(app, browser, head):
    page = browser.post("/school/toolkit/awareness/new", data=ROUND)
    with app.app_context():
        (asked,) = queries.rounds(head.school_id)
    assert page.location == f"/school/toolkit/awareness/{asked.id}"
    shown = browser.get(page.location)
    assert "Fewer than ten" in shown.text
    assert f"http://ciss.example/a/{asked.code}" in shown.text
    sheet = browser.get(f"{page.location}/sheet")
    assert f"{asked.code[:3]} {asked.code[3:]}" in sheet.text
    assert re.search(r'class="class-words"\s+lang="uk"', sheet.text)
    assert "<strong>116 111</strong>" in sheet.text.partition("class-words")[2]
    assert b"<svg" in browser.get(f"{page.location}/qr.svg").data
    assert ROUND["label"] in browser.get("/school/toolkit/awareness").text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"label": ""}, "Give the round a name."),
        ({"kind": ""}, "Choose one."),
        ({"expected": "9"}, "Enter a number from 10 to 3000."),
        ({"ends_on": "2026-11-24"}, "Choose today or a later date, within 60 days."),
    ],
)
def test_what_is_wrong_with_a_round_is_said_beside_the_field(app, browser, head, wrong, message):
    page = browser.post("/school/toolkit/awareness/new", data={**ROUND, **wrong})

    assert page.status_code == 422
    assert texts(page, "p", "error") == [f"Error: {message}"]
    with app.app_context():
        assert queries.rounds(head.school_id) == []


def test_figures_are_said_in_words_and_become_evidence(app, browser, head):
    before = made(app, head, 9)
    page = browser.get(f"/school/toolkit/awareness/{before.id}")
    assert "Not yet" in page.text
    assert browser.post(f"/school/toolkit/awareness/{before.id}/document").status_code == 404
    browser.post(f"/school/toolkit/awareness/{before.id}/remove")
    before = made(app, head, 20)
    after = made(app, head, 20, "May", RoundKind.AFTER, before.id)
    page = browser.get(f"/school/toolkit/awareness/{after.id}")

    assert "Of 20 answers, 20 (100 %) say: I can name two ways" in page.text
    assert "the 80 % needed for level 3 has been reached" in page.text
    assert "Compared with “October”, the share changed by 0 percentage points" in page.text
    assert texts(page, "td")[:5] == ["20 of 20", "100 %", "84–100 %", "100 %", "0"]
    browser.post(f"/school/toolkit/awareness/{after.id}/document")
    with app.app_context():
        (found,) = documents.documents(head.school_id)
        assert (found.title, found.evidence_code) == ("Survey of pupils: May", "SURV")
        text = " ".join(documents.page_texts(found.newest)[0].split())
    assert "Of 20 answers, 20 (100 %) say" in text


def test_a_round_is_ended_and_deleted(app, browser, head, asked):
    address = f"/school/toolkit/awareness/{asked.id}"
    browser.post(f"{address}/end")
    page = browser.get(address)
    assert "Too few answers" in page.text
    browser.post(f"{address}/remove")
    assert browser.get(address).status_code == 404
    assert said(browser.get("/school/toolkit/awareness")) == []


def test_as_many_statements_for_one_round_as_for_three(app, browser, head, asked):
    def statements(address):
        with statements_sent(app) as seen:
            browser.get(address)
        return len(seen)

    addresses = ["/school/toolkit/awareness", f"/school/toolkit/awareness/{asked.id}"]
    addresses += [f"/a/{asked.code}"]
    once = [statements(one) for one in addresses]
    for label in ("a", "b"):
        made(app, head, 10, label)

    assert [statements(one) for one in addresses] == once
    assert once[-1] < 8


def test_both_is_what_level_3_asks_for():
    assert Question.BOTH not in {Question(one) for one in TAPS}
