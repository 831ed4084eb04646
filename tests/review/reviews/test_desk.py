"""The desk: what stays open, what is marked, ready sentences, and agreeing with the school after a look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.review.calibration import queries as calibration
from cissapp.review.reviews import services
from cissapp.review.reviews.models import EvidenceView, Review
from cissapp.review.reviews.rules.agreement import judgement_problems
from cissapp.review.reviews.rules.attention import Attention, attention
from cissapp.review.reviews.rules.desk import (
    DeskState,
    PageShape,
    RailFilter,
    next_to_score,
    state_of,
)
from cissapp.review.reviews.rules.passages import (
    Mark,
    MarkedText,
    find_pages,
    marked,
    paragraphs,
    search_pattern,
    telling_stems,
)
from cissapp.review.reviews.rules.places import ReviewPlace
from tests import factories as make
from tests.factories import NOW, REASON
from tests.review.reviews.test_views import (
    at,
    first_version,
    links,
    rows,
    text_of,
    tree,
    words,
)
from tests.shipped import SHIPPED
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

CRITERIA = SHIPPED.standard.by_id


@pytest.fixture
def case(app: Any) -> tuple[Any, Any, Any]:
    review, assessor, _other = make.assessing()
    return review.application, review, assessor


@contextmanager
def unit(app: Any) -> Iterator[None]:
    with app.app_context(), unit_of_work():
        yield


def save(app: Any, review: Any, *ids: str) -> None:
    """Save level 2 for some criteria, each with a reason of the reviewer's own."""
    with unit(app):
        row = session.get(Review, review.id)
        written = [services.ScoreInput(CRITERIA[one], 2, REASON, ["mechanism"]) for one in ids]
        services.save_scores(row, written, standard=SHIPPED.standard, by=row.assessor, at=NOW)


# --- rules -----------------------------------------------------------------------------------


def test_lines_of_a_page_become_paragraphs():
    page = (
        "1. Who this policy is for\n"
        "It covers pupils, staff, visitors and con-\n"
        "tractors; devices; at distance,\n"
        "outside school.\n"
        "\n"
        "Last words."
    )

    assert paragraphs(page) == [
        "1. Who this policy is for",
        "It covers pupils, staff, visitors and contractors; devices; at distance, outside school.",
        "Last words.",
    ]


@given(st.text(), st.text(max_size=20))
def test_marking_loses_nothing_of_a_text(text: str, searched: str):
    stems = telling_stems(text, [text])

    pieces = marked(text, stems, search_pattern(searched))

    assert "".join(one.text for one in pieces) == text


def test_a_page_without_a_blank_or_of_many_lines_is_read_in_time_that_grows_as_it_does():
    word = "a" * 1_000_000
    lines = "as long as any other-\n" * 40_000

    assert marked(word, telling_stems("Персональ", ["Персональ"])) == [MarkedText(Mark.NONE, word)]
    assert paragraphs(lines) == ["as long as any other" * 39_999 + "as long as any other-"]


def test_inflected_words_of_the_criterion_and_what_is_searched_are_marked():
    stems = telling_stems("Persoana desemnată", ["Persoana desemnată", "Școala", "Elevii"])

    pieces = marked("persoanei desemnate, ca elevii", stems, search_pattern("ELEVII"))

    assert [(one.mark, one.text) for one in pieces if one.mark] == [
        (Mark.CRITERION, "persoanei"),
        (Mark.CRITERION, "desemnate"),
        (Mark.SEARCH, "elevii"),
    ]


def test_a_search_names_the_pages():
    found = find_pages(["nothing", "the  Founder and\nthe founder"], search_pattern("founder"))

    assert [(one.page, one.count, one.words) for one in found] == [(2, 2, "Founder")]
    assert search_pattern("x") is None


@given(
    st.builds(
        DeskState,
        document=st.sampled_from(["", "mechanism"]),
        page=st.none() | st.integers(1, 99),
        shape=st.sampled_from(PageShape),
        searched=st.sampled_from(["", "founder"]),
        show=st.sampled_from(RailFilter),
        follow=st.booleans(),
    )
)
def test_the_state_of_the_desk_comes_back_from_its_address(state: DeskState):
    assert state_of(state.address()) == state


@given(st.dictionaries(st.sampled_from(["page", "shape", "show", "document"]), st.text()))
def test_any_address_gives_a_state(address: dict[str, str]):
    assert isinstance(state_of(address), DeskState)


def test_the_next_criterion_is_one_that_is_not_scored():
    ids = ["A1", "A2", "A3"]

    assert next_to_score(ids, "A1", ["A1", "A3"]) == "A3"
    assert next_to_score(ids, "A3", ["A1", "A3"]) == "A1"
    assert next_to_score(ids, "A3", ["A3"]) is None


def test_a_decider_looks_first_at_what_differs_then_at_what_is_low():
    critical, other = CRITERIA["A1"], CRITERIA["A5"]

    assert [
        attention(critical, 2, differs=True),
        attention(other, 3, differs=True),
        attention(critical, 1, differs=False),
        attention(other, 0, differs=False),
        attention(other, None, differs=False),
    ] == list(Attention)


def test_a_third_review_is_the_reviewers_own_judgement():
    assert [bool(judgement_problems(one)) for one in ReviewPlace] == [False, False, True]


# --- the page --------------------------------------------------------------------------------


def test_the_rail_shows_every_criterion_with_its_state(app: Any, case: Any, sign_in: Any):
    application, review, assessor = case
    save(app, review, "A1", "A5")

    page = sign_in(assessor).get(at(application, "/criteria/B1?show=to_do"))

    tiles = tree(page).findall(".//nav[@id='desk-rail']//a[@aria-label]")
    named = {one.get("aria-label").split(" ")[0]: one for one in tiles}
    assert sorted(named) == sorted(set(CRITERIA) - {"A1", "A5"})
    assert named["B1"].get("aria-current") == "page"
    assert named["B1"].get("aria-label").endswith("critical, Not scored yet")
    everything = sign_in(assessor).get(at(application, "/criteria/B1"))
    assert f"A1 · {CRITERIA['A1'].text('en').title}, critical, Level 2" in everything.text


def test_the_document_stays_open_when_the_criterion_changes(app: Any, case: Any, sign_in: Any):
    application, _review, assessor = case
    version = first_version(app, application)
    browser = sign_in(assessor)
    address = at(application, f"/criteria/A1?document={version}&shape=text&search=everybody")

    page = browser.get(address)
    saved = browser.post(address, data={"level": "2", "reason": REASON})

    assert "<mark>Everybody</mark>" in page.text
    kept = f"document={version}&page=1&shape=text&search=everybody&follow=1"
    assert saved.location == at(application, f"/criteria/A2?{kept}")
    assert at(application, f"/criteria/B4?{kept}") in links(page)


def test_a_draft_of_a_score_is_there_whatever_document_is_open(app: Any, case: Any, sign_in: Any):
    application, _review, assessor = case
    version = first_version(app, application)
    browser = sign_in(assessor)
    form = tree(browser.get(at(application, "/criteria/A1"))).find(".//form[@data-draft]")
    ticket = form.find(".//input[@name='draft']").get("value")

    browser.post("/drafts", data={"draft": ticket, "reason": "Half a reason"})
    page = browser.get(at(application, f"/criteria/A1?document={version}&page=1&shape=text"))

    assert "Half a reason" in tree(page).find(".//textarea[@name='reason']").text


def test_while_the_rail_shows_critical_criteria_the_next_one_is_critical(case: Any, sign_in: Any):
    application, _review, assessor = case

    saved = sign_in(assessor).post(
        at(application, "/criteria/A4?show=critical"), data={"level": "2", "reason": REASON}
    )

    assert "/criteria/A7?" in saved.location


def test_a_ready_sentence_is_added_in_the_language_of_the_school(app: Any, case: Any, sign_in: Any):
    application, review, assessor = case

    sign_in(assessor).post(
        at(application, "/criteria/A2"),
        data={"level": "1", "reason": REASON, "phrases": ["level-1", "0"], "seen_in": "mechanism"},
    )

    text = CRITERIA["A2"].text("ro")
    with rows(app):
        kept = session.get(Review, review.id).scores[0].reason.split("\n\n")
    assert application.school.language == "ro"
    assert [kept[0], kept[1].endswith(text.levels["1"]), kept[2]] == [
        REASON,
        True,
        text.mistakes[0],
    ]


def test_a_script_is_told_when_a_level_was_saved_or_what_is_missing(case: Any, sign_in: Any):
    application, _review, assessor = case
    browser, asks = sign_in(assessor), {"Accept": "application/json"}
    path = at(application, "/criteria/A1")

    missing = browser.post(path, data={"level": "2"}, headers=asks)
    saved = browser.post(path, data={"level": "2", "reason": REASON}, headers=asks)

    assert saved.json["text"].startswith("Saved 11:00:00")
    assert (missing.status_code, missing.json) == (
        422, {"message": "Not saved yet. Enter a reason."},
    )  # fmt: skip


def test_the_desk_takes_as_many_queries_before_and_after_all_is_scored(
    app: Any, case: Any, sign_in: Any
):
    application, review, assessor = case
    browser, address = sign_in(assessor), at(application, "/criteria/A5?search=everybody")
    browser.get(address)
    numbers = []
    for _ in range(2):
        with statements_sent(app) as seen:
            browser.get(address)
        numbers.append(len(seen))
        make.scored(review)

    assert numbers[0] == numbers[1]
    assert numbers[0] < 60


# --- agreeing with the school ----------------------------------------------------------------


def test_who_has_seen_the_evidence_may_agree_and_that_is_kept(app: Any, case: Any, sign_in: Any):
    application, review, assessor = case
    browser = sign_in(assessor)
    path = at(application, "/criteria/A5/agreement")

    blind = browser.post(path)
    page = browser.get(at(application, "/criteria/A5"))
    agreed = browser.post(path)

    assert (blind.status_code, "Look at the evidence for A5 first." in text_of(blind)) == (
        409,
        True,
    )
    assert "Agree with the school" in text_of(page)
    assert agreed.location == at(application, "/criteria/A6")
    version = first_version(app, application)
    with rows(app):
        row = session.get(Review, review.id)
        (score,) = row.scores
        seen = session.get(EvidenceView, (review.id, f"{version}#1"))
        assert (score.criterion_id, score.level, score.agreed) == ("A5", 2, True)
        assert score.references == [f"{version}#1"]
        assert CRITERIA["A5"].text("ro").levels["2"] in score.reason
        assert seen.seen_at == NOW
    save(app, review, "A5")
    with rows(app):
        assert [one.agreed for one in session.get(Review, review.id).scores] == [False]


def test_a_critical_criterion_is_never_agreed_to(case: Any, sign_in: Any):
    application, _review, assessor = case
    browser = sign_in(assessor)

    page = browser.get(at(application, "/criteria/A1"))
    answer = browser.post(at(application, "/criteria/A1/agreement"))

    assert "Agree with the school</button>" not in page.text
    assert answer.status_code == 409
    assert "A1 is critical." in text_of(answer)


def test_what_was_seen_is_agreed_to_as_a_list(app: Any, case: Any, sign_in: Any):
    application, review, assessor = case
    browser = sign_in(assessor)
    empty = browser.get(at(application, "/agreement"))
    browser.get(at(application, "/criteria/A1"))

    page = browser.get(at(application, "/agreement"))
    offered = [one.get("value") for one in tree(page).findall(".//main//input[@type='checkbox']")]
    sent = browser.post(at(application, "/agreement"), data={"criteria": offered[1:]})

    assert "There is nothing to agree on now." in text_of(empty)
    assert offered == [one.id for one in SHIPPED.standard.criteria if not one.critical]
    assert sent.location == at(application, "/criteria/A1")
    with rows(app):
        kept = {one.criterion_id: one.agreed for one in session.get(Review, review.id).scores}
        assert kept == dict.fromkeys(offered[1:], True)


def test_nobody_else_agrees_in_a_review(case: Any, sign_in: Any):
    application, _review, _assessor = case
    other = make.user(Role.REVIEWER, group_id=application.school.group_id)
    make.declared(application, other)
    browser = sign_in(other)

    assert browser.get(at(application, "/agreement")).status_code == 404
    assert browser.post(at(application, "/criteria/A5/agreement")).status_code == 404


def test_agreeing_is_counted_apart_once_the_case_is_decided(app: Any, case: Any, sign_in: Any):
    application, review, assessor = case
    browser = sign_in(assessor)
    browser.get(at(application, "/criteria/A5"))
    browser.post(at(application, "/criteria/A5/agreement"))
    with app.app_context():
        assert (
            calibration.agreed_shares(
                calibration.calibration_figures(assessor, content().standard).figures, assessor
            )
            == []
        )
    again = browser.post(at(application, "/criteria/A5/agreement"))
    assert "You have already scored A5." in text_of(again)
    save(app, review, *(one for one in CRITERIA if one != "A5"))
    decider = make.user(Role.COORDINATOR, group_id=application.school.group_id)
    make.declared(application, decider)
    make.ruled(make.recommended(review), decider)

    with app.app_context():
        shares = calibration.agreed_shares(
            calibration.calibration_figures(assessor, content().standard).figures, assessor
        )

    assert [(one.name, one.scores, one.agreed) for one in shares] == [(assessor.name, 44, 1)]
    assert "Agreed with the school in bulk" in words(
        tree(sign_in(decider).get("/calibration")).find(".//main")
    )
