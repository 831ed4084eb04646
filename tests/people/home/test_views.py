"""Pages for anyone, and the health of the service."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cissapp.foundation.content.helplines import HOTLINE
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import named
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.home import queries
from cissapp.people.schools.rules import Progress
from tests.factories import NOW
from tests.pages import tree, words
from tests.shipped import HELPLINE, POLICE, SHIPPED
from tests.statements import statements_sent


def headings(response, level="h2"):
    return [words(one) for one in tree(response).find(".//main").iter(level)]


def main(response):
    return words(tree(response).find(".//main"))


def statements_of(app, browser, address):
    with statements_sent(app) as seen:
        assert browser.get(address).status_code == 200
    return seen


# --- the start page --------------------------------------------------------------------------


def test_a_visitor_learns_what_this_is_and_where_to_go(client):
    page = client.get("/")

    assert headings(page) == [
        "Your school wants to join",
        "Check a certificate",
        "Find a certified school",
        "How it works",
        "So far",
        "What a certificate says",
    ]
    assert headings(page, "h3") == ["1 Learn", "2 Prepare", "3 Score yourselves", "4 Be reviewed"]
    links = tree(page).findall(".//main//a")
    assert [(words(one), one.get("href")) for one in links] == [
        ("How it works", "#how"),
        ("What a certificate says, and what it does not", "#says"),
        ("Ask for an invitation", "/join"),
        ("Check a file or photo", "/verify"),
        ("All certified schools", "/register"),
    ]
    assert SHIPPED.standard.certificate_texts["en"].not_meaning in main(page)
    assert "The first schools are in training." in main(page)


def test_both_forms_of_the_start_page_lead_on_without_a_script(client):
    forms = tree(client.get("/")).findall(".//main//form")

    assert [
        (one.get("method"), one.get("action"), [field.get("name") for field in one.iter("input")])
        for one in forms
    ] == [("get", "/verify", ["code"]), ("get", "/register", ["words"])]


def test_figures_count_certificates_in_force_country_by_country(make, client):
    for standing, level in (("valid", 2), ("expiring", 1), ("withdrawn", 1)):
        make.school(
            standing=standing, level=level, valid_until_on=date(2028, 1, 1), progress="decided"
        )

    said = main(client.get("/"))

    assert "2 schools are certified today Moldova 2" in said


@pytest.mark.parametrize("progress", list(Progress))
def test_figures_for_anyone_do_not_tell_how_many_schools_are_on_the_way(make, client, progress):
    """They are hidden where they are few, and from those of all regions one could be worked out."""
    make.school(progress="registered")
    before = main(client.get("/"))

    make.school(progress=progress)

    assert main(client.get("/")) == before


def test_without_the_database_the_start_page_is_there_without_figures(client, monkeypatch):
    def away():
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(queries.tallies, "totals_by_country", away)

    assert "The figures are not available right now." in main(client.get("/"))


def test_no_page_for_anyone_promises_what_is_not_built(client):
    for address in ("/", "/privacy", "/accessibility", "/help", "/sign-in"):
        said = main(client.get(address)).lower()
        found = [word for word in ("2011", "guarantee") if word in said]
        assert (address, found) == (address, [])


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.SCHOOL_MANAGER, "/school"),
        (Role.REVIEWER, "/reviews"),
        (Role.COORDINATOR, "/reviews"),
        (Role.MINISTRY, "/oversight"),
        (Role.REGION_OFFICER, "/oversight"),
        (Role.SECRETARIAT, "/admin"),
    ],
)
def test_a_person_is_led_to_the_own_first_page(make, sign_in, role, address):
    answer = sign_in(make.user(role)).get("/")

    assert (answer.status_code, answer.location) == (302, address)


@pytest.mark.parametrize("address", ["/help", "/help/MD", "/help/md", "/accessibility"])
def test_a_visitor_costs_no_look_into_the_database(app, client, address):
    assert statements_of(app, client, address) == []


def test_the_start_page_costs_a_visitor_two_looks(app, client):
    """At the tallies, and at the certificates that ended since daily work brought them up to date."""
    assert len(statements_of(app, client, "/")) == 2


# --- help ------------------------------------------------------------------------------------


def test_help_lists_only_what_was_checked(app, client):
    with app.test_request_context():
        packs = content().countries.values()
        checked = {line.names["en"] for pack in packs for line in pack.helplines}
        everywhere = {line.names["en"] for line in content().anywhere}
        unchecked = {line.names["en"] for pack in packs for line in pack.file.helplines} - checked

    shown = set(headings(client.get("/help"), "h3"))

    assert shown == checked | everywhere
    assert unchecked
    assert shown & unchecked == set()


def test_help_begins_with_the_own_country(make, sign_in, client):
    user = make.user(Role.MINISTRY)

    assert headings(sign_in(user).get("/help"))[0] == "Moldova"
    assert headings(client.get("/help?country=UA"))[0] == "Ukraine"
    assert headings(client.get("/help?country=%27%22<script>"))[-2:] == [
        "In every country",
        "If a child tells you something",
    ]


def test_help_in_a_country_has_its_numbers_to_tap(client):
    page = client.get("/help/md")

    calls = [
        one.get("href") for one in tree(page).findall(".//main//a") if "tel:" in one.get("href")
    ]
    assert calls[0] == f"tel:{HELPLINE.dial[0]}"
    assert client.get("/help/XX").status_code == 404


@pytest.fixture
def without_police(app):
    """Put the police of Moldova back to what must be confirmed."""
    from msgspec.structs import replace

    from cissapp.foundation.content.schema import FactState

    before = app.extensions["ciss-content"]
    pack = before.countries["MD"]
    lines = [
        line.model_copy(
            update={"state": FactState.CONFIRM} if line.kind == "police" else {"state": line.state}
        )
        for line in pack.file.helplines
    ]
    changed = replace(pack, file=pack.file.model_copy(update={"helplines": lines}))
    app.extensions["ciss-content"] = replace(before, countries={**before.countries, "MD": changed})
    yield
    app.extensions["ciss-content"] = before


CONFIRM = "Confirm this number with your national group."


def test_help_names_the_number_of_the_police_where_it_is_printed(client):
    assert "call the police first: 112." in main(client.get("/help/MD"))
    assert "call the police first: 102." in main(client.get("/help?country=UA"))
    assert "call the police of your country first." in main(client.get("/help"))


def test_help_says_so_where_no_number_of_the_police_was_checked(client, without_police):
    for address in ("/help/MD", "/help?country=MD"):
        said = main(client.get(address))
        assert "call the police first, using the number you know." in said
        assert "112" not in said


def test_a_number_to_be_confirmed_is_for_signed_in_people_of_the_country(
    client, make, sign_in, without_police
):
    own = sign_in(make.manager())
    foreign = sign_in(make.manager(make.school(country_code="UA", region_code="UA-30")))

    for address in ("/help", "/help/MD"):
        assert CONFIRM in main(own.get(address))
        assert "112" in main(own.get(address))
        assert "112" not in main(foreign.get("/help/MD"))
        assert CONFIRM not in main(client.get(address))
    assert f"Police: 112 {CONFIRM}" in strip(own.get("/help"))
    assert "112" not in strip(client.get("/help/MD"))


# --- the strip on top ------------------------------------------------------------------------


def strip(response):
    return words(tree(response).find(".//aside[@class='strip']"))


def test_the_strip_shows_a_stranger_the_numbers_of_the_country_that_the_page_is_about(client, make):
    certificate = make.certified(make.school(name="Lyceum No. 4"))
    addresses = ("/help/MD", "/register?country=MD", f"/complaints/new?code={certificate.code}")
    for address in (*addresses, f"/verify/{certificate.code}"):
        said = strip(client.get(address, follow_redirects=True))
        assert HELPLINE.numbers[0] in said, address
        assert f"Police: {POLICE.numbers[0]}" in said, address
        assert "Report material online" in said, address
    assert POLICE.numbers[0] not in strip(client.get("/"))


def test_the_strip_shows_everybody_the_numbers_of_the_own_country(make, sign_in):
    browser = sign_in(make.manager())

    assert f"Police: {POLICE.numbers[0]}" in strip(browser.get("/help/UA"))


def test_where_no_number_is_checked_the_strip_names_what_helps_anywhere(app, client):
    from msgspec.structs import replace

    from cissapp.foundation.content.schema import FactState

    before = app.extensions["ciss-content"]
    pack = before.countries["MD"]
    lines = [line.model_copy(update={"state": FactState.CONFIRM}) for line in pack.file.helplines]
    changed = replace(pack, file=pack.file.model_copy(update={"helplines": lines}))
    app.extensions["ciss-content"] = replace(before, countries={**before.countries, "MD": changed})

    said = strip(client.get("/help/MD"))
    app.extensions["ciss-content"] = before

    assert named(next(one for one in SHIPPED.anywhere if one.kind != HOTLINE).names, "en") in said
    assert "Report material online" in said
    assert HELPLINE.numbers[0] not in said


def test_help_says_that_this_is_not_the_place_to_report(client):
    for address in ("/help", "/help/MD"):
        assert "This site is not a place to report a case" in main(client.get(address))


# --- privacy and accessibility ---------------------------------------------------------------


def test_privacy_names_the_open_groups_of_each_country(make, client):
    from datetime import date

    make.group("MD", name="Group of Moldova")
    make.group("MD", "UA", name="Group of two")
    make.group("UA", name="Closed group", to_on=date(2025, 1, 1))

    page = client.get("/privacy")

    listed = [words(one) for one in tree(page).findall(".//main//ul")[-1]]
    assert listed == ["Moldova: Group of Moldova, Group of two", "Ukraine: Group of two"]


def test_privacy_without_groups_is_whole(client):
    page = client.get("/privacy")

    assert headings(page) == [
        "What we keep about people",
        "What we keep about schools",
        "What you must not write or upload here",
        "Cookies, and who else knows about your visit",
        "Your rights",
    ]


def test_accessibility_says_what_does_not_work_yet(client):
    assert headings(client.get("/accessibility")) == [
        "What we follow",
        "How the pages are made",
        "What does not work well yet",
        "Tell us",
    ]


# --- health ----------------------------------------------------------------------------------


def test_a_service_that_can_be_used_says_so(client):
    assert (client.get("/healthz").json, client.get("/readyz").json) == (
        {"status": "ok"},
        {"status": "ok", "problems": []},
    )


def test_missing_migrations_are_named(app, client):
    with app.app_context():
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        session.commit()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "problems": ["database: migrations are missing"]},
    )
    assert client.get("/healthz").status_code == 200


def test_a_lost_table_is_named_without_its_words(app, client):
    with app.app_context():
        session.execute(text("DROP TABLE alembic_version"))
        session.commit()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    (problem,) = answer.json["problems"]
    assert problem == "database: the tables are missing"


def test_a_file_store_that_is_away_is_named(app, client, monkeypatch):
    class Away:
        def check(self):
            raise PermissionError("/secret/path cannot be written")

    monkeypatch.setitem(app.extensions, "ciss-files", Away())

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json["problems"]) == (
        503,
        ["files: the folder cannot be written to"],
    )


def test_mail_that_is_away_degrades_the_service_and_does_not_stop_it(app, client, monkeypatch):
    from cissapp.foundation.core.mail import mailer_at

    mailer = mailer_at("smtp://user:hidden@127.0.0.1:1", "no-reply@ciss.example")
    monkeypatch.setitem(app.extensions, "ciss-mailer", mailer)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (
        200,
        {"status": "degraded", "problems": ["mail: nothing answers at its address"]},
    )


def test_errors_say_what_to_do(client):
    page = client.get("/nowhere")

    assert (page.status_code, headings(page, "h1")) == (404, ["Page not found"])


def test_where_to_report_a_fault_is_said_to_machines_or_not_at_all(app, client, monkeypatch):
    assert client.get("/.well-known/security.txt").status_code == 404
    told = replace(app.config["CISS"], security_contact="mailto:security@ciss.example")
    monkeypatch.setitem(app.config, "CISS", told)

    with clock.at(NOW):
        answer = client.get("/.well-known/security.txt")

    expires = NOW + timedelta(days=90)
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True).splitlines() == [
        "Contact: mailto:security@ciss.example",
        f"Expires: {expires:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: en, ro, uk, ru, be",
        f"Canonical: {told.base_url}/.well-known/security.txt",
    ]
