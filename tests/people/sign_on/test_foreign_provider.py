"""A provider that somebody else wrote, run as a process of its own: discovery, code, PKCE, keys over the network."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.sign_on.models import IdentityProvider, LinkedIdentity

SECONDS = 30


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """The address of `oidc-provider-mock`."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--host",
        "127.0.0.1",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    ends = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < ends, "the provider did not start"
            time.sleep(0.05)
        else:
            return


def asked_there(location: str, subject: str) -> str:
    """Fill in the sign-in form of the provider, as a person does; return where it leads back to."""
    parts = urlsplit(location)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=SECONDS)
    body = urlencode({"sub": subject})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"{parts.path}?{parts.query}", body, kind)
    answer = connection.getresponse()
    assert answer.status == 302, answer.read()
    led = answer.headers["Location"]
    connection.close()
    return led


def test_a_person_signs_in_with_a_foreign_provider(app, make, sign_in, client, foreign):
    make.country()
    secretariat = sign_in(make.user(Role.SECRETARIAT))
    sent = {
        "name": "Foreign",
        "scope": "country:MD",
        "issuer": foreign,
        "client_id": "ciss",
        "client_secret": "any secret",
    }
    page = secretariat.post("/admin/sign-on/new", data=sent).location
    assert page, "the form was refused"
    secretariat.post(f"{page}/try")
    secretariat.post(f"{page}/on")
    provider_id = UUID(page.rpartition("/")[2])
    user = make.user(Role.MINISTRY)
    with app.app_context(), unit_of_work():
        assert session.get_one(IdentityProvider, provider_id).on_since
        session.add(
            LinkedIdentity(
                provider_id=provider_id, subject="ana", user_id=user.id, linked_at=user.joined_at
            )
        )

    led = asked_there(client.get(f"/sign-in/with/{provider_id}").location, "ana")
    shown = client.get(led.removeprefix("http://ciss.example"))
    form = dict(
        re.findall(r'name="((?:state|code)_secret)" value="([^"]+)"', shown.get_data(as_text=True))
    )
    answer = client.post(f"/sign-in/with/{provider_id}/return", data=form)

    assert (answer.status_code, answer.location) == (302, "/")
    assert user.email in client.get("/account").get_data(as_text=True)
    with app.app_context():
        assert session.scalars(select(LinkedIdentity.used_at)).one()
