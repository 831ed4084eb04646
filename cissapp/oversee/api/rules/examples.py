"""Examples of the API that run as they are: generated from the table of operations, and run by a test."""

from msgspec import Struct

from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.document import BASE_PATH
from cissapp.oversee.api.rules.operations import Operation


class Example(Struct, frozen=True):
    """An example: what it does, and the shell command for it."""

    title: str
    shell: str


# The first country of the programme; a token's own country is in the answer of the first example.
_VALUES = {"{country_code}": "MD"}


def _address(base_url: str, operation: Operation, values: str = "") -> str:
    path = operation.path
    for name, value in _VALUES.items():
        path = path.replace(name, value)
    return f'"{base_url}{BASE_PATH}{path}{values}"'


def _curl(base_url: str, operation: Operation, values: str = "", *more: str) -> str:
    lines = [
        'curl --fail-with-body --silent --header "Authorization: Bearer $CISS_TOKEN"',
        *more,
        _address(base_url, operation, values),
    ]
    return " \\\n  ".join(lines)


def shell_examples(base_url: str) -> list[Example]:
    """Return the examples for a shell."""
    row = '{"schools": [{"country": "MD", "region": "MD-CU", "code": "000-1", "name": "School 1", "locality": "Chișinău", "language": "ro"}]}'
    return [
        Example(o.TOKEN.summary, _curl(base_url, o.TOKEN)),
        Example(o.COUNTRY_FIGURES.summary, _curl(base_url, o.COUNTRY_FIGURES)),
        Example(o.REGISTER.summary, _curl(base_url, o.REGISTER, "?country=MD&limit=10")),
        Example(
            o.IMPORT.summary,
            _curl(
                base_url,
                o.IMPORT,
                "?dry_run=true",
                '--header "Content-Type: application/json"',
                f"--data '{row}'",
            ),
        ),
    ]


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


def examples(base_url: str) -> Examples:
    """Return the examples of the page."""
    return Examples(shell_examples(base_url), python_example(base_url), webhook_example())
