"""The embedded server behind a proxy."""

import runpy
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
import waitress.server
from sqlalchemy.exc import OperationalError
from waitress import wasyncore
from waitress.server import create_server

from cissapp.operate.operations.queries import refusal_text
from cissapp.operate.operations.serving import servers
from config import ROOT, Config, WrongSettings


def test_what_the_proxy_says_of_a_visitor_reaches_the_application(monkeypatch):
    """The server's own default takes it away: all people behind a proxy had one address and one rate limit."""
    options = {}

    class Made(Exception):
        pass

    def made(_app, **given):
        options.update(given)
        raise Made

    monkeypatch.setattr(waitress.server, "create_server", made)
    with pytest.raises(Made):
        servers.serve_one(lambda _environ, _start: [], "127.0.0.1", 0)

    assert options["clear_untrusted_proxy_headers"] is False


WEAK = {
    "CISS_SETTINGS": "",
    "CISS_SECRET_KEY": "a" * 40,
    "CISS_BASE_URL": "http://ciss.school.md",
    "CISS_SECOND_FACTOR": "0",
}


def test_another_server_refuses_weak_settings_in_the_words_of_the_command(monkeypatch, tmp_path):
    """`wsgi.py` must be no way around what `ciss serve` refuses."""
    for name, value in {**WEAK, "CISS_KEYS_DIR": str(tmp_path / "keys")}.items():
        monkeypatch.setenv(name, value)
    in_words = refusal_text(Config.from_env())
    monkeypatch.setattr("cissapp.create_app", lambda _config: pytest.fail("it was started"))

    with pytest.raises(WrongSettings) as refused:
        runpy.run_path(str(ROOT / "wsgi.py"))

    assert str(refused.value) == in_words
    assert in_words is not None
    assert in_words.startswith(
        "Not started. These settings are not safe enough for a public service:\nCISS_SEC"
    )
    assert "CISS_SECOND_FACTOR is 0" in in_words
    assert "a" * 40 not in in_words


@pytest.mark.one_database("sqlite")
def test_pages_are_rendered_ahead_and_one_that_cannot_be_stops_nobody(app, monkeypatch, caplog):
    closed = []
    monkeypatch.setattr(servers, "close_connections", lambda: closed.append(None))
    app.jinja_env.cache.clear()
    for path in servers.RENDERED_AHEAD:
        servers._render_ahead(app, path)
    rendered = {name for _loader, name in app.jinja_env.cache}

    def fail():
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(app, "dispatch_request", fail)
    servers._render_ahead(app, "/")

    assert rendered >= {"home/start.html", "accounts/sign_in.html"}
    assert caplog.messages == ["a page could not be rendered in advance: OperationalError"]
    assert len(closed) == 3


def _hello(_environ, start):
    start("200 OK", [("Content-Length", "5")])
    return [b"hello"]


def test_a_process_that_ends_still_answers_on_a_connection_that_a_proxy_has_kept(monkeypatch):
    """What it sends then says that it is the last; a connection that waits to be accepted is answered, too."""
    monkeypatch.setattr(servers.sys, "setswitchinterval", lambda _seconds: None)
    sockets: dict[int, object] = {}
    server = create_server(_hello, map=sockets, host="127.0.0.1", port=0)
    kept = HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
    kept.connect()
    waiting = HTTPConnection("127.0.0.1", server.effective_port, timeout=10)

    def ask(one):
        one.request("POST", "/", b"typed")
        answer = one.getresponse()
        return answer.status, answer.read(), answer.headers["Connection"]

    with ThreadPoolExecutor() as threads:
        first = threads.submit(ask, kept)
        while not first.done():
            servers._turn(sockets, 0.01)
        waiting.connect()
        ending = threads.submit(servers._answer_begun, sockets, time.monotonic() + 10)
        time.sleep(0.3)
        last = [threads.submit(ask, one) for one in (kept, waiting)]
        ending.result()
    server.task_dispatcher.shutdown()
    wasyncore.close_all(map=sockets)
    for one in (kept, waiting):
        one.close()

    assert first.result() == (200, b"hello", None)
    assert [one.result() for one in last] == [(200, b"hello", "close")] * 2
