"""Pages of posters, as a head meets them; and what a code on the wall opens for anybody."""

from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
import zxingcpp

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.schools.models import School
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.facts.queries.changes import papers_of
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.rules import MechanismPart
from cissapp.prepare.posters import queries, services
from cissapp.prepare.posters.rules.choices import PosterChoice, PosterFormat, Readers
from cissapp.prepare.posters.rules.rounds import PosterState, Sightings
from cissapp.prepare.posters.views.drafting import dress_of
from cissapp.prepare.reporting_page import services as pages
from cissapp.prepare.reporting_page.queries import page_address
from cissapp.prepare.reporting_page.rules import PagePart
from tests.factories import NOW
from tests.prepare.pages import main_of, said, texts
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

CHOICE = PosterChoice(PosterFormat.A4, Readers.OLDER, ("en",))
ADDRESS = "/school/toolkit/posters"
CHOSEN = "format=a4&readers=older&first=en"


@pytest.fixture
def head(make):
    school = make.school()
    person = make.manager(school)
    make.complete_dossier(school, person)
    return person


def placed(app, head, *names):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        places = [services.add_place(school, name, by=head, at=NOW) for name in names]
        made = services.print_for_places(school, places, CHOICE, by=head, at=NOW)
        return [(one.id, one.code) for one in made]


@pytest.mark.one_database("sqlite")
def test_a_poster_of_after_midnight_has_the_day_at_the_school(app, head):
    with clock.at(datetime(2026, 11, 25, 22, 30, tzinfo=UTC)), app.app_context():
        assert dress_of(session.get_one(School, head.school_id)).on == date(2026, 11, 26)


def round_of(app, head):
    with app.app_context():
        return queries.poster_round(head.school_id, clock.today())


def test_a_poster_is_shown_made_and_recorded(app, browser, head):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        pages.save_page(school, tuple(PagePart), is_on=True, by=head, at=NOW)
        address = page_address(school)
    page = browser.get(f"{ADDRESS}?{CHOSEN}")
    picture = browser.get(f"{ADDRESS}/preview.svg?{CHOSEN}")
    file = browser.post(f"{ADDRESS}/file?{CHOSEN}")

    assert "Your poster" in texts(page, "h2")
    assert (picture.mimetype, b"room 7" in picture.data) == ("image/svg+xml", True)
    assert (file.mimetype, file.data[:5]) == ("application/pdf", b"%PDF-")
    assert "a4-older-en.pdf" in file.headers["Content-Disposition"]
    drawn = pypdfium2.PdfDocument(file.data)[0].render(scale=3, grayscale=True).to_pil()
    assert [one.text for one in zxingcpp.read_barcodes(drawn)] == [address]
    with app.app_context():
        (paper,) = papers_of(head.school_id)
        assert (paper.name, paper.language) == ("a4-older", "en")
        assert paper.facts["page.address"] == address
    with app.app_context(), unit_of_work():
        mechanism.entries(head.school_id, MechanismPart.PERSONS)[0].contact = "room 9"
    changes = browser.get("/school/toolkit/changes")
    assert "Poster, A4 · Older pupils (about 11 to 17) · English" in texts(changes, "h2")
    assert f"{ADDRESS}?{CHOSEN}" in [one.get("href") for one in main_of(changes).iter("a")]


@pytest.mark.parametrize(
    "query", ["format=a5&readers=older&first=en", "format=a4&readers=older&first=xx", "format=a4"]
)
def test_a_choice_that_is_none_is_said_beside_the_field_and_makes_nothing(browser, query):
    page = browser.get(f"{ADDRESS}?{query}")

    assert texts(page, "p", "error") != []
    assert browser.get(f"{ADDRESS}/preview.svg?{query}").status_code == 404
    assert browser.post(f"{ADDRESS}/file?{query}").status_code == 404


def test_unconfirmed_contacts_are_named_and_nothing_is_made_of_them(app, browser, head):
    with app.app_context(), unit_of_work():
        for part in (MechanismPart.PERSONS, MechanismPart.CHANNELS):
            for entry in mechanism.entries(head.school_id, part):
                entry.added_at = NOW - timedelta(days=200)
    page = browser.get(ADDRESS)
    refused = browser.post(f"{ADDRESS}/file?{CHOSEN}")

    assert "Psychologist" in texts(page, "li")
    assert any("Left out because nobody confirmed" in one for one in said(page))
    assert "Confirm the contacts" in texts(page, "a")
    assert refused.status_code == 422
    assert browser.get(f"{ADDRESS}/preview.svg?{CHOSEN}").status_code == 404


def test_a_text_that_does_not_fit_or_cannot_be_printed_is_named_beside_the_choice(
    app, browser, head
):
    with app.app_context(), unit_of_work():
        session.get_one(School, head.school_id).name = "გიმნაზია 4"
    page = browser.get(f"{ADDRESS}?{CHOSEN}")

    (error,) = texts(page, "p", "error")
    assert "“გიმნაზია 4” has letters that are not in our fonts: გ ი მ ნ ა ზ" in error


def test_a_poster_becomes_a_document_and_then_its_next_version(app, browser, head):
    for size in ("a4", "a3"):
        chosen = f"format={size}&readers=older&first=en"
        assert browser.post(f"{ADDRESS}/document?{chosen}").status_code == 302
    again = browser.post(f"{ADDRESS}/document?{chosen}")

    assert "You already have this file" in " ".join(texts(again, "div", "errors"))
    with app.app_context():
        found = documents.documents(head.school_id)
        assert [(one.title, one.newest.number) for one in found if one.evidence_code == "PUB"] == [
            ("Poster: how to report", 2)
        ]


def test_the_round_from_a_place_to_a_document(app, browser, head):
    browser.post(f"{ADDRESS}/round", data={"name": "Canteen"})
    twice = browser.post(f"{ADDRESS}/round", data={"name": "canteen"})
    assert texts(twice, "p", "error") == ["Error: This place is already on the list."]
    file = browser.post(f"{ADDRESS}/round/file?which=new&{CHOSEN}")
    again = browser.post(f"{ADDRESS}/round/file?which=new&{CHOSEN}")
    (line,) = round_of(app, head)
    reprint = browser.post(f"{ADDRESS}/round/{line.poster.id}/file")
    browser.post(f"{ADDRESS}/round/{line.poster.id}/seen")
    browser.post(f"{ADDRESS}/round/document")

    assert (file.mimetype, again.status_code, reprint.mimetype) == (
        "application/pdf",
        302,
        "application/pdf",
    )
    drawn = pypdfium2.PdfDocument(reprint.data)[0].render(scale=3, grayscale=True).to_pil()
    spots = [one.text for one in zxingcpp.read_barcodes(drawn)]
    assert spots == [f"http://ciss.example/p/{line.poster.code}"]
    (line,) = round_of(app, head)
    assert (line.state, line.sightings) == (
        PosterState.HANGS,
        Sightings(clock.today(), clock.today(), 1),
    )
    assert "On display since 25 November 2026, last seen on 25 November 2026" in " ".join(
        texts(browser.get(f"{ADDRESS}/round"), "span")
    )
    assert browser.get(f"{ADDRESS}/round/sheet.pdf").data[:5] == b"%PDF-"
    with app.app_context():
        titles = [one.title for one in documents.documents(head.school_id)]
    assert "Poster round" in titles
    browser.post(f"{ADDRESS}/round/places/{line.place.id}/remove")
    assert round_of(app, head) == []


def test_a_place_that_cannot_be_printed_is_named_and_no_poster_is_withdrawn(app, browser, head):
    placed(app, head, "Hall")
    browser.post(f"{ADDRESS}/round", data={"name": "Canteen 漢"})

    page = browser.post(f"{ADDRESS}/round/file?{CHOSEN}")

    assert page.status_code == 422
    assert "“Canteen 漢” has letters that are not in our fonts: 漢." in page.text
    hanging = {one.place.name: one.poster is not None for one in round_of(app, head)}
    assert hanging == {"Hall": True, "Canteen 漢": False}


def test_a_code_asks_and_one_tap_counts_without_a_cookie(app, client, head):
    ((_, code),) = placed(app, head, "Canteen")
    asked = client.get(f"/p/{code}")
    assert round_of(app, head)[0].sightings is None
    thanked = client.post(f"/p/{code}", csrf=False)

    assert texts(asked, "h1") == ["Is this poster still up?"]
    assert texts(thanked, "h1") == ["Thank you, it has been counted"]
    assert [one.headers.getlist("Set-Cookie") for one in (asked, thanked)] == [[], []]
    assert round_of(app, head)[0].sightings == Sightings(clock.today(), clock.today(), 1)


def test_a_withdrawn_code_says_so_and_counts_nothing(app, client, head):
    ((_, code),) = placed(app, head, "Canteen")
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        place = queries.places(school.id)
        services.print_for_places(school, place, CHOICE, by=head, at=NOW)
    answers = [client.get(f"/p/{code}"), client.post(f"/p/{code}", csrf=False)]

    assert [texts(one, "h1") for one in answers] == [["This poster has been replaced"]] * 2
    assert "please take it down" in answers[0].text
    assert round_of(app, head)[0].state is PosterState.PRINTED


def test_another_site_counts_nothing_and_an_unknown_code_is_missing(app, client, head):
    ((_, code),) = placed(app, head, "Canteen")
    foreign = client.post(f"/p/{code}", csrf=False, headers={"Sec-Fetch-Site": "cross-site"})

    assert foreign.status_code == 403
    assert round_of(app, head)[0].sightings is None
    for code in ("0000000000", "x" * 300):
        unknown = client.get(f"/p/{code}")
        assert (unknown.status_code, "Set-Cookie" in unknown.headers) == (404, False)


def test_more_places_ask_the_database_nothing_more(app, browser, head):
    placed(app, head, "Canteen")
    counts = []
    for names in ((), ("Corridor", "Gym", "Entrance")):
        if names:
            placed(app, head, *names)
        counts.append(statements(app, lambda: browser.get(f"{ADDRESS}/round")))

    assert counts[0] == counts[1]


def statements(app, ask):
    with statements_sent(app) as asked:
        ask()
    return len(asked)
