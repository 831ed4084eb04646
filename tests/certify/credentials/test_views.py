"""Addresses for machines, and the links to them on the school's page."""

import json
from datetime import timedelta

import click
import pytest

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import in_groups, new_code
from cissapp.certify.credentials import services
from cissapp.certify.credentials.open_badges.checking import examine
from cissapp.certify.credentials.rules.findings import Carrier, CredentialWorth
from cissapp.certify.credentials.services import credentials
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.signing import keys
from tests.factories import NOW

BASE = "http://ciss.example"
KINDS = {
    "": ("application/ld+json", Carrier.JSON),
    ".jwt": ("application/jwt", Carrier.JWT),
    "/badge.svg": ("image/svg+xml", Carrier.SVG),
    "/badge.png": ("image/png", Carrier.PNG),
}


@pytest.fixture
def certificate(make, monkeypatch):
    monkeypatch.setattr("cissapp.foundation.core.clock.now", lambda: NOW + timedelta(hours=1))
    return make.certified()


class Fetched:
    """Status lists as a stranger gets them: over HTTP."""

    def __init__(self, client) -> None:
        self.client = client

    def get(self, address: str, /) -> bytes | None:
        answer = self.client.get(address.removeprefix(BASE))
        return answer.data if answer.status_code == 200 else None


def looked_at(client, make, content: bytes):
    at = NOW + timedelta(hours=1)
    return examine(content, make.keyring(), lists=Fetched(client), at=at)


@pytest.mark.parametrize("ending", KINDS)
def test_every_form_is_there_for_machines(client, make, certificate, ending):
    kind, carrier = KINDS[ending]

    for code in (in_groups(certificate.code), certificate.code, certificate.code.lower()):
        answer = client.get(f"/credentials/{code}{ending}")

        found = looked_at(client, make, answer.data)
        assert (found.worth, found.carrier) == (CredentialWorth.VALID, carrier)
        assert answer.mimetype == kind
        assert {
            name: answer.headers[name]
            for name in (
                "Access-Control-Allow-Origin",
                "Cross-Origin-Resource-Policy",
                "Cache-Control",
                "X-Content-Type-Options",
            )
        } == {
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "public, max-age=86400",
            "X-Content-Type-Options": "nosniff",
        }
        again = client.get(
            f"/credentials/{code}{ending}", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert (again.status_code, again.data) == (304, b"")


def test_the_addresses_inside_are_those_that_work(client, certificate):
    document = client.get(f"/credentials/{in_groups(certificate.code)}").get_json(force=True)

    wanted = [
        document["id"],
        document["credentialSubject"]["achievement"]["image"]["id"],
        document["credentialStatus"]["statusListCredential"],
    ]

    assert [client.get(one.removeprefix(BASE)).status_code for one in wanted] == [200] * 3


def test_an_unknown_code_is_not_found(client, certificate):
    wrong = [new_code(), "x", certificate.code[:-1], "a.b", "%00", "é"]

    found = {
        client.get(f"/credentials/{code}{ending}").status_code for code in wrong for ending in KINDS
    }

    assert found == {404}


def test_a_suspension_is_on_the_list_with_the_next_question(client, make, certificate):
    content = client.get(f"/credentials/{certificate.code}").data
    with make._unit():
        certificates.suspend(
            session.get_one(Certificate, certificate.id),
            reason="Because.",
            cure_days=60,
            by=SYSTEM,
            at=NOW + timedelta(minutes=5),
        )

    found = looked_at(client, make, content)

    assert found.worth is CredentialWorth.SUSPENDED
    assert client.get(f"/credentials/{certificate.code}").data == content


def test_a_list_may_be_kept_for_a_minute(client, certificate):
    answer = client.get("/status/message-1")

    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.mimetype == "application/ld+json"
    assert json.loads(answer.data)["id"] == f"{BASE}/status/message-1"


def test_an_unknown_list_is_not_found(client, certificate):
    names = [
        "message-2",
        "message-01",
        "revocation-1",
        "message",
        "-1",
        "message-99999999999",
    ]

    assert {client.get(f"/status/{name}").status_code for name in names} == {404}


def test_a_list_that_cannot_be_signed_is_not_to_be_had(client, certificate, monkeypatch):
    def gone(*_args, **_values):
        raise keys.NoKeys("gone")

    monkeypatch.setattr(services, "list_to_serve", gone)

    assert client.get("/status/message-1").status_code == 503


def test_the_keys_of_the_past_stay_and_a_stolen_one_is_trusted_no_more(client, make, app):
    make.keyring()
    folder = app.config["CISS"].keys_dir
    ring = keys.load(folder)

    document = client.get("/.well-known/did.json").get_json(force=True)

    assert document["id"] == "did:web:ciss.example"
    assert document["verificationMethod"] == [
        {
            "id": f"did:web:ciss.example#{one.id}",
            "type": "Multikey",
            "controller": "did:web:ciss.example",
            "publicKeyMultibase": one.multibase,
            "expires": f"{one.until_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in ring.keys
        if one.multibase
    ]
    assert document["assertionMethod"] == [
        f"did:web:ciss.example#{one.id}" for one in ring.keys if one.multibase
    ]


def test_the_school_s_page_leads_to_the_forms_for_computers(sign_in, make, certificate):
    head = make.manager(certificate.school)

    page = sign_in(head).get("/school/certificate")

    for ending in KINDS:
        assert f'href="/credentials/{certificate.code}{ending}"' in page.text


def test_the_command_makes_what_is_missing(app, make, monkeypatch):
    from cissapp.cli import main

    monkeypatch.setattr(credentials, "_signing_key", lambda *_args: None)
    make.certified()
    monkeypatch.undo()
    runner = app.test_cli_runner()

    command = main.get_command(click.Context(main), "credentials")
    said = [runner.invoke(command, ["make"]).output for _ in range(2)]

    assert said[0].startswith("1 credential made, ")
    assert said[1].startswith("0 credentials made, ")
