"""Lines of the log: one record a line, with the number of the request, without what is of a person."""

import io
import json
import logging

import pytest

from cissapp.foundation.web import request_lines
from cissapp.foundation.web.limits import limiter
from cissapp.operate.operations.serving import logs
from cissapp.people.accounts.services import invitations  # noqa: F401 -- a journey needs accounts

PASSWORD = "a password that nobody may read"


@pytest.fixture
def lines():
    """Collect the log as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)

    def read() -> list[dict]:
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    root.removeHandler(handler)
    root.setLevel(level)


def formatted(message: str) -> str:
    record = logging.LogRecord("ciss", logging.ERROR, "", 0, message, (), None)
    return logs.JsonLines().format(record)


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\x1b[2J"])
def test_a_record_stays_on_one_line(mark: str):
    forged = f'x{mark}{{"level": "info"}}'
    line = formatted(forged)

    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == forged


def test_what_a_database_says_of_a_row_is_left_out():
    line = formatted(
        'duplicate key value violates unique constraint "uq"\nDETAIL:  Key (email)=(ana@x.md) exists.'
        "\n[parameters: ('ana@x.md',)]\n(Background on this error)"
    )

    assert "ana@x.md" not in line
    assert "duplicate key" in line
    assert "Background" in line


def test_a_journey_leaves_no_secret_in_the_log(app, make, client, sign_in, lines):
    person = make.manager()
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    client.post("/forgotten", data={"email": person.email})
    client.get("/reset/a-token-that-opens-an-account?next=/school&token=seeded-secret")
    client.get("/invitation/a-token-that-opens-an-account")
    client.get("/nowhere/a-token-that-opens-an-account\r\nforged: line")
    browser = sign_in(person)
    browser.get("/school", headers={"X-Request-Id": "from-outside", "User-Agent": "seeded agent"})

    told = json.dumps(lines())

    assert len(lines()) >= 6
    seeds = ("that nobody", "opens-an-account", "seeded", "from-outside", "forged", person.email)
    assert [seed for seed in (*seeds, person.name) if seed in told] == []


def test_the_address_of_a_person_whom_a_limit_refuses_is_left_out(lines):
    logs.quieten()
    limiter.logger.info("ratelimit %s (%s) exceeded at endpoint: %s", "6", "192.0.2.7", "export")

    assert lines() == []


def test_a_request_is_one_line_with_its_number_and_its_route(app, client, lines):
    client.get("/help/MD")
    client.get("/static/css/none.css")

    (line,) = lines()

    assert line.pop("at").endswith("+00:00")
    assert len(line.pop("request")) == 8
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "logger": "ciss.request",
        "message": "GET /help/<country_code> 200",
        "method": "GET",
        "route": "/help/<country_code>",
        "status": 200,
    }


def test_a_request_says_why_it_was_refused(client, make, sign_in, lines):
    browser = sign_in(make.manager())
    browser.get("/admin")
    browser.post("/sign-out", csrf=False)
    client.post("/sign-in", csrf=False, headers={"Sec-Fetch-Site": "cross-site"})
    browser.get("/account")

    told = [(line["status"], line.get("refused")) for line in lines() if "route" in line]
    assert told == [(403, "role"), (400, "form token"), (400, "other site"), (200, None)]


def test_the_reference_of_a_fault_is_the_number_of_its_request(app, client, lines, monkeypatch):
    def fails(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cissapp.people.home.views.render_template", fails)
    answer = client.get("/accessibility", headers={"Accept": "application/json"})

    fault, request = lines()
    assert answer.status_code == 507
    assert answer.get_json()["reference"] == request["request"]
    assert fault["message"].startswith(f"fault {request['request']} GET /accessibility 507")
    assert request["status"] == 507


@pytest.mark.one_database("sqlite")
def test_two_requests_have_two_numbers(app):
    def number() -> str:
        with app.test_request_context("/"):
            return request_lines.request_number()

    assert number() != number()
