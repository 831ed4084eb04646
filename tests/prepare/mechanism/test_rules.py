"""What a reporting mechanism lacks."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from cissapp.prepare.mechanism.rules import ChannelKind, MechanismPart
from cissapp.prepare.mechanism.rules.parts import ChannelFacts, PersonFacts, page_of
from cissapp.prepare.mechanism.rules.requirements import blocking_checks

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
    found = [one.problem for one in blocking_checks(mechanism, persons, channels, steps)]
    assert all(problem.link == page_of(MechanismPart(problem.code)) for problem in found)
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
                "The only person who takes reports is the head. Name someone else too, for reports about the head.",
            ],
        ),
        (
            (HEAD, replace(PSYCHOLOGIST, trained=False)),
            [
                "Name at least 2 trained people who take reports.",
                "The only trained person is the head. Train someone else too, for reports about the head.",
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
        ("escalation", "Name at least one organisation outside the school that you call.")
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"crime_hours": 25}, ["A suspected crime must be passed on within 24 hours at most."]),
        ({"answer_days": 2}, ["A child must get an answer by the next working day at the latest."]),
        ({"plan_days": 4}, ["A plan must be made within 3 working days at most."]),
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
            "State who learns of a report, and that secrecy is not promised.",
        ),
        (
            {"no_retaliation": None},
            "State that nobody is punished for a report or for seeking help.",
        ),
        ({"about_staff": ""}, "State where reports about staff or about the head go."),
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
    advised = {MechanismPart.TOLD, MechanismPart.COVER, MechanismPart.ABOUT_ADULTS}
    wanted = {part.value for part in MechanismPart if part not in advised}
    assert {code for code, _message in lacks(None, (), (), ())} == wanted
