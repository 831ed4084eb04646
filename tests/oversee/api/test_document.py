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
from cissapp.oversee.api.rules.examples import examples, webhook_example
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


def test_the_examples_for_a_shell_ask_what_they_say(app, make):
    """Each is taken to pieces as a shell would, and asked here: curl itself adds nothing."""
    make.school()
    people = {role: program_of(app, make.user(role)) for role in (Role.MINISTRY, Role.COORDINATOR)}
    for example in examples("http://ciss.example").shell:
        words = shlex.split(example.shell.replace("\\\n", " "))
        headers = [words[at + 1] for at, word in enumerate(words) if word == "--header"]
        sent = dict(one.split(": ", 1) for one in headers)
        assert sent.pop("Authorization") == "Bearer $CISS_TOKEN"
        values = {"headers": sent}
        if "--data" in words:
            values["data"] = words[words.index("--data") + 1].encode()
        path = words[-1].removeprefix(f"http://ciss.example{PREFIX}")
        statuses = {
            program.ask(path, "POST" if "data" in values else "GET", **values).status_code
            for program in people.values()
        }
        assert 200 in statuses, example


def test_the_program_of_the_page_walks_the_whole_register(app, make, monkeypatch):
    certificates = [make.certified(make.school(name=f"Școala {number}")) for number in range(2)]
    program = program_of(app, make.user(Role.MINISTRY))
    with clock.at(NOW), served(app) as address:
        monkeypatch.setenv("CISS_TOKEN", program.token or "")
        text = examples(address).python.replace('"500"', '"1"')
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
