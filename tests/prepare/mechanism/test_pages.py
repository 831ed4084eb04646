"""Pages of the new parts of the reporting mechanism: who is told, cover, reports about adults."""

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.mechanism import queries
from cissapp.prepare.mechanism.models import ReportingChannel, ReportingPerson, ToldOffice
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium, MechanismPart
from tests.factories import NOW
from tests.pages import parsed, tree


def person(make, head, **values):
    values = {"office": "Psychologist", "contact": "room 7", "hours": "9-15", **values}
    return make.kept(ReportingPerson(school_id=head.school_id, added_at=NOW, **values))


def channel(make, head, **values):
    values = {"description": "Box", "contact": "library", "hours": "always", **values}
    return make.kept(ReportingChannel(school_id=head.school_id, added_at=NOW, **values))


def errors(page):
    root = tree(page)
    return [
        " ".join("".join(one.itertext()).split()).removeprefix("Error: ")
        for one in root.iter("p")
        if one.get("class") == "error"
    ]


CHANNEL = {
    "kind": "digital",
    "description": "Message",
    "contact": "tell@school.example",
    "medium": "mail",
    "languages": ["ro", "ru"],
    "hours": "read every day",
    "opens": "08:00",
    "closes": "16:00",
    "for_adults": "y",
    "past_head": "y",
}


def test_a_channel_says_its_medium_languages_and_hours(app, browser, head):
    fields = [(name, value) for name, value in CHANNEL.items() if name != "languages"]
    spoken = [("languages", "ro"), ("languages", "ru")]
    answer = browser.post("/school/reporting/channels/new", data=[*fields, *spoken])

    assert answer.status_code == 302
    with app.app_context():
        [row] = queries.entries(head.school_id, MechanismPart.CHANNELS)
    assert (row.kind, row.medium, row.languages, row.opens, row.closes, row.for_adults, row.past_head) == (
        ChannelKind.DIGITAL, ChannelMedium.MAIL, ["ro", "ru"], "08:00", "16:00", True, True,
    )  # fmt: skip
    listed = browser.get("/school/reporting/channels").get_data(as_text=True)
    assert "Română, Русский" in listed
    assert "bypasses the head" in listed


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"contact": "room 4, tell@school.example"},
            "Enter one email address here and nothing else.",
        ),
        ({"opens": ""}, "Enter both times, or leave both empty."),
        ({"closes": ""}, "Enter both times, or leave both empty."),
        ({"closes": "07:00"}, "The second time must be later than the first."),
        ({"opens": "8 o’clock"}, "Enter a time, for example 08:30."),
        ({"opens": "25:00"}, "Enter a time, for example 08:30."),
        ({"opens": "8:3"}, "Enter a time, for example 08:30."),
    ],
)
def test_a_channel_that_does_not_add_up_is_not_taken(app, browser, head, changed, expected):
    page = browser.post(
        "/school/reporting/channels/new", data={**CHANNEL, "languages": "ro", **changed}
    )

    assert (page.status_code, errors(page)) == (422, [expected])
    with app.app_context():
        assert queries.entries(head.school_id, MechanismPart.CHANNELS) == []


@pytest.mark.parametrize(
    ("typed", "opens"),
    [("7:00", "07:00"), ("8.30", "08:30"), (" 8-30 ", "08:30"), ("7", "07:00"), ("07 30", "07:30")],
)
def test_a_time_is_accepted_as_people_write_it(app, browser, head, typed, opens):
    data = {**CHANNEL, "languages": "ro", "opens": typed}

    page = browser.post("/school/reporting/channels/new", data=data)
    assert (page.status_code, errors(page)) == (302, [])
    with app.app_context():
        [row] = queries.entries(head.school_id, MechanismPart.CHANNELS)
    assert row.opens == opens


def test_those_who_are_told_stand_in_their_order(app, browser, head):
    for place, office in ((2, "Head"), (1, "Designated person")):
        data = {"place": str(place), "office": office, "learns": "what is needed"}
        assert browser.post("/school/reporting/told/new", data=data).status_code == 302

    with app.app_context():
        rows = session.scalars(select(ToldOffice).where(ToldOffice.place == 1)).all()
    page = browser.get("/school/reporting/told").get_data(as_text=True)
    assert [one.office for one in rows] == ["Designated person"]
    assert page.index("1. Designated person") < page.index("2. Head")
    assert browser.get(f"/school/reporting/told/{rows[0].id}").status_code == 200


def test_cover_is_saved_and_shown_again(app, browser, head):
    data = {
        "pupil_languages": "uk",
        "out_of_hours": "112",
        "holiday_cover": "the designated person, every day",
        "parents_contact": "the school office",
    }

    assert browser.post("/school/reporting/cover", data=data).status_code == 302

    with app.app_context():
        row = queries.mechanism(head.school_id)
    assert (row.pupil_languages, row.out_of_hours, row.holiday_cover, row.parents_contact) == (
        ["uk"], "112", "the designated person, every day", "the school office",
    )  # fmt: skip
    assert "the designated person, every day" in browser.get("/school/reporting/cover").get_data(
        as_text=True
    )


def test_reports_about_the_head_go_to_somebody_past_the_head(app, make, browser, head):
    boss = person(make, head, office="Head", is_head=True)
    psychologist = person(make, head)
    box = channel(make, head, kind=ChannelKind.WRITTEN)
    foreign = person(make, make.manager(make.school()))
    root = tree(browser.get("/school/reporting/about-adults"))
    offered = [one.get("value") for one in root.iter("input") if one.get("name") == "about_head_id"]
    assert offered == [str(psychologist.id)]

    for stranger in (boss, box, foreign):
        page = browser.post(
            "/school/reporting/about-adults", data={"about_head_id": str(stranger.id)}
        )
        assert page.status_code == 422
    good = {"about_head_id": str(psychologist.id), "about_person_id": str(box.id)}
    assert browser.post("/school/reporting/about-adults", data=good).status_code == 302

    with app.app_context():
        row = queries.mechanism(head.school_id)
    assert (row.about_head_id, row.about_person_id) == (psychologist.id, box.id)


LISTS = ["/school/reporting/persons", "/school/reporting/channels"]
ABOUT_HEAD, ABOUT_PERSON = ["about_head_id"], ["about_person_id"]


@pytest.mark.parametrize(
    ("kept", "links", "questions", "buttons"),
    [
        ([], LISTS, [], 0),
        ([(person, {"is_head": True})], LISTS, ABOUT_PERSON, 1),
        ([(channel, {"kind": ChannelKind.WRITTEN})], LISTS, ABOUT_PERSON, 1),
        ([(person, {})], [], ABOUT_HEAD + ABOUT_PERSON, 1),
    ],
)
def test_a_question_without_a_choice_leads_to_the_lists_it_chooses_from(
    make, browser, head, kept, links, questions, buttons
):
    """A school that had named nobody saw two empty questions, and a button that saved nothing."""
    for build, values in kept:
        build(make, head, **values)
    text = browser.get("/school/reporting/about-adults").get_data(as_text=True)
    [main] = parsed(text).iter("main")
    notices = [one for one in main.iter("div") if one.get("class") == "notice warn"]

    assert (
        [link.get("href") for notice in notices for link in notice.iter("a")],
        [one.get("name") for one in main.iter("input") if one.get("type") == "radio"],
        len([one for one in main.iter("button") if one.text.strip() == "Save"]),
    ) == (links, questions, buttons)


def test_the_page_says_what_is_wrong_with_the_place_to_mend_it(make, browser, head):
    person(make, head, office="Head", is_head=True, trained=True)
    channel(make, head, kind=ChannelKind.WRITTEN, languages=["en"])
    root = tree(browser.get("/school/reporting"))
    links = {
        " ".join("".join(one.itertext()).split()): one.get("href")
        for one in root.iter("a")
        if (one.get("href") or "").startswith("/school/reporting/")
    }

    wanted = {
        "The only person who takes reports is the head. Name someone else too, for reports about the head.": "/school/reporting/persons",
        "There is no separate way for reports about the head. Choose a person or a way that bypasses the head.": "/school/reporting/about-adults",
        "“Box” is not in any language your pupils read.": "/school/reporting/channels",
        "There is no way to report in this language, which pupils read: Română.": "/school/reporting/channels",
        "Enter who answers reports in the holidays, and where.": "/school/reporting/cover",
    }
    assert {text: links.get(text) for text in wanted} == wanted
