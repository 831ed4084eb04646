"""Who sees which lines of the trail, how they are found, and that readings and exports stand in it."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.oversee.trail.phrases import facts
from cissapp.oversee.trail.queries import lines as queries
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import SubmittedVersion
from tests import factories as make
from tests.factories import NOW

LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _still():
    with clock.at(LATER):
        yield


@pytest.fixture
def ours(app):
    return make.school(name="Ours")


@pytest.fixture
def theirs(app):
    return make.school(name="Theirs", group_id=make.group().id)


@pytest.fixture
def coordinator(ours):
    return make.user(Role.COORDINATOR, group_id=ours.group_id, name="Cora")


def tell(app, event, thing, by, **values):
    with app.app_context(), unit_of_work():
        record(event, thing, by=by, at=NOW, **values)


def lines(answer):
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    return [row for row in rows[1:] if len(row) > 3]


def followed(browser, address, rel="next"):
    """Return the pages from an address on, in this direction."""
    pages = []
    while address:
        pages.append(browser.get(address).get_data(as_text=True))
        address = linked(pages[-1], rel)
    return pages


def linked(page, rel):
    links = [part for part in page.split("<a ") if f'rel="{rel}"' in part.split(">")[0]]
    return links[0].split('href="')[1].split('"')[0].replace("&amp;", "&") if links else None


def keys_on(page):
    return [part.split('"')[0] for part in page.split("/audit?search=")[1:]]


def told(answer):
    """Return event, person and school of each line of the file, oldest first."""
    return [(row[2], row[4], row[6]) for row in reversed(lines(answer))]


def test_a_coordinator_sees_the_own_group_and_nothing_of_others(
    app, ours, theirs, coordinator, sign_in
):
    other = make.user(Role.COORDINATOR, group_id=theirs.group_id, name="Otto")
    head = make.manager(ours)
    tell(app, Event.SCHOOL_CHANGED, ours, coordinator, school_id=ours.id)
    tell(app, Event.SCHOOL_CHANGED, theirs, other, school_id=theirs.id)
    tell(app, Event.GROUP_CHANGED, ("national_group", ours.group_id), other)
    tell(app, Event.DOCUMENT_ADDED, ("document", 1), head, school_id=ours.id)

    found = told(sign_in(coordinator).get("/audit.csv"))

    assert found == [
        ("school.changed", "Cora", "Ours"),
        ("document.added", head.name, "Ours"),
        ("session.opened", "Cora", ""),
        ("trail.exported", "Cora", ""),
    ]


def test_the_part_of_a_group_tells_no_score_no_answer_and_no_facts(app, ours, coordinator, sign_in):
    head = make.manager(ours)
    for event in (
        Event.SCORE_SAVED,
        Event.ANSWER_SAVED,
        Event.APPEAL_VOTED,
        Event.MENTOR_MESSAGE_WRITTEN,
    ):
        tell(app, event, ("thing", 1), head, school_id=ours.id, level=2)
    tell(
        app,
        Event.DECISION_TAKEN,
        ("decision", 1),
        coordinator,
        school_id=ours.id,
        outcome="certified",
    )

    of_group = lines(sign_in(coordinator).get("/audit.csv"))
    of_all = lines(sign_in(make.user()).get("/audit.csv?theme=review"))

    assert [(row[2], row[-1]) for row in of_group] == [
        ("trail.exported", ""),
        ("session.opened", ""),
        ("decision.taken", ""),
    ]
    assert [(row[2], row[-1]) for row in of_all] == [
        ("decision.taken", ""),
        ("appeal.voted", ""),
        ("score.saved", ""),
    ]


def test_an_invented_school_of_a_calibration_is_in_no_list(app, ours, coordinator, sign_in):
    person = make.user(Role.REVIEWER, group_id=ours.group_id)
    hidden = make.school(name="Invented", group_id=ours.group_id)
    tell(app, Event.REVIEW_HANDED_IN, ("review", 1), person, school_id=hidden.id)
    with app.app_context(), unit_of_work():
        session.execute(update(School).where(School.id == hidden.id).values(only_for_id=person.id))

    browser = sign_in(coordinator)

    assert [line[0] for line in told(browser.get("/audit.csv"))] == [
        "session.opened",
        "trail.exported",
    ]
    assert "No lines match" in browser.get("/audit?search=Invented").get_data(as_text=True)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("search=ours", ["school.changed"]),
        ("search=cora%40", []),
        ("search=CORA", ["school.changed"]),
        ("theme=certificates", []),
        ("theme=schools", ["school.changed"]),
        ("theme=nonsense&search=ours", ["school.changed"]),
        ("until=2020-01-01", []),
        ("since=2020-01-01&search=ours", ["school.changed"]),
        ("since=yesterday&search=ours", ["school.changed"]),
    ],
)
def test_lines_are_found_by_words_themes_and_days(app, ours, coordinator, sign_in, search, found):
    tell(app, Event.SCHOOL_CHANGED, ours, coordinator, school_id=ours.id)

    answer = sign_in(make.user(name="Olga")).get(f"/audit.csv?{search}")

    assert [line[0] for line in told(answer)] == found


def test_a_line_is_found_by_its_reference_and_shown_with_its_facts(app, ours, coordinator, sign_in):
    tell(app, Event.SCHOOL_CHANGED, ours, coordinator, school_id=ours.id, name="Before")

    page = sign_in(make.user()).get(f"/audit?search={ours.id}").get_data(as_text=True)

    assert "School details changed" in page
    assert "Before" in page


@pytest.mark.both_databases
def test_a_file_has_the_facts_of_a_line_as_canonical_text(app, ours, coordinator, sign_in):
    tell(
        app, Event.SCHOOL_CHANGED, ours, coordinator, school_id=ours.id, name="Ліцей", before="«А»"
    )

    rows = lines(sign_in(make.user()).get("/audit.csv?theme=schools"))

    assert [row[-1] for row in rows] == ['{"before":"«А»","name":"Ліцей"}']


def test_pages_follow_one_another_by_key_and_never_say_a_line_twice(
    app, ours, coordinator, sign_in
):
    for number in range(120):
        tell(app, Event.SCHOOL_CHANGED, ("thing", number), coordinator, school_id=ours.id)
    browser = sign_in(make.user())

    seen = [key for page in followed(browser, "/audit?theme=schools") for key in keys_on(page)]

    assert seen == [str(number) for number in reversed(range(120))]


def test_a_page_reads_a_limited_number_of_lines_of_others_and_says_that_it_covers_a_part(
    app, ours, theirs, coordinator, sign_in, monkeypatch
):
    monkeypatch.setattr(queries, "READ_AT_ONCE", 10)
    for school, numbers in ((ours, range(3)), (theirs, range(3, 30)), (ours, range(30, 32))):
        for number in numbers:
            tell(app, Event.SCHOOL_CHANGED, ("thing", number), coordinator, school_id=school.id)
    browser = sign_in(coordinator)

    pages = followed(browser, "/audit?theme=schools")
    back = followed(browser, linked(pages[-1], "prev"), "prev")

    assert [keys_on(page) for page in pages] == [["31", "30"], [], [], ["2", "1", "0"]]
    partial = ["covers only part of these days" in page for page in pages]
    assert partial == [True, True, True, False]
    assert [key for page in back for key in keys_on(page)] == ["31", "30"]
    assert linked(back[-1], "prev") is None
    assert "No lines match" not in pages[1]


def test_lines_of_others_at_both_ends_lead_back_to_where_something_is_shown(
    app, ours, theirs, coordinator, sign_in, monkeypatch
):
    monkeypatch.setattr(queries, "READ_AT_ONCE", 10)
    for school, numbers in ((theirs, range(12)), (ours, range(12, 15)), (theirs, range(15, 27))):
        for number in numbers:
            tell(app, Event.SCHOOL_CHANGED, ("thing", number), coordinator, school_id=school.id)
    browser = sign_in(coordinator)

    pages = followed(browser, "/audit?theme=schools")
    back = followed(browser, linked(pages[-1], "prev"), "prev")

    shown = ["14", "13", "12"]
    assert [keys_on(page) for page in pages] == [[], shown, []]
    assert [keys_on(page) for page in back] == [shown, []]
    assert keys_on(browser.get(linked(back[-1], "next")).get_data(as_text=True)) == shown
    assert all("These lines as a file" in page for page in [*pages, *back])


@pytest.mark.parametrize(
    "place", ["after=x", "after=-1", "after=²", f"after={10**30}", "before=x", "before=999999"]
)
def test_a_place_that_is_none_is_the_first_page(
    app, ours, coordinator, sign_in, place, monkeypatch
):
    monkeypatch.setattr(queries, "READ_AT_ONCE", 3)  # the newest of all says who signed in
    for number in range(5):
        tell(app, Event.SCHOOL_CHANGED, ("thing", number), coordinator, school_id=ours.id)

    page = sign_in(coordinator).get(f"/audit?theme=schools&{place}")

    assert keys_on(page.get_data(as_text=True)) == ["4", "3"]


@pytest.mark.parametrize("days", ["until=9999-12-31", "until=0001-01-01", "since=0001-01-01"])
def test_a_day_beyond_every_calendar_is_no_fault(app, sign_in, days):
    assert sign_in(make.user()).get(f"/audit?{days}").status_code == 200


def test_who_fetches_the_file_stands_in_it_next_time_without_the_words_of_the_search(app, sign_in):
    browser = sign_in(make.user(name="Olga"))
    browser.get("/audit.xlsx?search=secret&theme=review")

    with app.app_context():
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.event, entry.facts) == (
        Event.TRAIL_EXPORTED,
        {
            "since": (LATER - timedelta(days=30)).date().isoformat(),
            "until": LATER.date().isoformat(),
            "theme": "review",
        },
    )


def test_who_reads_an_application_and_its_documents_is_recorded_once_an_hour(app, sign_in):
    application = make.handed_in(at=NOW)
    reviewer = make.reviewers(application, 1)[0]
    browser = sign_in(reviewer)
    with app.app_context():
        version = session.scalars(select(SubmittedVersion)).first().version_id
    address = f"/reviews/{application.id}/documents/{version}/pages/1"

    def readings():
        with app.app_context():
            return [
                (one.event, one.subject_id, one.actor_id, one.school_id)
                for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
                if one.event in {Event.APPLICATION_READ, Event.DOCUMENT_READ}
            ]

    expected = [
        (Event.DOCUMENT_READ, str(version), reviewer.id, application.school_id),
        (Event.APPLICATION_READ, str(application.id), reviewer.id, application.school_id),
    ]
    for _ in range(2):
        assert browser.get(address).status_code == 200
    assert sorted(readings()) == sorted(expected)

    with clock.at(LATER + timedelta(minutes=61)):
        other = sign_in(reviewer)
        other.get(address)
        assert (
            other.get(f"/reviews/{application.id}/documents/{application.id}/pages/1").status_code
            == 404
        )
    assert len(readings()) == 4


def test_the_page_finds_nothing_wrong_with_a_filter_that_nobody_set(app, sign_in, coordinator):
    page = sign_in(coordinator).get("/audit").get_data(as_text=True)

    assert "Not a valid choice" not in page
    assert "aria-invalid" not in page


def test_on_a_phone_each_cell_of_a_line_is_named(app, sign_in, coordinator, ours):
    tell(app, Event.SCHOOL_CHANGED, ours, coordinator, school_id=ours.id, name="Ours")

    page = sign_in(coordinator).get("/audit").get_data(as_text=True)

    assert 'data-label="School">Ours</td>' in page


def test_common_facts_are_said_in_the_language_of_who_reads(app, sign_in, coordinator):
    person = make.user(Role.SECRETARIAT, language="uk")
    said = {"role": "reviewer", "on": True, "country": "MD", "drawn": "by lot", "because": "?"}
    tell(app, Event.PERSON_INVITED, ("invitation", 1), person, **said)
    browser = sign_in(person)

    page = browser.get("/audit").get_data(as_text=True)

    shown = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*([^<]*?)\s*</dd>", page))
    assert (shown["Роль"], shown["Країна"]) == ("Експерт", "Молдова")
    assert (shown["drawn"], shown["Чому"]) == ("by lot", "?")  # what has no words stays
    assert "reviewer" in browser.get("/audit.csv").get_data(as_text=True)  # for programs


def test_every_name_of_a_value_is_that_of_a_fact(app):
    with app.test_request_context():
        in_words = facts.facts_in_words({"on": False, "countries": ["UA"], "level": 2, "who": None})

    assert set(facts._VALUES) <= set(facts.FACT_NAMES)
    assert in_words == [
        ("Countries", "Ukraine"),
        ("Level", "2"),
        ("Switched on", "No"),
        ("who", "–"),
    ]
