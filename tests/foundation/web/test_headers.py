"""What no answer may do, whichever page it is: list, trace, be read as another kind."""

import pytest

from cissapp.foundation.core.roles import Role
from tests.factories import PASSWORD


@pytest.mark.parametrize("path", ["/", "/sign-in", "/api/v1/openapi.json"])
def test_trace_and_unknown_methods_are_refused(client, path: str):
    assert [client.open(path, method=name).status_code for name in ("TRACE", "PATCH", "FOO")] == [
        405
    ] * 3


def test_no_folder_is_listed_and_no_source_is_served(client):
    paths = ("static/", "static/css/", ".git/config", "static/../config.py", "static/%2e%2e/cli.py")

    assert [client.get(f"/{path}").status_code for path in paths] == [404] * len(paths)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/help", "text/html; charset=utf-8"),
        ("/static/js/ciss.js", "text/javascript; charset=utf-8"),
        ("/static/css/ciss.css", "text/css; charset=utf-8"),
        ("/register.csv", "text/csv; charset=utf-8"),
        ("/register.json", "application/json"),
        ("/healthz", "application/json"),
    ],
)
def test_every_kind_of_text_says_its_charset(client, path: str, kind: str):
    answer = client.get(path)
    answer.close()

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


def test_of_a_field_that_comes_twice_the_first_counts(client, make):
    person = make.user(Role.SECRETARIAT)
    sent = {"email": [person.email, "other@x.example"], "next": ["/account", "/admin"]}

    answer = client.post("/sign-in", data={**sent, "password": [PASSWORD, "another one"]})

    assert (answer.status_code, answer.location) == (302, "/account")
