"""The checks of a reporting mechanism: each one sentence, one criterion, one place to mend it."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.content.loader import load
from cissapp.prepare.mechanism.rules import (
    ChannelKind,
    ChannelMedium,
    MechanismPart,
    MechanismRecord,
    check_mechanism,
    mechanism_problems,
)
from cissapp.prepare.mechanism.rules.channels import is_mail_address, medium_of
from cissapp.prepare.mechanism.rules.checks import Severity
from cissapp.prepare.mechanism.rules.parts import page_of
from cissapp.prepare.mechanism.rules.picture_keeping import keeps_pictures
from config import ROOT

CRITERIA = load(Path(ROOT / "modules")).standard.by_id


class Person(Struct, frozen=True):
    office: str = "Psychologist"
    contact: str = "room 7"
    is_head: bool = False
    trained: bool = True
    alternate: bool = False
    id: UUID = field(default_factory=uuid4)


class Channel(Struct, frozen=True):
    kind: ChannelKind = ChannelKind.IN_PERSON
    description: str = "Talk"
    contact: str = "room 4"
    in_holidays: bool = False
    anonymous: bool = False
    languages: list[str] = field(default_factory=lambda: ["ro"])
    for_adults: bool = False
    past_head: bool = False
    medium: ChannelMedium | None = None
    opens: str | None = None
    closes: str | None = None
    id: UUID = field(default_factory=uuid4)


class Agreed(Struct, frozen=True):
    crime_hours: int | None = 24
    answer_days: int | None = 1
    plan_days: int | None = 3
    confidentiality: str | None = "Who must know."
    no_retaliation: str | None = "Nobody is punished."
    about_staff: str | None = "To the founder."
    evidence_rule: str | None = "Nobody looks at or copies pictures."
    never_handles_images: bool = True
    pupil_languages: list[str] = field(default_factory=lambda: ["ro", "ru"])
    out_of_hours: str | None = "112"
    holiday_cover: str | None = "the designated person"
    parents_contact: str | None = "the school office"
    about_head_id: UUID | None = None
    about_person_id: UUID | None = None


HEAD = Person("Head", "room 1", is_head=True)
PSYCHOLOGIST = Person()
DEPUTY = Person("Deputy head", "room 2", alternate=True)
TALK = Channel(languages=["ro", "ru"])
BOX = Channel(ChannelKind.WRITTEN, "Box", "library", anonymous=True)
HELPLINE = Channel(ChannelKind.OUTSIDE, "Helpline", "116 111", in_holidays=True)
AGREED = Agreed(about_head_id=PSYCHOLOGIST.id, about_person_id=DEPUTY.id)
WHOLE = MechanismRecord(AGREED, (PSYCHOLOGIST, DEPUTY), (TALK, BOX, HELPLINE), (1,), (1,), "ro")


def ids(record: MechanismRecord) -> list[str]:
    return [one.id for one in check_mechanism(record)]


def test_a_whole_mechanism_has_nothing_wrong():
    assert check_mechanism(WHOLE) == []


def agreed(**values):
    return {"agreed": replace(AGREED, **values)}


WRONG = {
    "about.head-none": agreed(about_head_id=None),
    "about.head-gone": agreed(about_head_id=uuid4()),
    "about.head-to-head": {
        **agreed(about_head_id=HEAD.id),
        "persons": (HEAD, PSYCHOLOGIST, DEPUTY),
    },
    "about.person-none": agreed(about_person_id=None),
    "about.person-gone": agreed(about_person_id=uuid4()),
    "persons.trained": {"persons": (PSYCHOLOGIST, replace(DEPUTY, trained=False))},
    "persons.alternate": {"persons": (PSYCHOLOGIST, replace(DEPUTY, alternate=False))},
    "channels.in-person": {"channels": (replace(TALK, kind=ChannelKind.WRITTEN), BOX, HELPLINE)},
    "channels.holidays": {"channels": (TALK, BOX, replace(HELPLINE, in_holidays=False))},
    "channels.outside": {"channels": (TALK, BOX, replace(HELPLINE, kind=ChannelKind.DIGITAL))},
    "channels.anonymous": {"channels": (TALK, replace(BOX, anonymous=False), HELPLINE)},
    "languages.unread": {"channels": (TALK, replace(BOX, languages=["en"]), HELPLINE)},
    "languages.unsaid": {"channels": (TALK, replace(BOX, languages=[]), HELPLINE)},
    "languages.missing": {"channels": (replace(TALK, languages=["ro"]), BOX, HELPLINE)},
    "languages.none": {
        "channels": tuple(replace(one, languages=[]) for one in (TALK, BOX, HELPLINE))
    },
    "contacts.same": {
        "persons": (PSYCHOLOGIST, replace(DEPUTY, contact="Room 7.")),
        "channels": (replace(TALK, contact="room 7"), replace(BOX, contact="ROOM 7"), HELPLINE),
    },
    "escalation.none": {"steps": ()},
    "told.none": {"told": ()},
    "cover.out-of-hours": agreed(out_of_hours=None),
    "cover.holidays": agreed(holiday_cover=""),
    "cover.parents": agreed(parents_contact=None),
    "limits.crime": agreed(crime_hours=25),
    "limits.answer": agreed(answer_days=2),
    "limits.plan": agreed(plan_days=4),
    "limits.none": agreed(plan_days=None),
    "rules.confidentiality": agreed(confidentiality=None),
    "rules.keeps-pictures": agreed(evidence_rule="The teacher saves the photo as evidence."),
}


@pytest.mark.parametrize(("expected", "changed"), WRONG.items(), ids=list(WRONG))
def test_each_fault_is_found_and_nothing_else(expected, changed):
    assert ids(replace(WHOLE, **changed)) == [expected]


def test_a_way_that_says_it_goes_past_the_head_may_take_reports_about_the_head():
    past = replace(BOX, past_head=True)
    for way, expected in ((past, []), (HELPLINE, []), (BOX, ["about.head-to-head"])):
        record = replace(
            WHOLE,
            channels=(TALK, past if way is past else BOX, HELPLINE),
            agreed=replace(AGREED, about_head_id=way.id),
        )
        assert ids(record) == expected


def test_the_only_way_is_the_head():
    record = replace(
        WHOLE, persons=(HEAD,), agreed=replace(AGREED, about_head_id=None, about_person_id=HEAD.id)
    )

    assert "persons.only-head" in ids(record)
    assert "about.head-none" in ids(record)


persons = st.lists(
    st.builds(Person, st.text(max_size=9), st.text(max_size=9), *[st.booleans()] * 3), max_size=5
)
channels = st.lists(
    st.builds(
        Channel,
        st.sampled_from(ChannelKind),
        st.text(max_size=9),
        st.text(max_size=9),
        st.booleans(),
        st.booleans(),
        st.lists(st.sampled_from(["en", "ro", "uk"]), unique=True),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
)
limits = st.none() | st.integers(1, 99)
texts = st.none() | st.text(max_size=40)


@st.composite
def records(draw):
    some, ways = draw(persons), draw(channels)
    chosen = st.none() | st.sampled_from([one.id for one in (*some, *ways)] or [uuid4()])
    said = draw(
        st.none()
        | st.builds(
            Agreed, limits, limits, limits, texts, texts, texts, texts, st.booleans(),
            st.lists(st.sampled_from(["ro", "be"]), unique=True), texts, texts, texts, chosen, chosen,
        )
    )  # fmt: skip
    rest = st.lists(st.just(1), max_size=1)
    return MechanismRecord(said, some, ways, draw(rest), draw(rest), "ro")


@given(records())
def test_every_check_has_a_sentence_a_criterion_and_a_place(record):
    found = check_mechanism(record)

    assert [one.severity for one in found] == sorted(
        (one.severity for one in found), key=lambda one: one is Severity.ADVICE
    )
    for one in found:
        assert one.criterion in CRITERIA
        assert one.problem.link == page_of(one.part)
        assert one.message % one.values
        assert set(re.findall(r"%\((\w+)\)", one.message)) == set(one.values)


@given(records())
def test_what_stops_the_hand_in_is_what_the_hand_in_asks(record):
    stopping = [one.problem for one in check_mechanism(record) if one.severity is Severity.STOPS]

    assert mechanism_problems(record) == stopping


@given(records(), persons)
def test_one_more_person_past_the_head_never_makes_it_worse(record, more):
    better = replace(record, persons=[*record.persons, Person(), Person()])

    assert "persons.trained" not in ids(better)
    assert not {"persons.only-head", "persons.only-head-trained"} & set(ids(better))


@pytest.mark.parametrize("part", list(MechanismPart))
def test_every_part_has_a_page(part):
    endpoint, _values = page_of(part)

    assert endpoint.startswith("mechanism.")


# --- pictures ----------------------------------------------------------------------------------

KEEPS = [
    "The teacher saves the photo as evidence.",
    "Take a screenshot of the chat and bring it to the head.",
    "Staff copy the pictures to the school computer before the phone is given back.",
    "First talk with the child. Then print the images and put them into the file.",
    "The teacher saves the photo as evidence, and nobody else sees it.",
    "Profesorul salvează fotografia ca dovadă.",
    "Se copiază imaginile pe calculatorul școlii.",
    "Учитель сохраняет фото как доказательство.",
    "Нужно сделать скриншот и распечатать снимки для директора.",
    "Вчитель зберігає знімок як доказ.",
    "Потрібно скопіювати зображення на флешку.",
    "Настаўнік захоўвае фота як доказ.",
    "Трэба скапіраваць здымкі на камп’ютар школы.",
]
DOES_NOT = [
    "Nobody searches for, views, copies, photographs, forwards, prints or stores sexual images of children. The device is put aside, the time and address are noted, and the designated person calls the police or the hotline.",
    "Pictures are never copied or forwarded.",
    "Copying pictures is forbidden.",
    "Staff do not take a photo of the screen.",
    "Keep the device switched off and note the time and the address.",
    "The log is stored in a locked cabinet, without pictures.",
    "Nimeni nu salvează și nu copiază imagini.",
    "Este interzis să se salveze fotografii.",
    "Никто не копирует и не сохраняет изображения.",
    "Запрещается сохранять фотографии.",
    "Ніхто не зберігає і не пересилає зображень.",
    "Заборонено копіювати фото.",
    "Ніхто не капіруе і не захоўвае выяў.",
    "Забараняецца захоўваць здымкі.",
    "",
]


@pytest.mark.parametrize("rule", KEEPS)
def test_a_rule_that_asks_to_keep_pictures_is_found(rule):
    assert keeps_pictures(rule)


@pytest.mark.parametrize("rule", DOES_NOT)
def test_a_rule_that_forbids_it_is_left_alone(rule):
    assert keeps_pictures(rule) is None


@given(st.text(max_size=300))
def test_any_rule_can_be_looked_at_and_what_is_shown_stands_in_it(text):
    found = keeps_pictures(text)

    assert found is None or found in text


# --- ways --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("tell@school.example", True),
        ("room 4, tell@school.example", False),
        ("tell@school.example, other@school.example", False),
        ("tell@school.example\nBcc: other@school.example", False),
        ("tell@school.example\n", False),
        ("<tell@school.example>", False),
        ("tell@school", False),
        ("116 111", False),
    ],
)
def test_an_address_is_one_address_and_nothing_else(contact, expected):
    assert is_mail_address(contact) is expected


@pytest.mark.parametrize(
    ("kind", "medium", "contact", "expected"),
    [
        (ChannelKind.DIGITAL, None, "tell@school.example", ChannelMedium.MAIL),
        (ChannelKind.DIGITAL, None, "school page", ChannelMedium.FORM),
        (ChannelKind.DIGITAL, ChannelMedium.POSTER, "canteen", ChannelMedium.POSTER),
        (
            ChannelKind.DIGITAL,
            ChannelMedium.MAIL,
            "the form, tell@school.example",
            ChannelMedium.FORM,
        ),
        (ChannelKind.WRITTEN, None, "library", ChannelMedium.BOX),
        (ChannelKind.IN_PERSON, None, "room 7", ChannelMedium.CONVERSATION),
        (ChannelKind.OUTSIDE, None, "116 111", ChannelMedium.PHONE),
    ],
)
def test_what_carries_a_report_follows_from_what_the_school_said(kind, medium, contact, expected):
    assert medium_of(Channel(kind, contact=contact, medium=medium)) is expected
