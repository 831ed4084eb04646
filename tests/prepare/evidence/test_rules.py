"""What a mechanism and a score need, and when something is closed."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from cissapp.foundation.content.loader import load
from cissapp.foundation.core.errors import Refused
from cissapp.prepare.evidence.rules import (
    ChannelKind,
    Part,
    PartCount,
    completed,
    is_open,
    refuse_if_closed,
    score_problems,
)
from cissapp.prepare.evidence.rules.documents import refuse_many_documents, refuse_many_versions
from cissapp.prepare.evidence.rules.lacks import stops
from cissapp.prepare.evidence.rules.mechanism import ChannelFacts, PersonFacts, page_of
from config import ROOT

STANDARD = load(Path(ROOT / "modules")).standard
DOCUMENT = uuid4()
LONG = "The policy says so on its first page, and all staff signed it."

HEAD = PersonFacts("Head", "room 1", "8-16", is_head=True, trained=True)
PSYCHOLOGIST = PersonFacts("Psychologist", "room 7", "9-15", trained=True)
IN_PERSON = ChannelFacts(ChannelKind.IN_PERSON, "Talk", "room 7", "9-15")
LETTER_BOX = ChannelFacts(ChannelKind.WRITTEN, "Letter box", "library", "always")
CHAT = ChannelFacts(ChannelKind.DIGITAL, "Form", "school page", "always")
HELPLINE = ChannelFacts(ChannelKind.OUTSIDE, "Helpline", "116 111", "always", in_holidays=True)
WHOLE = SimpleNamespace(
    crime_hours=24,
    answer_days=1,
    plan_days=3,
    confidentiality="Who must know.",
    no_retaliation="Nobody is punished.",
    about_staff="To the founder.",
    evidence_rule="Never look, never copy.",
    never_handles_images=True,
)


def lacks(
    mechanism=WHOLE,
    persons=(HEAD, PSYCHOLOGIST),
    channels=(IN_PERSON, LETTER_BOX, HELPLINE),
    steps=(1,),
):
    found = [one.problem for one in stops(mechanism, persons, channels, steps)]
    assert all(problem.link == page_of(Part(problem.code)) for problem in found)
    return [(problem.code, problem.message % problem.values) for problem in found]


def but(**values):
    return SimpleNamespace(**{**vars(WHOLE), **values})


def test_a_whole_mechanism_lacks_nothing():
    assert lacks() == []


@pytest.mark.parametrize(
    ("persons", "expected"),
    [
        ((), ["Name at least 2 trained people who take reports."]),
        (
            (HEAD,),
            [
                "Name at least 2 trained people who take reports.",
                "The only person who takes reports is the head. Name somebody past the head, for reports about the head.",
            ],
        ),
        (
            (HEAD, replace(PSYCHOLOGIST, trained=False)),
            [
                "Name at least 2 trained people who take reports.",
                "The only trained person is the head. Train somebody past the head, for reports about the head.",
            ],
        ),
        ((PSYCHOLOGIST,), ["Name at least 2 trained people who take reports."]),
        ((PSYCHOLOGIST, replace(PSYCHOLOGIST, office="Teacher")), []),
    ],
)
def test_reports_are_taken_by_two_trained_people_and_not_only_by_the_head(persons, expected):
    assert lacks(persons=persons) == [("persons", message) for message in expected]


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (
            (),
            [
                "Offer at least 3 ways to report.",
                "Add a way to report in person.",
                "Add a way to report without speaking: in writing or digital.",
                "Add a way to report outside the school, such as a helpline.",
                "Add a way to report that works in the holidays.",
            ],
        ),
        ((IN_PERSON, CHAT, HELPLINE), []),
        (
            (IN_PERSON, LETTER_BOX, CHAT, replace(CHAT, in_holidays=True)),
            ["Add a way to report outside the school, such as a helpline."],
        ),
        ((LETTER_BOX, CHAT, HELPLINE), ["Add a way to report in person."]),
        (
            (IN_PERSON, IN_PERSON, HELPLINE),
            ["Add a way to report without speaking: in writing or digital."],
        ),
        (
            (IN_PERSON, HELPLINE),
            [
                "Offer at least 3 ways to report.",
                "Add a way to report without speaking: in writing or digital.",
            ],
        ),
        (
            (IN_PERSON, LETTER_BOX, replace(HELPLINE, in_holidays=False)),
            ["Add a way to report that works in the holidays."],
        ),
    ],
)
def test_there_are_three_ways_to_report_of_different_kinds(channels, expected):
    assert lacks(channels=channels) == [("channels", message) for message in expected]


def test_somebody_outside_is_called():
    assert lacks(steps=()) == [
        ("escalation", "Say whom outside the school you call: at least one body.")
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"crime_hours": 25}, ["A suspected crime is passed on within 24 hours at most."]),
        ({"answer_days": 2}, ["A child gets an answer on the next working day at the latest."]),
        ({"plan_days": 4}, ["A plan is made within 3 working days at most."]),
        ({"crime_hours": 1, "plan_days": 1}, []),
        ({"answer_days": None}, ["Set the time limits."]),
    ],
)
def test_time_limits_are_those_of_the_standard(values, expected):
    assert lacks(but(**values)) == [("time-limits", message) for message in expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"confidentiality": None},
            "Say who learns of a report, and that secrecy is not promised.",
        ),
        ({"no_retaliation": None}, "Say that nobody is punished for a report or for seeking help."),
        ({"about_staff": ""}, "Say where reports about staff or about the head go."),
        ({"evidence_rule": None}, "Write the rule on evidence and on sexual images of children."),
        (
            {"never_handles_images": False},
            "Confirm that nobody at the school handles sexual images of children.",
        ),
    ],
)
def test_each_rule_is_written(values, expected):
    assert lacks(but(**values)) == [("rules", expected)]


def test_a_school_that_said_nothing_lacks_every_part_that_must_be_there():
    advised = {Part.TOLD, Part.COVER, Part.ABOUT_ADULTS}
    wanted = {part.value for part in Part if part not in advised}
    assert {code for code, _message in lacks(None, (), (), ())} == wanted


# --- scores ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    level: int | None = 2
    text: str = LONG
    document_ids: frozenset[UUID] = field(default_factory=lambda: frozenset({DOCUMENT}))

    @property
    def not_applicable(self) -> bool:
        return self.level is None


def all_but(**scores):
    said = {criterion.id: Said() for criterion in STANDARD.criteria} | scores
    found = score_problems(STANDARD, {k: v for k, v in said.items() if v}, {DOCUMENT})
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
        (
            Said(text="x" * 39),
            [("text", "Say how the school meets this, in at least 40 characters.")],
        ),
        (Said(text="x" * 40), []),
        (
            Said(text=" " * 50),
            [("text", "Say how the school meets this, in at least 40 characters.")],
        ),
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
            [("text", "Give the reason why it does not apply, in at least 40 characters.")],
        ),
        (Said(level=None, document_ids=frozenset()), []),
    ],
)
def test_a_score_needs_a_level_a_text_and_a_document(said, expected):
    assert all_but(A4=said) == ({"A4": expected} if expected else {})


def test_a_critical_criterion_always_applies():
    assert all_but(A1=Said(level=None)) == {
        "A1": [("level", "A critical criterion always applies. Choose a level.")]
    }


def test_two_criteria_of_a_part_may_be_left_out_and_the_third_is_named():
    message = "At most 2 criteria of a part may be not applicable. Choose a level."
    left_out = Said(level=None)

    assert all_but(A4=left_out, A5=left_out, B6=left_out) == {}
    assert all_but(A9=left_out, A4=left_out, A5=left_out) == {"A9": [("level", message)]}


def test_parts_are_counted():
    problems = score_problems(
        STANDARD, {"A1": Said(), "C2": Said(), "C3": Said(text="")}, {DOCUMENT}
    )

    assert completed(STANDARD, problems) == [
        PartCount("A", 1, 16),
        PartCount("B", 0, 16),
        PartCount("C", 1, 12),
    ]


# --- closing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("open_criteria", "criterion_id", "part", "expected"),
    [
        (None, "A1", None, True),
        (None, None, "B", True),
        ([], None, None, False),
        ([], "A1", None, False),
        (["B10"], "B1", None, False),
        (["B10"], "B10", None, True),
        (["B10"], None, None, True),
        (["B10"], None, "B", True),
        (["A10"], None, "B", False),
    ],
)
def test_what_was_handed_in_is_closed_but_for_what_was_opened(
    open_criteria, criterion_id, part, expected
):
    assert is_open(open_criteria, criterion_id, part=part) is expected
    if expected:
        refuse_if_closed(open_criteria, criterion_id, part=part)
    else:
        with pytest.raises(Refused) as refused:
            refuse_if_closed(open_criteria, criterion_id, part=part)
        assert [problem.code for problem in refused.value.problems] == ["closed"]


def test_the_reason_names_what_is_open():
    with pytest.raises(Refused) as refused:
        refuse_if_closed(["A3", "B1"], "A1")

    problem = refused.value.problems[0]
    assert problem.message % problem.values == (
        "This was handed in. Changes were asked for in other criteria: A3, B1."
    )


def test_there_is_a_limit_to_documents_and_versions():
    refuse_many_documents(39)
    refuse_many_versions(19)

    with pytest.raises(Refused, match="documents"):
        refuse_many_documents(40)
    with pytest.raises(Refused, match="versions"):
        refuse_many_versions(20)
