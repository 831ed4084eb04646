"""`/api/v1` as programs ask it: who may, what it answers, what it says when something is wrong."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.problem_kinds import KINDS
from cissapp.foundation.web.sheet_streams import StreamedSheet, xlsx_pieces
from cissapp.oversee.api.queries import tokens
from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.document import problems_of
from cissapp.oversee.api.rules.operations import OPERATIONS
from cissapp.oversee.api.rules.tokens import PERMISSIONS, TokenScope
from cissapp.oversee.api.services import imports
from cissapp.oversee.figures.services import correct_month
from cissapp.people.accounts.models import User
from cissapp.people.accounts.services import deactivate, move_to_region
from cissapp.people.schools.models import School
from cissapp.people.schools.regions import services as regions
from cissapp.people.schools.rules import RegionCount
from tests.factories import NOW
from tests.oversee.api.programs import PREFIX, Program, program_of
from tests.oversee.figures.months import freeze_months
from tests.reading_lists import transactions_while_reading

pytestmark = [pytest.mark.one_database("postgresql"), pytest.mark.usefixtures("clock_of_next_day")]

LIST = {
    "schools": [
        {
            "region": "MD-OR",
            "code": "N1",
            "name": "School A",
            "locality": "Orhei",
            "language": "ro",
            "head_email": "head@school.example",
        },
        {"region": "nowhere", "code": "N2", "name": "School B"},
    ]
}


def problem(answer) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.get_data(as_text=True)
    said = answer.get_json(force=True)
    assert said["status"] == answer.status_code
    assert said["type"] == f"http://ciss.example/api#{said['code']}"
    return answer.status_code, said["code"]


def path_of(operation) -> str:
    path = operation.path
    for name in operation.path_names:
        value = {"country_code": "MD", "region_code": "MD-OR", "register_number": "S1"}.get(name)
        path = path.replace(f"{{{name}}}", value or str(uuid4()))
    return path


def body_for(operation) -> dict:
    if operation is o.IMPORT:
        return {"json": LIST, "query_string": {"dry_run": "true"}}
    kinds = ["certificate.issued"]
    return (
        {"json": {"url": "http://127.0.0.1:9/x", "kinds": kinds}}
        if operation is o.ADD_WEBHOOK
        else {}
    )


# --- who may -------------------------------------------------------------------------------------


def test_each_scope_of_each_role_opens_what_the_matrix_says_and_nothing_else(app, make):
    people = {
        role: make.user(role)
        for role in (Role.COORDINATOR, Role.MINISTRY, Role.REGION_OFFICER, Role.SECRETARIAT)
    }
    wrong = []
    for role, person in people.items():
        for scope in TokenScope:
            if role not in MATRIX[PERMISSIONS[scope]]:
                continue
            program = program_of(app, person, scope)
            for operation in OPERATIONS:
                answer = program.ask(path_of(operation), operation.method, **body_for(operation))
                documented = {kind.status for kind in problems_of(operation)} | {operation.status}
                if answer.status_code not in documented:
                    wrong.append((role, scope, operation.name, answer.status_code))
                if (answer.status_code == 403) == (scope in operation.scopes):
                    wrong.append((role, scope, operation.name, answer.get_data(as_text=True)))

    assert wrong == []


def test_a_token_reaches_no_further_than_its_person(app, make):
    make.country("UA")
    ministry = program_of(app, make.user(Role.MINISTRY))
    officer = program_of(app, make.user(Role.REGION_OFFICER))

    assert ministry.ask("/countries/MD/figures").status_code == 200
    assert problem(ministry.ask("/countries/UA/figures")) == (404, "not_found")
    assert officer.ask("/countries/MD/regions/MD-OR/figures").status_code == 200
    assert problem(officer.ask("/countries/MD/regions/MD-CU/figures")) == (404, "not_found")
    assert problem(officer.ask("/countries/MD/figures")) == (404, "not_found")


def test_who_may_see_a_region_sees_which_months_are_kept(app, make):
    make.certified()
    with app.app_context(), unit_of_work():
        freeze_months(content().countries, at=NOW + timedelta(days=70))
    officer = program_of(app, make.user(Role.REGION_OFFICER))
    ministry = program_of(app, make.user(Role.MINISTRY))

    kept = officer.ask("/countries/MD/regions/MD-OR/months").get_json()["items"]
    assert [one["version"] for one in kept] == [1] * len(kept) != []
    assert ministry.ask("/countries/MD/months").get_json()["items"] == kept
    month = kept[0]["month"]
    versions = officer.ask(f"/countries/MD/regions/MD-OR/months?month={month}").get_json()["items"]
    assert versions == kept[:1]
    assert problem(officer.ask("/countries/MD/months")) == (404, "not_found")
    assert problem(officer.ask("/countries/MD/regions/MD-CU/months")) == (404, "not_found")


def test_why_a_month_was_corrected_is_told_to_who_sees_the_country(app, make):
    make.certified()
    with app.app_context(), unit_of_work():
        packs = content().countries
        freeze_months(packs, at=NOW + timedelta(days=70))
        correct_month(
            packs, "MD", NOW.date(), reason="Soroca.", by=SYSTEM, at=NOW + timedelta(days=71)
        )
    paths = [f"/countries/MD/regions/MD-OR/{one}" for one in ("months", "brief?against=2026-11")]

    def told(role):
        program = program_of(app, make.user(role))
        listed, brief = (program.ask(path).get_json() for path in paths)
        return [(one["version"], one["reason"]) for one in (listed["items"][-1], brief["against"])]

    assert told(Role.MINISTRY) == [(2, "Soroca.")] * 2
    assert told(Role.REGION_OFFICER) == [(2, None)] * 2


def test_a_month_before_a_region_existed_has_no_figures(app, make, monkeypatch):
    """Zeros would say that it was there, and had no school."""
    make.certified()
    with app.app_context(), unit_of_work():
        packs = content().countries
        freeze_months(packs, at=NOW + timedelta(days=70))
    begun = packs["MD"].regions["MD-SO"].model_copy(update={"from_on": date(2026, 12, 5)})
    monkeypatch.setitem(packs["MD"].regions, "MD-SO", begun)
    program = program_of(app, make.user(Role.MINISTRY), days=90)

    def asked(path):
        with clock.at(NOW + timedelta(days=71)):
            return program.ask(f"/countries/MD{path}")

    def regions_in(month):
        return {one["region"] for one in asked(f"/figures?month={month}").get_json()["regions"]}

    of_region = ("figures?month=2026-11", "brief?month=2026-11", "brief?against=2026-11")
    answers = [asked(f"/regions/MD-SO/{one}") for one in of_region]
    assert [problem(one) for one in answers] == [(404, "not_found")] * 3
    assert regions_in("2026-12") - regions_in("2026-11") == {"MD-SO"}
    assert asked("/regions/MD-SO/figures?month=2026-12").status_code == 200
    assert asked("/regions/MD-SO/brief?month=2026-12").get_json()["before"] is None
    assert asked("/brief?month=2026-11").status_code == 200


def test_a_session_opens_no_api_and_a_token_no_page(app, make, sign_in):
    person = make.user(Role.MINISTRY)
    browser = sign_in(person)
    program = program_of(app, person)
    page = app.test_client(use_cookies=False).get(
        "/oversight", headers={"Authorization": f"Bearer {program.token}"}
    )

    assert problem(browser.get(f"{PREFIX}/countries")) == (401, "token_missing")
    assert (page.status_code, "/sign-in" in page.location) == (302, True)
    assert "Set-Cookie" not in program.ask("/countries").headers


def test_a_token_that_nobody_has_or_that_has_ended_says_so(app, make):
    person = make.user(Role.MINISTRY)
    program = program_of(app, person, days=10)

    unknown = Program(app, "ciss_nobody").ask("/token")
    assert problem(unknown) == (401, "token_unknown")
    assert unknown.headers["WWW-Authenticate"] == 'Bearer realm="ciss", error="invalid_token"'
    assert program.ask("/token").get_json()["role"] == "ministry"
    with clock.at(NOW + timedelta(days=12)):
        over = program.ask("/token")
        assert problem(over) == (401, "token_ended")
        said = over.get_json(force=True)
        assert (said["ended_at"], said["reason"]) == ("2026-09-12T00:00:00+00:00", "date") or said[
            "reason"
        ] == "date"
    with app.app_context(), unit_of_work():
        deactivate(session.get(User, person.id), by=make.user(), at=NOW)
    assert program.ask("/token").get_json(force=True)["reason"] == "person_left"


def test_a_token_ends_with_the_role_it_was_made_for(app, make):
    person = make.user(Role.REGION_OFFICER)
    program = program_of(app, person)
    with app.app_context(), unit_of_work():
        session.get(User, person.id).region_code = "MD-CU"

    assert program.ask("/token").get_json(force=True)["reason"] == "role_changed"


def test_a_token_of_an_officer_who_moved_does_not_come_back_with_them(app, make):
    person = make.user(Role.REGION_OFFICER, region_code="MD-OR")
    program = program_of(app, person)
    with app.app_context():
        by = make.user()
        for region in ("MD-CU", "MD-OR"):
            with unit_of_work():
                move_to_region(session.get(User, person.id), region, by=by, at=NOW)
        assert tokens.live_tokens(person, at=NOW) == 0

    assert program.ask("/token").get_json(force=True)["reason"] == "role_changed"


# --- the form of answers -------------------------------------------------------------------------


def test_what_is_asked_in_a_wrong_way_is_told_what_is_wrong(app, make):
    make.country()
    program = program_of(app, make.user(Role.COORDINATOR))
    webhook = {"json": {"url": "x", "kinds": []}}
    asked = {
        "parameter": program.ask("/register?limit=0"),
        "unknown parameter": program.ask("/register?limits=5"),
        "twice": program.ask("/register?limit=5&limit=6"),
        "cursor": program.ask("/register?cursor=abc"),
        "country": program.ask("/countries/XX/regions"),
        "path": program.ask("/nothing"),
        "slashes": program.ask("//register"),
        "method": program.ask("/register", "DELETE"),
        "options": program.ask("/register", "OPTIONS"),
        "accept": program.ask("/register", headers={"Accept": "text/html"}),
        "form": program.post("/webhooks", data="x", content_type="text/plain"),
        "compressed": program.post("/webhooks", headers={"Content-Encoding": "gzip"}, **webhook),
        "body": program.post("/webhooks", **webhook),
        "json": program.post("/webhooks", data="{", content_type="application/json"),
    }

    assert {name: problem(answer) for name, answer in asked.items()} == {
        "parameter": (400, "invalid_parameters"),
        "unknown parameter": (400, "invalid_parameters"),
        "twice": (400, "invalid_parameters"),
        "cursor": (404, "not_found"),
        "country": (404, "not_found"),
        "path": (404, "not_found"),
        "slashes": (404, "not_found"),
        "method": (405, "method_not_allowed"),
        "options": (405, "method_not_allowed"),
        "accept": (406, "not_acceptable"),
        "form": (415, "unsupported_media_type"),
        "compressed": (415, "unsupported_media_type"),
        "body": (422, "invalid_body"),
        "json": (422, "invalid_body"),
    }
    assert asked["method"].headers["Allow"] == "GET, HEAD"
    assert [one["where"] for one in asked["body"].get_json(force=True)["errors"]] == ["kinds"]
    assert all("Access-Control-Allow-Origin" not in answer.headers for answer in asked.values())


def test_an_answer_that_has_not_changed_is_not_sent_again(app, make):
    make.certified()
    program = program_of(app, make.user(Role.MINISTRY))
    (school,) = program.ask("/register").get_json()["items"]
    known = ("/countries", "/countries/MD/figures", "/register", f"/certificates/{school['code']}")
    for path in known:
        first = program.ask(path)
        tag = first.headers["ETag"]
        with clock.at(NOW + timedelta(days=1, seconds=30)):
            again = program.ask(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)
        assert program.ask(path, "HEAD").headers["ETag"] == tag
        assert first.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("condition", ['"x"', "*", 'W/"x", "y"', "x"])
def test_a_condition_for_changes_does_not_apply_to_reading(app, make, condition):
    program = program_of(app, make.user(Role.MINISTRY))
    answers = [
        program.ask(path, headers={"If-Match": condition})
        for path in ("/register", "/openapi.json")
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    tag = answers[0].headers["ETag"]
    both = {"If-Match": condition, "If-None-Match": f'"x", {tag}'}
    assert program.ask("/register", headers=both).status_code == 304


# --- what it answers -----------------------------------------------------------------------------


def test_figures_are_those_of_the_page(app, make):
    for _number in range(6):
        make.school()
    make.school(region_code="MD-CU")
    program = program_of(app, make.user(Role.MINISTRY))

    said = program.ask("/countries/MD/figures").get_json()
    rows = {one["region"]: one["figures"] for one in said["regions"]}
    own = program.ask("/countries/MD/regions/MD-OR/figures").get_json()

    assert said["whole"]["schools"] == {"count": 7, "hidden": None}
    assert rows["MD-OR"]["schools"] == {"count": 6, "hidden": None}
    assert rows["MD-CU"]["registered"] == {"count": None, "hidden": "held"}
    assert own["whole"] == rows["MD-OR"]
    assert said["least_shown"] == 5
    assert all(
        (cell["count"] is None) == (cell["hidden"] is not None)
        for row in rows.values()
        for cell in row.values()
    )


@pytest.mark.parametrize("checked", [True, False])
def test_a_region_tells_of_its_country_the_share_of_schools_alone(app, make, checked):
    """The pupils of the country less those of the region could be the pupils of a single school."""
    make.certified()
    with app.app_context(), unit_of_work():
        pack, counts = content().countries["MD"], [RegionCount(None, 200, 9000, NOW.date())]
        regions.import_statistics(counts, pack, source="S", checked=checked, by=SYSTEM, at=NOW)
    officer = program_of(app, make.user(Role.REGION_OFFICER))

    said = officer.ask("/countries/MD/regions/MD-OR/brief").get_json()

    of_country = {name: value for name, value in said.items() if name.startswith("country_")}
    share = of_country.pop("country_schools_share")
    assert of_country == {}
    assert (share and (share["part"], share["whole"])) == ((1, 200) if checked else None)


def test_the_register_is_walked_once_while_rows_are_added(app, make):
    first = []
    for number in range(3):
        first.append(make.certified(make.school(name=f"School {number}")))
        # Its certificate is not published yet: the walk goes on behind it.
        make.school(standing="valid", level=2, valid_until_on=NOW.date().replace(year=2028))
    program = program_of(app, make.user(Role.COORDINATOR))
    seen, cursor, added = [], None, []
    while True:
        page = program.ask(
            "/register", query_string={"limit": 1, **({"cursor": cursor} if cursor else {})}
        )
        said = page.get_json()
        seen += [one["number"] for one in said["items"]]
        cursor = said["next_cursor"]
        if cursor is None:
            break
        if len(added) < 1:
            added.append(make.certified(make.school(name="A new one")))

    assert len(seen) == len(set(seen))
    assert {one.number for one in first} <= set(seen)


def test_a_certified_school_is_found_and_any_other_is_not(app, make):
    school = make.school(code="17/3 A")
    certificate = make.certified(school)
    make.school(code="S2")
    program = program_of(app, make.user(Role.MINISTRY))

    listed = program.ask("/register?words=lyceum&level=2").get_json()["items"]
    by_number = program.ask(f"/countries/MD/schools/{'17/3 A'.replace('/', '%2F')}")
    other = program.ask("/countries/MD/schools/S2")
    answered = program.ask(f"/certificates/{certificate.code}").get_json()

    assert [one["number"] for one in listed] == [certificate.number]
    assert program.ask("/register?words=nobody").get_json()["items"] == []
    assert program.ask("/register?changed_since=2099-01-01T00:00:00Z").get_json()["items"] == []
    assert by_number.get_json()["school"]["number"] == certificate.number
    assert problem(other) == (404, "not_found")
    assert (answered["answer"], answered["reliable"]) == ("valid", True)
    assert answered["facts"]["school"] == school.name
    assert problem(program.ask("/certificates/0000-0000")) == (404, "not_found")


# --- import --------------------------------------------------------------------------------------


def codes_in(app) -> list[str]:
    with app.app_context():
        return sorted(one.code for one in session.query(School))


def test_a_school_without_a_code_is_told_by_its_name_and_place(app, make):
    program = program_of(app, make.user(Role.COORDINATOR))
    school = {key: text for key, text in LIST["schools"][0].items() if key != "code"}

    first = program.post("/schools/imports", json={"schools": [school]}).get_json()
    again = program.post("/schools/imports", json={"schools": [school, school]}).get_json()

    assert [row["outcome"] for row in (*first["rows"], *again["rows"])] == [
        "created",
        "unchanged",
        "unchanged",
    ]
    assert first["rows"][0]["code"] == ""
    assert [code[:5] for code in codes_in(app)] == ["NAME-"]


@pytest.mark.parametrize("name", [{}, {"name": ""}, {"name": " "}])
def test_a_school_without_a_name_is_refused_alone(app, make, name):
    program = program_of(app, make.user(Role.COORDINATOR))
    (good, *_others) = LIST["schools"]
    rows = [{**{key: text for key, text in good.items() if key != "name"}, **name}, {}, good]

    answer = program.post("/schools/imports", json={"schools": rows}).get_json()

    assert [(one["row"], one["outcome"]) for one in answer["rows"]] == [
        (1, "refused"),
        (3, "created"),
    ]
    assert [problem["field"] for problem in answer["rows"][0]["problems"]] == ["name"]
    empty = program.post("/schools/imports", json={"schools": [{}]})
    assert problem(empty) == (422, "invalid_body")


def test_a_list_is_tried_then_imported_once_whatever_is_repeated(app, make):
    program = program_of(app, make.user(Role.COORDINATOR))
    tried = program.post("/schools/imports?dry_run=true", json=LIST)
    assert codes_in(app) == []
    key = {"Idempotency-Key": "list-1"}
    first = program.post("/schools/imports", json=LIST, headers=key)
    again = program.post("/schools/imports", json=LIST, headers=key)
    other = program.post("/schools/imports", json={"schools": LIST["schools"][:1]}, headers=key)
    without = program.post("/schools/imports", json=LIST)

    none = {"changed": 0, "unchanged": 0, "differs": 0, "duplicate": 0}
    counts = {**none, "created": 1, "refused": 1, "skipped": 0}
    assert tried.get_json()["counts"] == first.get_json()["counts"] == counts
    assert (tried.get_json()["dry_run"], first.get_json()["dry_run"]) == (True, False)
    assert again.get_json() == first.get_json()
    assert problem(other) == (422, "key_used_otherwise")
    assert without.get_json()["counts"] == {**counts, "created": 0, "unchanged": 1}
    assert codes_in(app) == ["N1"]
    assert [one["row"] for one in first.get_json()["rows"]] == [1, 2]


@pytest.mark.both_databases
@pytest.mark.parametrize("tried", ["true", "false"])
def test_others_can_save_while_a_list_is_read(app, make, monkeypatch, tried):
    program = program_of(app, make.user(Role.COORDINATOR))
    in_transaction = transactions_while_reading(monkeypatch)

    assert program.post(f"/schools/imports?dry_run={tried}", json=LIST).status_code == 200
    assert set(in_transaction) == {False}


def test_a_workbook_is_not_taken_for_a_csv(app, make):
    program = program_of(app, make.user(Role.COORDINATOR))
    rows = [["region", "name", "locality", "language"], ["MD-OR", "A", "Orhei", "ro"]]
    workbook = b"".join(xlsx_pieces(StreamedSheet("Schools", rows[0], [rows[1:]])))

    answer = program.post("/schools/imports", data=workbook, content_type="text/csv")

    assert problem(answer) == (422, "invalid_body")
    assert answer.get_json(force=True)["errors"] == [{"where": "file", "message": imports.NOT_CSV}]


def test_a_list_comes_as_csv_too_and_says_what_is_wrong_with_it(app, make):
    program = program_of(app, make.user(Role.COORDINATOR))
    csv = "region;code;name;locality;language\r\nMD-OR;N1;School A;Orhei;ro\r\n"
    good = program.post("/schools/imports", data=csv.encode(), content_type="text/csv")
    bad = program.post("/schools/imports", data=b"name\r\nx\r\n", content_type="text/csv")

    assert good.get_json()["counts"]["created"] == 1
    assert problem(bad) == (422, "invalid_body")
    assert "Region" in json.dumps(bad.get_json(force=True)["errors"])
    assert KINDS["invalid_body"].status == 422
