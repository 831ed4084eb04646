"""Examples of the API that run as they are: generated from the table of operations, and run by a test."""

import json

from msgspec import Struct

from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.document import BASE_PATH
from cissapp.oversee.api.rules.operations import Operation
from cissapp.oversee.api.rules.tokens import TokenScope


class Example(Struct, frozen=True):
    """An example: what it does, and the shell command for it."""

    title: str
    shell: str


class Reader(Struct, frozen=True):
    """Whom examples are for: the scopes that they may choose, a place of theirs, and a language that is spoken there.

    `is_of_region` is so for an officer of that region, who is not answered for the whole country.
    """

    scopes: frozenset[TokenScope]
    country_code: str
    region_code: str
    language: str
    is_of_region: bool = False


def _curl(base_url: str, path: str, *more: str) -> str:
    lines = [
        'curl --fail-with-body --silent --header "Authorization: Bearer $CISS_TOKEN"',
        *more,
        f'"{base_url}{BASE_PATH}{path}"',
    ]
    return " \\\n  ".join(lines)


def shell_examples(base_url: str, reader: Reader) -> list[Example]:
    """Return the examples for a shell, of what a reader can ask."""
    figures = o.REGION_FIGURES if reader.is_of_region else o.COUNTRY_FIGURES
    place = {"country_code": reader.country_code, "region_code": reader.region_code}
    asked: list[tuple[Operation, str, list[str]]] = [
        (o.TOKEN, "", []),
        (figures, "", []),
        (o.REGISTER, f"?country={reader.country_code}&limit=10", []),
        (o.IMPORT, "?dry_run=true", _sent(reader)),
    ]
    return [
        Example(one.summary, _curl(base_url, one.path.format_map(place) + values, *more))
        for one, values, more in asked
        if reader.scopes.intersection(one.scopes)
    ]


def _sent(reader: Reader) -> list[str]:
    """Return the options of a command that sends a school."""
    school = {
        "country": reader.country_code,
        "region": reader.region_code,
        "code": "000-1",
        "name": "School 1",
        "locality": "Town 1",
        "language": reader.language,
    }
    text = json.dumps({"schools": [school]})
    return ['--header "Content-Type: application/json"', f"--data '{text}'"]


def python_example(base_url: str) -> str:
    """Return a program that walks the whole register, with the standard library alone."""
    return f'''\
import json
import os
import urllib.parse
import urllib.request

address = "{base_url}{BASE_PATH}{o.REGISTER.path}"
values = {{"limit": "500"}}
while True:
    request = urllib.request.Request(f"{{address}}?{{urllib.parse.urlencode(values)}}")
    request.add_header("Authorization", f"Bearer {{os.environ['CISS_TOKEN']}}")
    with urllib.request.urlopen(request) as answer:
        page = json.load(answer)
    for school in page["items"]:
        print(school["number"], school["level"], school["valid_until"], school["name"], sep="\\t")
    if page["next_cursor"] is None:
        break
    values["cursor"] = page["next_cursor"]
'''


def webhook_example() -> str:
    """Return a function that checks the signature of a message, with the standard library alone."""
    return '''\
import base64
import hashlib
import hmac
import time


def is_ours(secret, headers, body):
    """Check a message: signed by us with your secret, and not older than five minutes."""
    number, moment = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(moment)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{number}.{moment}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [one.partition(",")[2] for one in headers["webhook-signature"].split()]
    return any(hmac.compare_digest(expected, one) for one in given)
'''


class Examples(Struct, frozen=True):
    """All examples of the page."""

    shell: list[Example]
    python: str
    webhook: str


def examples(base_url: str, reader: Reader) -> Examples:
    """Return the examples of the page for a reader."""
    shell = shell_examples(base_url, reader)
    return Examples(shell, python_example(base_url), webhook_example())
