"""The document: it is valid, every answer is as it says, and the examples run."""

import contextlib
import io
import json
import shlex
import socket
import threading
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from werkzeug.serving import make_server

from cissapp.foundation.core import clock
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.rules.document import document
from cissapp.oversee.api.rules.examples import python_example, webhook_example
from cissapp.oversee.api.rules.links import links_of
from cissapp.oversee.api.rules.operations import OPERATIONS
from cissapp.oversee.api.rules.shapes.changes import ChosenKind
from cissapp.oversee.api.rules.webhooks import (
    CHOSEN_KINDS,
    secret_of,
    signed_headers,
    written_secret,
)
from tests.factories import NOW
from tests.oversee.api.programs import PREFIX, Program, program_of
from tests.pages import tree

pytestmark = pytest.mark.one_database("sqlite")


def test_the_document_is_valid_and_names_every_route(app):
    from openapi_spec_validator import validate  # slow to load, and every process reads this file

    said = document("http://ciss.example")
    validate(said)
    routes = {
        (rule.endpoint.removeprefix("api."), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and rule.endpoint != "api.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(one.name, one.method) for one in OPERATIONS}
    assert {
        (one["operationId"], method.upper())
        for path in said["paths"].values()
        for method, one in path.items()
    } == routes


def test_every_event_that_can_be_chosen_is_one_that_a_program_may_ask_for():
    assert get_args(ChosenKind) == tuple(kind.value for kind in CHOSEN_KINDS)


def test_a_link_gives_the_next_operation_all_values_of_its_path():
    paths = {one.name: set(one.path_names) for one in OPERATIONS}
    links = [pair for one in OPERATIONS for pair in links_of(one).items()]

    assert [set(link["parameters"]) for _, link in links] == [paths[name] for name, _ in links]
    # A school and a certificate are known by what stands on paper.
    known_otherwise = {"readSchoolStatus", "readCertificate"}
    assert {name for name, _ in links} == {name for name in paths if paths[name]} - known_otherwise


def test_the_document_is_public_and_known_again(app):
    program = Program(app, None)
    first = program.ask("/openapi.json")

    assert first.get_json() == document("http://ciss.example")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert program.ask("/openapi.json", headers=tag).status_code == 304


EXAMPLES = {
    Role.MINISTRY: ["/token", "/countries/UA/figures", "/register?country=UA&limit=10"],
    Role.REGION_OFFICER: ["/token", "/countries/UA/regions/UA-05/figures", "/register?country=UA&limit=10"],
    Role.COORDINATOR: ["/token", "/register?country=UA&limit=10", "/schools/imports?dry_run=true"],
    Role.SECRETARIAT: ["/token", "/countries/MD/figures", "/register?country=MD&limit=10"],
}  # fmt: skip


@pytest.mark.parametrize("role", EXAMPLES)
def test_the_examples_for_a_shell_are_answered_to_whoever_reads_them(app, make, sign_in, role):
    """Each is taken to pieces as a shell would, and asked here: curl itself adds nothing."""
    make.country("MD" if role is Role.SECRETARIAT else "UA")
    places = {
        Role.MINISTRY: {"country_code": "UA"},
        Role.REGION_OFFICER: {"country_code": "UA", "region_code": "UA-05"},
    }
    group = {"group_id": make.group("UA").id} if role is Role.COORDINATOR else {}
    person = make.user(role, **places.get(role, group))
    program = program_of(app, person)
    page = tree(sign_in(person).get("/api"))
    shells = [text for one in page.iter("pre") if (text := one.text_content()).startswith("curl")]
    asked = []
    for shell in shells:
        values = shlex.split(shell.replace("\\\n", " "))
        headers = [values[at + 1] for at, word in enumerate(values) if word == "--header"]
        sent = dict(one.split(": ", 1) for one in headers)
        assert sent.pop("Authorization") == "Bearer $CISS_TOKEN"
        asked.append(values[-1].removeprefix(f"http://ciss.example{PREFIX}"))
        is_sent = "--data" in values
        data = values[values.index("--data") + 1].encode() if is_sent else None
        method = "POST" if is_sent else "GET"
        response = program.ask(asked[-1], method, headers=sent, data=data)
        assert response.status_code == 200
        assert response.get_json().get("counts", {}).get("refused", 0) == 0

    assert asked == EXAMPLES[role]


def test_a_visitor_reads_all_examples(client, make):
    make.country("MD")
    page = tree(client.get("/api"))
    shells = [one.text_content() for one in page.iter("pre")][:-2]

    assert [shell.count("/countries/MD/figures") for shell in shells] == [0, 1, 0, 0]


def test_the_program_of_the_page_walks_the_whole_register(app, make, monkeypatch):
    certificates = [make.certified(make.school(name=f"Școala {number}")) for number in range(2)]
    program = program_of(app, make.user(Role.MINISTRY))
    with clock.at(NOW), served(app) as address:
        monkeypatch.setenv("CISS_TOKEN", program.token or "")
        text = python_example(address).replace('"500"', '"1"')
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, "example", "exec"), {})

    numbers = [line.split("\t")[0] for line in printed.getvalue().splitlines()]
    assert sorted(numbers) == sorted(one.number for one in certificates)


@contextlib.contextmanager
def served(app):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def at_now(environ, start_response):
        with clock.at(NOW):
            return app(environ, start_response)

    server = make_server("127.0.0.1", port, at_now, threaded=False)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()


def test_the_check_of_a_signature_takes_ours_and_nothing_else():
    names: dict = {}
    exec(compile(webhook_example(), "example", "exec"), names)
    secret, at = secret_of("a", "b", "key"), datetime.now(UTC)
    body = json.dumps({"type": "webhook.test"})
    written = written_secret(secret)
    good = signed_headers([secret], "msg_1", at, body)
    old = signed_headers([secret], "msg_1", at - timedelta(minutes=6), body)

    assert names["is_ours"](written, good, body.encode())
    assert not names["is_ours"](written, good, b"{}")
    assert not names["is_ours"](written_secret(b"other"), good, body.encode())
    assert not names["is_ours"](written, old, body.encode())
