"""The embedded server behind a proxy."""

import runpy

import pytest
import waitress.server
from sqlalchemy.exc import OperationalError

from cissapp.operate.operations.queries import refusal_text
from cissapp.operate.operations.serving import servers
from config import ROOT, Config, WrongSettings


def test_what_the_proxy_says_of_a_visitor_reaches_the_application(monkeypatch):
    """The server's own default takes it away: all people behind a proxy had one address and one rate limit."""
    options = {}

    class Made(Exception):
        pass

    def create_server(_app, **given):
        options.update(given)
        raise Made

    monkeypatch.setattr(waitress.server, "create_server", create_server)
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
