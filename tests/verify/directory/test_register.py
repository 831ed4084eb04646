"""The public list: what it shows, how it is searched, the same as CSV and as JSON."""

import csv
import io
import re
from datetime import UTC, datetime, time, timedelta
from functools import partial
from html import unescape
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from sqlalchemy import event

from cissapp.certify.certificates.rules import in_groups
from cissapp.certify.certificates.services import succession
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.verify.directory import queries as directory
from cissapp.verify.directory.queries import walk
from cissapp.verify.directory.rules import Search
from cissapp.verify.directory.views import kept_files, listings, register
from cissapp.verify.directory.views.kept_files import EXTENSION, MOST_KEPT, KeptFiles
from tests import factories as make
from tests.certify.certificates.pages import act
from tests.client import main_text
from tests.factories import NOW
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("plain_files")

TODAY = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def today():
    with clock.at(TODAY):
        yield


@pytest.fixture(autouse=True)
def nothing_kept(app, monkeypatch):
    """Keep the files of long lists for the test alone."""
    monkeypatch.setitem(app.extensions, EXTENSION, KeptFiles())


def names(page) -> list[str]:
    found = re.findall(r'class="task-label" href="[^"]+">([^<]+)</a>', page.get_data(as_text=True))
    return [unescape(name) for name in found]


def table(response) -> list[list[str]]:
    text = response.get_data().decode("utf-8-sig")
    # Behind an empty line stands what the columns mean.
    return list(takewhile(bool, csv.reader(io.StringIO(text))))


# --- the page ------------------------------------------------------------------------------------


def test_the_list_shows_schools_in_force_only(app, client, make):
    make.certified(make.school(name="Valid School"))
    make.school(name="Never certified")
    act(app, make.certified(make.school(name="Suspended")), "suspend")
    act(app, make.certified(make.school(name="Withdrawn")), "withdraw")

    page = client.get("/register")

    assert names(page) == ["Valid School"]
    assert "1 school" in main_text(page)


def test_a_certificate_that_has_ended_is_not_listed_even_if_nobody_did_the_days_work(client, make):
    certificate = make.certified(make.school(name="Ends"))

    with clock.at(NOW.replace(year=certificate.valid_until_on.year + 1)):
        found = [names(client.get("/register")), client.get("/register.json").json["count"]]

    assert found == [[], 0]


def test_a_district_is_found_by_its_name_and_a_country_in_small_letters(client, make):
    make.certified(make.school(name="One", locality="Peresecina", region_code="MD-OR"))
    make.certified(make.school(name="Other", locality="Cahul", region_code="MD-CA"))

    found = {
        query: names(client.get(f"/register?{query}"))
        for query in (
            "words=orhei",
            "words=Оргеев",
            "words=or",
            "country=md&region=md-ca",
            "country=ua",
        )
    }

    assert found == {
        "words=orhei": ["One"],
        "words=Оргеев": ["One"],
        "words=or": [],
        "country=md&region=md-ca": ["Other"],
        "country=ua": [],
    }
    assert client.get("/register.json?country=md").json["filter"]["country"] == "MD"


def test_an_invented_school_of_a_calibration_is_not_listed(app, client, make):
    school = make.school(name="Invented")
    make.certified(school)
    with app.app_context(), unit_of_work():
        session.get(School, school.id).only_for_id = school.id

    assert names(client.get("/register")) == []


def three_schools(_app) -> None:
    """Two of Moldova and one of Ukraine, each with a certificate in force."""
    make.certified(make.school(name="Scoala Mare"))
    make.certified(make.school(name="Лицей № 1", locality="Бельцы"), level=3)
    make.country("UA")
    make.certified(make.school(name="Ліцей № 2", country_code="UA", region_code="UA-46"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=лицей", ["Лицей № 1", "Ліцей № 2"]),
        ("words=ЛИЦЕЙ+бельцы", ["Лицей № 1"]),
        ("words=scoala+orhei", ["Scoala Mare"]),
        ("q=%C8%98coal%C4%83", ["Scoala Mare"]),
        ("words=litsei+2", ["Ліцей № 2"]),
        ("words=No+1+beltsi", ["Лицей № 1"]),
        ("words=zakarpattia", []),
        ("words=%25", []),
        ("words=_", []),
        ("country=UA", ["Ліцей № 2"]),
        ("country=md&region=md-or", ["Scoala Mare", "Лицей № 1"]),
        ("country=MD&region=MD-OR", ["Scoala Mare", "Лицей № 1"]),
        ("country=MD&region=MD-CU", []),
        ("region=md-or", ["Scoala Mare", "Лицей № 1"]),
        ("region=MD-CU", []),
        ("country=&region=MD-CU", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        ("country=XX", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        ("level=3", ["Лицей № 1"]),
        ("level=2&country=MD", ["Scoala Mare"]),
        ("level=7", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        ("status=valid", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        ("status=expiring", []),
        ("status=withdrawn", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        ("page=99999999999999999999", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        pytest.param(
            f"page={'9' * 5000}",
            ["Scoala Mare", "Лицей № 1", "Ліцей № 2"],
            id="a page of 5000 digits",
        ),
        ("page=-1&words=%00", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
    ],
)
def test_page_csv_and_json_answer_the_same_question(
    client, databases, query: str, found: list[str]
):
    databases.kept(three_schools)

    page = client.get(f"/register?{query}")
    rows = table(client.get(f"/register.csv?{query}"))
    schools = client.get(f"/register.json?{query}").json["schools"]

    assert page.status_code == 200
    assert sorted(names(page)) == sorted(found)
    assert [row[0] for row in rows[1:]] == [one["name"] for one in schools] == names(page)


def test_what_ends_soon_is_found_and_says_so(client, make):
    certificate = make.certified(make.school(name="Ends soon"))
    with clock.at(TODAY + (certificate.valid_until_on - TODAY.date()) - timedelta(days=20)):
        found = [names(client.get(f"/register?status={one}")) for one in ("valid", "expiring")]
        line = main_text(client.get("/register"))
        states = [one["status"] for one in client.get("/register.json").json["schools"]]

    assert found == [[], ["Ends soon"]]
    assert "expires soon" in line
    assert states == ["expiring"]


def links_of(page, rel):
    found = re.findall(rf'rel="{rel}"\s+href="([^"]+)"', page.get_data(as_text=True))
    return [unescape(one) for one in found]


def test_the_list_is_paged_and_the_files_are_whole(client, make):
    for number in range(27):
        make.certified(make.school(name=f"School {number:02}"))

    pages = [client.get("/register?words=school")]
    (following,) = links_of(pages[0], "next")
    pages.append(client.get(following))
    (back,) = links_of(pages[1], "prev")

    assert [len(names(page)) for page in pages] == [25, 2]
    assert following.startswith("/register?words=school&after=")
    assert names(client.get(back)) == names(pages[0])
    assert "/register.csv?words=school" in pages[0].get_data(as_text=True)
    assert client.get("/register.json?page=2").json["count"] == 27


def test_no_field_of_the_search_is_called_optional(client):
    assert "(optional)" not in main_text(client.get("/register"))


def test_an_empty_list_says_so(client):
    assert "No certified schools match." in main_text(client.get("/register"))


# --- the files -----------------------------------------------------------------------------------


def test_json_has_these_fields_and_no_other(client, make):
    certificate = make.certified(make.school(name="Lyceum <1>", region_code="MD-OR"))
    code = in_groups(certificate.code)

    answer = client.get("/register.json?country=MD")

    assert answer.json == {
        "format": "ciss-certified-schools-1",
        "as_of": "2026-11-26T09:00:00+00:00",
        "filter": {"words": "", "country": "MD", "region": "", "level": None, "status": ""},
        "count": 1,
        "schools": [
            {
                "name": "Lyceum <1>",
                "locality": "Orhei",
                "country": "MD",
                "region": "MD-OR",
                "level": 2,
                "status": "valid",
                "valid_from": certificate.valid_from_on.isoformat(),
                "valid_until": certificate.valid_until_on.isoformat(),
                "number": certificate.number,
                "code": code,
                "verify": f"http://ciss.example/verify/{code}",
            }
        ],
    }
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_the_list_that_all_may_keep_carries_nobodys_cookie(client, sign_in, make):
    make.certified()
    person = sign_in(make.user(language="uk")).get("/register.json?country=MD")

    assert person.headers.getlist("Set-Cookie") == []
    assert person.get_data() == client.get("/register.json?country=MD").get_data()


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_who_asks_again_learns_that_nothing_has_changed(client, make, ending: str):
    make.certified()
    first = client.get(f"/register.{ending}")
    asked = {"If-None-Match": first.headers["ETag"]}
    with clock.at(TODAY + timedelta(minutes=5)):
        same = client.get(f"/register.{ending}", headers=asked)
    make.certified()
    other = client.get(f"/register.{ending}", headers=asked)

    assert (same.status_code, same.get_data(), other.status_code) == (304, b"", 200)


def test_csv_is_text_for_a_spreadsheet(client, make):
    certificate = make.certified(make.school(name="=HYPERLINK(1)", locality="@home"))

    answer = client.get("/register.csv")
    head, row = table(answer)

    assert (
        "It says which criteria were met on a given day, never that a school is safe"
        in main_text(answer)
    )
    assert head[:2] == ["School", "Place"]
    assert head[-1] == "As of"
    assert row[:3] == ["'=HYPERLINK(1)", "'@home", "MD"]
    assert row[-3:] == [
        certificate.number,
        in_groups(certificate.code),
        "2026-11-26T09:00:00+00:00",
    ]
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="ciss-certified-schools-2026-11-26.csv"'
    )


def test_who_takes_the_head_of_a_long_csv_slowly_holds_nothing_of_the_database(
    app, client, make, monkeypatch
):
    monkeypatch.setattr(directory, "BATCH", 1)
    school = make.school()
    make.certified(school)
    pieces = client.get("/register.csv").iter_encoded()

    assert b"School" in next(pieces)
    with app.app_context():
        assert db.engine.pool.checkedout() == 0
    assert school.name in b"".join(pieces).decode()


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_a_long_list_reads_like_a_short_one(client, make, monkeypatch, ending: str):
    for _ in range(3):
        make.certified()
    short = client.get(f"/register.{ending}")
    monkeypatch.setattr(directory, "BATCH", 1)
    long = client.get(f"/register.{ending}")

    assert long.get_data() == short.get_data()
    assert ("ETag" in long.headers, "ETag" in short.headers) == (False, True)


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_a_long_list_is_kept_for_as_long_as_anyone_may_keep_it(
    app, client, make, monkeypatch, ending: str
):
    monkeypatch.setattr(directory, "BATCH", 1)
    make.certified()
    first = client.get(f"/register.{ending}").get_data()
    make.certified()

    with clock.at(TODAY + timedelta(minutes=4)), statements_sent(app) as sent:
        kept = client.get(f"/register.{ending}")
        same = client.get(f"/register.{ending}", headers={"If-None-Match": kept.headers["ETag"]})
        other_search = client.get(f"/register.{ending}?country=MD").get_data()
    with clock.at(TODAY + timedelta(minutes=5)):
        later = client.get(f"/register.{ending}").get_data()

    assert kept.get_data() == first
    assert kept.cache_control.max_age == 60
    assert (same.status_code, same.get_data()) == (304, b"")
    assert sum("FROM school" in one for one in sent) == 1  # the other search
    assert len(first) < len(later)
    assert len(first) < len(other_search)


def test_of_files_that_were_kept_the_latest_remain(app, client, make, monkeypatch):
    monkeypatch.setattr(directory, "BATCH", 1)
    make.certified()
    for words in "abcdef":
        client.get(f"/register.json?words={words}").get_data()

    kept = app.extensions[EXTENSION].files
    assert [key[1].words for key in kept] == list("abcdef")[-MOST_KEPT:]


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_a_file_of_a_replica_whose_primary_is_away_is_kept_for_as_long(
    app, client, make, monkeypatch, ending: str
):
    monkeypatch.setattr(directory, "BATCH", 1)
    monkeypatch.setattr(register, "read_at", lambda: TODAY - timedelta(hours=1))
    make.certified()
    first = client.get(f"/register.{ending}").get_data()

    with clock.at(TODAY + timedelta(minutes=4)), statements_sent(app) as sent:
        kept = client.get(f"/register.{ending}")

    assert kept.get_data() == first
    assert kept.cache_control.max_age == 60
    assert not any("FROM school" in one for one in sent)


def test_files_that_are_too_old_are_dropped_when_another_is_asked_for(
    app, client, make, monkeypatch
):
    monkeypatch.setattr(directory, "BATCH", 1)
    make.certified()
    for minutes, words in ((0, "a"), (1, "b"), (5, "c")):
        with clock.at(TODAY + timedelta(minutes=minutes)):
            client.get(f"/register.json?words={words}").get_data()

    assert [key[1].words for key in app.extensions[EXTENSION].files] == ["b", "c"]


def test_of_files_that_are_made_at_the_same_time_one_is_kept(app, monkeypatch):
    copies = []

    def begun(**options):
        copies.append(options)
        return TemporaryFile(**options)

    monkeypatch.setattr(kept_files, "TemporaryFile", begun)
    with app.app_context():
        made = [kept_files.keep(iter([b"head,", b"row,", b"end"]), "key") for _ in range(3)]
        answers = [[next(pieces)] for pieces in made]
        kept = app.extensions[EXTENSION]
        for pieces, answer in zip(made, answers, strict=True):
            answer.append(next(pieces))
        for pieces, answer in zip(made, answers, strict=True):
            answer.extend(pieces)

    assert [b"".join(answer) for answer in answers] == [b"head,row,end"] * 3
    assert len(copies) == 1
    assert (list(kept.files), kept.making) == (["key"], set())


def test_a_file_that_was_given_up_is_made_by_the_next(app):
    with app.app_context():
        given_up = kept_files.keep(iter([b"head,", b"row,", b"end"]), "key")
        next(given_up), next(given_up)
        given_up.close()
        b"".join(kept_files.keep(iter([b"head,", b"end"]), "key"))

    assert list(app.extensions[EXTENSION].files) == ["key"]


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_a_list_that_the_disk_does_not_take_is_answered_and_not_kept(
    app, client, make, monkeypatch, ending: str
):
    monkeypatch.setattr(directory, "BATCH", 1)
    make.certified()
    whole = client.get(f"/register.{ending}").get_data()
    app.extensions[EXTENSION].files.clear()
    for full in (partial(Path("/dev/full").open, "wb"), no_file):
        monkeypatch.setattr(kept_files, "TemporaryFile", full)
        assert client.get(f"/register.{ending}").get_data() == whole

    assert app.extensions[EXTENSION] == KeptFiles()


def no_file(**_options):
    raise OSError


def test_a_file_is_kept_as_soon_as_it_is_made_however_slowly_it_is_fetched(
    app, client, make, monkeypatch
):
    monkeypatch.setattr(directory, "BATCH", 1)
    make.certified()
    kept = app.extensions[EXTENSION].files
    pieces = client.get("/register.json", buffered=False).iter_encoded()

    next(pieces)
    assert kept == {}
    next(pieces)
    assert len(kept) == 1


def test_a_list_that_could_not_be_made_to_its_end_is_not_kept(app, client, make, monkeypatch):
    monkeypatch.setattr(directory, "BATCH", 1)
    make.certified()

    def broken(*_school):
        raise RuntimeError

    monkeypatch.setattr(listings, "_for_machines", broken)
    with pytest.raises(RuntimeError):
        client.get("/register.json").get_data()

    assert app.extensions[EXTENSION] == KeptFiles()


def test_no_person_is_named_in_any_answer(app, client, make):
    school = make.school()
    people = [*make.trained(school), make.user(name="Decider Of The Group")]
    make.certified(school)

    answers = [
        client.get(address).get_data(as_text=True)
        for address in ("/register", "/register.csv", "/register.json")
    ]

    found = [
        one.name for one in people for text in answers if one.name in text or one.email in text
    ]
    assert found == []
    assert all(school.name in text for text in answers)


def test_the_list_asks_the_database_as_often_for_many_as_for_few(app, client, make):
    counts = []
    for _ in range(2):
        make.certified()
        make.certified()
        with statements_sent(app) as asked:
            for address in ("/register", "/register.csv", "/register.json"):
                client.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1] > 0


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(("many", "plan"), [(2000, "ix_school_standing"), (0, "ix_school_name")])
def test_few_are_found_by_their_standing_and_many_by_name(
    app, client, make, monkeypatch, many, plan
):
    """On SQLite; the order of the index is that of the list."""
    monkeypatch.setattr(directory, "MANY_IN_FORCE", many)
    school, plans = make.school(), []
    make.certified(school)

    def note(connection, _cursor, statement: str, values, *_rest) -> None:
        if statement.startswith("SELECT school.id") and "valid_until_on" in statement:
            asked = connection.connection.cursor()
            plans.extend(row[3] for row in asked.execute(f"EXPLAIN QUERY PLAN {statement}", values))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    page = client.get("/register")
    event.remove(engine, "before_cursor_execute", note)

    assert school.name in page.get_data(as_text=True)
    assert plan in plans[0]


def test_of_two_certificates_the_one_in_use_is_listed(client, make):
    school = make.school()
    first = make.certified(school, at=NOW.replace(year=2024))
    # A renewal in the last months waits until the day after the last one of the first.
    renewed_at = NOW.replace(year=first.valid_until_on.year, month=first.valid_until_on.month - 2)
    second = make.certified(school, cycle=2, at=renewed_at)

    listed = []
    for at in (renewed_at + timedelta(days=1), NOW.replace(year=second.valid_from_on.year + 1)):
        with clock.at(at):
            schools = client.get("/register.json").json["schools"]
            listed.append([(one["number"], one["status"]) for one in schools])

    assert second.valid_from_on == first.valid_until_on + timedelta(days=1)
    assert listed == [[(first.number, "valid")], [(second.number, "valid")]]


def test_a_program_that_asks_for_changes_is_told_once_a_renewal_is_in_use(app, make):
    school = make.school()
    first = make.certified(school, at=NOW.replace(year=2024))
    make.certified(make.school(code="S2"), at=NOW.replace(year=2024))
    renewed_at = NOW.replace(year=first.valid_until_on.year, month=first.valid_until_on.month - 2)
    second = make.certified(school, cycle=2, at=renewed_at)
    night = datetime.combine(second.valid_from_on, time(2), UTC)
    hour = timedelta(hours=1)

    def changed(since, at):
        key = walk.RegisterKey(None, 10, since)
        with app.app_context():
            found = walk.walk_register(Search(), directory.ListDay(at.date(), 90), key)
            return [(one.school.number, one.changed_at) for one in found]

    assert changed(renewed_at - hour, night - 3 * hour) == []
    with app.app_context(), unit_of_work():
        assert succession.begin_due_certificates(at=night) == 1
    assert changed(night - hour, night) == [(second.number, night)]
    assert changed(night + hour, night + hour) == []


def test_the_standing_of_the_school_counts(app, client, make):
    school = make.school()
    make.certified(school)
    with app.app_context(), unit_of_work():
        session.get(School, school.id).standing = Standing.EXPIRED

    assert client.get("/register.json").json["schools"] == []
