"""`/api/v1` as somebody asks it who wants more than is theirs, or sends what no program would."""

import base64
import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.models import ApiToken, Webhook
from cissapp.oversee.api.rules.tokens import TokenScope
from cissapp.oversee.api.services import webhooks
from cissapp.oversee.api.services.tokens import make_token
from cissapp.oversee.api.views.asking import MOST_BYTES, _key
from cissapp.people.accounts.models import User
from cissapp.people.accounts.services import move_to_region
from cissapp.people.schools.models import School
from tests.factories import NOW
from tests.journeys.racing import at_once
from tests.oversee.api.programs import Program, program_of
from tests.oversee.api.test_calls import LIST, problem

pytestmark = [pytest.mark.one_database("postgresql"), pytest.mark.usefixtures("clock_of_next_day")]


def cursor(of: object, after: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([of, after]).encode()).decode().rstrip("=")


def test_a_forged_cursor_is_no_page_and_no_fault(app, make):
    person = make.user(Role.SECRETARIAT)
    make.country()
    program = program_of(app, person)
    with app.app_context(), unit_of_work():
        hook = webhooks.add_webhook(
            "https://example.org/",
            ["month.frozen"],
            by=session.merge(person),
            loopback=False,
            at=NOW,
        )
    of, number = f"messages of {hook.id}", uuid4()
    asked = [
        f"/webhooks/{hook.id}/messages?cursor={cursor(of, f'{moment}|{number}')}"
        for moment in (
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            "x",
        )
    ]
    asked += [
        f"/webhooks/{hook.id}/messages?cursor={cursor('register', str(number))}",
        f"/register?cursor={cursor('register', 'x')}",
        f"/register?cursor={cursor('register', 7)}",
        f"/register?cursor={cursor(of, str(number))}",
        f"/countries/MD/regions?cursor={cursor('regions of UA', 'MD-CU')}",
    ]

    assert [problem(program.ask(path)) for path in asked] == [(404, "not_found")] * len(asked)
    for moment in ("2026-01-01", "2026-01-01T00:00:00"):
        key = cursor(of, f"{moment}|{number}")
        assert program.ask(f"/webhooks/{hook.id}/messages?cursor={key}").get_json()["items"] == []
    odd = cursor("regions of MD", "\ud800")
    assert program.ask(f"/countries/MD/regions?cursor={odd}").status_code == 200


def test_a_moment_at_the_end_of_time_is_a_value_like_another_or_wrong(app, make):
    make.country()
    program = program_of(app, make.user(Role.MINISTRY))
    wrong = [
        program.ask("/register", query_string={"changed_since": moment})
        for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59")
    ]

    assert [problem(answer) for answer in wrong] == [(400, "invalid_parameters")] * 2
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        answer = program.ask("/register", query_string={"changed_since": moment})
        assert answer.get_json()["items"] == []


def test_a_token_in_the_address_opens_nothing_and_is_repeated_nowhere(app, make, caplog):
    program = program_of(app, make.user(Role.MINISTRY))
    stranger = Program(app, None)
    answers = [
        stranger.ask(f"/token?{name}={program.token}") for name in ("access_token", "token")
    ] + [
        program.ask(f"/register?token={program.token}"),
        program.ask(f"/certificates/{program.token}"),
        program.ask(f"/countries/MD/schools/{program.token}"),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 400, 404, 404]
    assert not any(program.token in answer.get_data(as_text=True) for answer in answers)
    assert program.token not in caplog.text
    with app.app_context():
        kept = session.query(ApiToken).one()
        assert program.token not in json.dumps({k: str(v) for k, v in vars(kept).items()})


def test_one_token_is_counted_once_however_its_header_is_written(app):
    written = ("Bearer ciss_a", "bearer ciss_a", "BEARER   ciss_a ", "Bearer \tciss_a")
    keys = set()
    for header in written:
        with app.test_request_context(headers={"Authorization": header}):
            keys.add(_key())

    assert len(keys) == 1


# --- import --------------------------------------------------------------------------------------


def row(number: int, **more: object) -> dict[str, object]:
    return {"region": "MD-OR", "code": f"N{number}", "name": f"School {number}", "locality": "Orhei",
            "language": "ro", **more}  # fmt: skip


def test_a_body_that_no_program_would_send_is_told_what_is_wrong(app, make):
    program = program_of(app, make.user(Role.COORDINATOR))

    def send(data: bytes, kind: str = "application/json", **more):
        return problem(program.post("/schools/imports", data=data, content_type=kind, **more))

    deep = b'{"schools":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    wide = json.dumps({"schools": [row(number) for number in range(2_001)]}).encode()
    one = json.dumps({"schools": [row(1)]}).encode()
    lines = "\n".join(f"MD-OR;N{number};School;Orhei;ro" for number in range(2_001))
    csv = f"region;code;name;locality;language\n{lines}\n".encode()
    asked = {
        "large": send(b"x" * (MOST_BYTES + 1)),
        "large csv": send(b"x" * (MOST_BYTES + 1), "text/csv"),
        "deep": send(deep),
        "utf-16": send(json.dumps(LIST).encode("utf-16"), "application/json; charset=utf-16"),
        "latin-1": send('{"schools":[{"code":"é"}]}'.encode("latin-1")),
        "wide": send(wide),
        "wide csv": send(csv, "text/csv"),
        "binary csv": send(b"\0\1\2\3" * 500, "text/csv"),
        "empty": send(b""),
        "nan": send(b'{"schools":[{"code":"1","pupils":NaN}]}'),
        "false": send(b'{"schools":[{"code":"1","pupils":false}]}'),
        "text": send(b'{"schools":[{"code":"1","pupils":"412"}]}'),
        "below": send(b'{"schools":[{"code":"1","pupils":-1}]}'),
        "form": send(b"a=b", "application/x-www-form-urlencoded"),
        "key": send(one, headers={"Idempotency-Key": "a" * 101}),
        "empty key": send(one, headers={"Idempotency-Key": ""}),
    }

    expected = dict.fromkeys(asked, (422, "invalid_body"))
    expected |= dict.fromkeys(("large", "large csv"), (413, "too_large"))
    expected |= {"form": (415, "unsupported_media_type")}
    expected |= dict.fromkeys(("key", "empty key"), (400, "invalid_parameters"))
    assert asked == expected


def test_a_list_reaches_no_school_of_another_group_or_country(app, make):
    other = make.school(code="N1", name="Theirs", country_code="UA", region_code="UA-32")
    program = program_of(app, make.user(Role.COORDINATOR))
    rows = [
        row(1, name="Ours", pupils=None),
        row(2, country="UA", region="UA-32"),
        row(3, region="UA-32"),
    ]
    answer = program.post("/schools/imports", json={"schools": rows}).get_json()

    assert [one["outcome"] for one in answer["rows"]] == ["created", "refused", "refused"]
    with app.app_context():
        assert session.get(School, other.id).name == "Theirs"
        assert {one.country_code for one in session.query(School) if one.code != "N1"} == set()


def test_the_same_list_sent_twice_at_once_is_imported_once(app, make):
    program = program_of(app, make.user(Role.COORDINATOR))
    schools = {"schools": [row(number) for number in range(30)]}
    together, answers = threading.Barrier(2), []

    def send() -> None:
        with clock.at(NOW + timedelta(days=1)):
            together.wait(10)
            answers.append(
                program.post("/schools/imports", json=schools, headers={"Idempotency-Key": "k"})
            )

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    ended = sorted(answers, key=lambda answer: answer.status_code)
    assert ended[0].get_json()["counts"]["created"] == 30
    if ended[1].status_code == 200:
        assert ended[1].get_json() == ended[0].get_json()
    else:
        assert problem(ended[1]) == (409, "still_running")
    again = program.post("/schools/imports", json=schools, headers={"Idempotency-Key": "k"})
    assert again.get_json() == ended[0].get_json()


def test_a_token_made_while_its_maker_gets_another_region_is_of_the_new_one(app, make):
    """One of the old region would have worked again, were the officer to come back to it."""
    make.country()
    officer = make.user(Role.REGION_OFFICER, country_code="MD", region_code="MD-CU")
    secretary = make.user(Role.SECRETARIAT)
    moved = threading.Event()

    def make_one(ready):
        by = session.get_one(User, officer.id)
        ready()
        moved.wait(0.5)  # until the other has changed the region, or waits for this one
        make_token("Figures", [TokenScope.FIGURES], NOW.date() + timedelta(days=9), by=by, at=NOW)
        return "made"

    def move(ready):
        row, by = session.get_one(User, officer.id), session.get_one(User, secretary.id)
        ready()
        move_to_region(row, "MD-OR", by=by, at=NOW)
        moved.set()
        return "moved"

    said = at_once(app, [lambda ready: ready(), make_one, move])

    assert sorted(said) == ["won", "won made", "won moved"]
    with app.app_context():
        live = select(ApiToken.region_code).where(ApiToken.ended_at.is_(None))
        assert session.scalars(live).all() == ["MD-OR"]


def test_a_webhook_is_removed_once_and_nothing_is_sent_to_it_after(app, make):
    person = make.user(Role.SECRETARIAT)
    with app.app_context(), unit_of_work():
        by = session.get_one(User, person.id)
        kinds = ["month.frozen"]
        url = "https://example.org/"
        key = webhooks.add_webhook(url, kinds, by=by, loopback=False, at=NOW).id

    def act(do, name):
        def acting(ready):
            hook, by = session.get(Webhook, key), session.get_one(User, person.id)
            ready()
            if hook is None:  # who comes late finds nothing, as the view does
                raise Missing
            do(hook, by=by, at=NOW)
            return name

        return acting

    remove, test = (
        act(webhooks.remove_webhook, "removed"),
        act(webhooks.test_webhook, "tested"),
    )
    said = at_once(app, [lambda ready: ready(), remove, test, remove, lambda ready: ready(), test])

    assert said.count("won removed") == 1
    assert set(said) <= {"won", "won removed", "won tested", "missing"}
