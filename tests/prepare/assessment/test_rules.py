"""What a score needs, and how far a part is."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cissapp.foundation.content.loader import load
from cissapp.prepare.assessment.rules import PartCount, count_complete, score_problems
from config import ROOT

CONTENT = load(Path(ROOT / "modules"))
STANDARD = CONTENT.standard

DOCUMENT = uuid4()

LONG = "The policy says so on its first page, and all staff signed it."


@dataclass(frozen=True)
class Said:
    level: int | None = 2
    text: str = LONG
    document_ids: frozenset[UUID] = field(default_factory=lambda: frozenset({DOCUMENT}))

    @property
    def not_applicable(self) -> bool:
        return self.level is None


def all_but(standard=STANDARD, **scores):
    said = {criterion.id: Said() for criterion in standard.criteria} | scores
    found = score_problems(standard, {k: v for k, v in said.items() if v}, {DOCUMENT})
    return {
        criterion_id: [(one.code, one.message % one.values) for one in problems]
        for criterion_id, problems in found.items()
    }


def test_a_whole_self_assessment_lacks_nothing():
    assert all_but() == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, [("level", "Choose a level.")]),
        (Said(text=""), []),
        (
            Said(document_ids=frozenset()),
            [("documents", "Name at least one document that shows it.")],
        ),
        (
            Said(document_ids=frozenset({uuid4()})),
            [("documents", "Name at least one document that shows it.")],
        ),
        (Said(level=0, document_ids=frozenset()), []),
        (
            Said(level=None, text="no"),
            [("text", "Explain why it does not apply, in at least 40 characters.")],
        ),
        (Said(level=None, document_ids=frozenset()), []),
    ],
)
def test_a_score_needs_a_level_a_text_and_a_document(said, expected):
    assert all_but(A12=said) == ({"A12": expected} if expected else {})


@pytest.mark.parametrize(("text", "lacks"), [("x" * 39, True), ("x" * 40, False), (" " * 50, True)])
def test_a_critical_criterion_needs_words_of_the_school(text, lacks):
    expected = [("text", "Explain how the school meets this, in at least 40 characters.")]
    assert all_but(A1=Said(text=text)) == ({"A1": expected} if lacks else {})


def test_a_critical_criterion_always_applies():
    assert all_but(A1=Said(level=None)) == {
        "A1": [("level", "A critical criterion always applies. Choose a level.")]
    }


def test_what_the_rubric_allows_for_nobody_applies_to_every_school():
    message = "This criterion applies to every school. Choose a level."
    left_out = Said(level=None)

    assert all_but(A11=left_out, A12=left_out, C7=left_out) == {}
    assert all_but(A14=left_out) == {"A14": [("level", message)]}
    assert all_but(CONTENT.earlier["1.0"], A14=left_out) == {}


def test_two_criteria_of_a_part_may_be_left_out_and_the_third_is_named():
    message = "At most 2 criteria in a part can be not applicable. Choose a level."
    left_out = Said(level=None)

    earlier = CONTENT.earlier["1.0"]
    assert all_but(earlier, A4=left_out, A5=left_out, B6=left_out) == {}
    assert all_but(earlier, A9=left_out, A4=left_out, A5=left_out) == {"A9": [("level", message)]}


def test_parts_are_counted():
    problems = score_problems(
        STANDARD, {"A1": Said(), "C2": Said(), "C3": Said(text="")}, {DOCUMENT}
    )

    assert count_complete(STANDARD, problems) == [
        PartCount("A", 1, 16),
        PartCount("B", 0, 16),
        PartCount("C", 1, 12),
    ]
