"""Writes of the self-assessment: done once, recorded, refused where it does not add up."""

import pytest
from sqlalchemy import select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import LocalStore
from cissapp.prepare.assessment import queries, services
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.assessment.services import stamp_of
from tests.factories import NOW
from tests.prepare.acts import LATER, add, score, trail
from tests.refusals import codes

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


def test_a_score_is_saved_once_and_its_evidence_follows(school, head, store):
    one, two = add(school, head, store), add(school, head, store, b"two", title="Plan")
    facts = ScoreFacts(2, "How we meet it.", "page 3", frozenset({one.id}))

    row = score(school, head, facts, criterion_id="A12")
    score(school, head, facts, criterion_id="A12", at=LATER)
    assert (row.level, row.not_applicable, row.text, row.pages, row.document_ids, row.saved_at) == (
        2, False, "How we meet it.", "page 3", frozenset({one.id}), NOW,
    )  # fmt: skip

    score(
        school,
        head,
        ScoreFacts(None, "We have none.", "", frozenset({two.id})),
        criterion_id="A12",
        at=LATER,
    )
    session.expire_all()
    row = queries.score(school.id, "A12")
    assert (row.level, row.not_applicable, row.document_ids, row.saved_at, row.saved_by_id) == (
        None, True, frozenset({two.id}), LATER, head.id,
    )  # fmt: skip
    assert trail(school)[2:] == [
        ("self_score.saved", {"level": 2, "documents": [str(one.id)]}),
        ("self_score.saved", {"level": None, "documents": [str(two.id)]}),
    ]


def test_saved_answers_say_the_same_without_their_rows(school, head, store, make):
    other = make.school()
    for criterion_id in ("A4", "B1"):
        score(other, make.manager(other), ScoreFacts(3, "Not ours."), criterion_id=criterion_id)
    one, two = add(school, head, store), add(school, head, store, b"two", title="Plan")
    pages = {one.id: "1", two.id: ""}
    shown = frozenset(pages)
    score(school, head, ScoreFacts(2, "So it is met.", "", shown, pages), criterion_id="A4")
    score(school, head, ScoreFacts(None, "We have none."), criterion_id="A12", at=LATER)

    def said(row):
        names = "level not_applicable text pages saved_at document_ids anchors"
        return {name: getattr(row, name) for name in names.split()}

    rows = queries.scores(school.id)
    assert rows["A4"].anchors == {one.id: "1"}
    assert {key: said(saved) for key, saved in queries.saved_scores(school.id).items()} == {
        key: said(row) for key, row in rows.items()
    }


def test_only_what_the_rubric_says_is_left_out(school, head):
    for criterion_id in ("A11", "A12", "C7"):
        score(school, head, ScoreFacts(None), criterion_id=criterion_id)
    score(school, head, ScoreFacts(None, "now with a reason"), criterion_id="A12")

    for criterion_id in ("A1", "A4", "A14"):
        with pytest.raises(Refused) as refused:
            score(school, head, ScoreFacts(None), criterion_id=criterion_id)
        assert codes(refused) == ["level"]
    assert set(queries.scores(school.id)) == {"A11", "A12", "C7"}


def test_a_document_of_another_school_is_no_evidence(school, head, store, make):
    other = make.school()
    foreign = add(other, make.manager(other), store)

    with pytest.raises(Refused) as refused:
        score(school, head, ScoreFacts(1, document_ids=frozenset({foreign.id})))

    assert codes(refused) == ["documents"]
    assert session.scalars(select(SelfScore)).all() == []


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_unread(school, head):
    score(school, head, ScoreFacts(1, "first"), seen="")
    seen = stamp_of(queries.score(school.id, "A4"))
    score(school, head, ScoreFacts(2, "second"), seen=seen, at=LATER)

    with pytest.raises(Refused) as refused:
        score(school, head, ScoreFacts(3, "third"), seen=seen, at=LATER)

    assert codes(refused) == ["overtaken"]
    score(school, head, ScoreFacts(2, "second"), seen=seen, at=LATER)
    assert queries.score(school.id, "A4").text == "second"


def test_several_criteria_are_scored_in_one_act_and_what_is_the_same_is_not_recorded_again(
    school, head, store
):
    document = add(school, head, store)
    shown = frozenset({document.id})
    facts = {
        key: ScoreFacts(
            2, f"How we meet {key}, in words of our own.", "", shown, {document.id: "1"}
        )
        for key in ("B1", "A4")
    }
    standard = content().standard

    services.save_scores(school, facts, standard=standard, by=head, at=NOW)
    changed = {**facts, "A4": ScoreFacts(1, "Another text of some length here.", "", shown)}
    rows = services.save_scores(school, changed, standard=standard, by=head, at=NOW)

    assert [(row.criterion_id, row.level) for row in rows] == [("B1", 2), ("A4", 1)]
    documents = [str(document.id)]
    assert trail(school)[-3:] == [
        ("self_score.saved", {"level": 2, "documents": documents}),
        ("self_score.saved", {"level": 2, "documents": documents}),
        ("self_score.saved", {"level": 1, "documents": documents}),
    ]


@pytest.mark.one_database("sqlite")
def test_several_criteria_are_refused_for_a_document_that_is_not_there(school, head, store):
    add(school, head, store)
    strange = ScoreFacts(2, "A text of some length for this one.", "", frozenset({school.id}))

    with pytest.raises(Refused) as refused:
        services.save_scores(school, {"A4": strange}, standard=content().standard, by=head, at=NOW)

    assert codes(refused) == ["documents"]
