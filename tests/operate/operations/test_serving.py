"""The embedded server behind a proxy."""

import pytest
import waitress.server

from cissapp.operate.operations.serving import servers


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
