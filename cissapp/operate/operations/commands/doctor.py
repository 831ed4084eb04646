"""`ciss doctor`: looks at everything, names what is wrong and how to mend it."""

import json
import logging
import sys
from collections.abc import Iterator

import click
from msgspec.structs import asdict

from cissapp.foundation.core.errors import counted
from cissapp.operate.operations import queries
from cissapp.operate.operations.rules import Finding, State
from config import Config, WrongSettings


@click.command()
@click.option("--send-to", default="", help="Send a test email to this address.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each finding.")
def doctor(send_to: str, *, as_json: bool) -> None:
    """Check settings and services; name what is wrong and how to fix it.

    Nothing is changed except for a trial file, which is removed again. Exit with 1 if something is wrong.
    """
    wrong = 0
    logging.disable(logging.CRITICAL)  # what the clients log of it would stand between the findings
    try:
        for finding in _findings(send_to):
            wrong += finding.state is State.WRONG
            click.echo(json.dumps(asdict(finding)) if as_json else finding.line)
    finally:
        logging.disable(logging.NOTSET)
    if not as_json:
        found = f"{counted(wrong, 'problem')} found. Run `ciss doctor` again after each repair."
        click.echo(f"\n{found if wrong else 'No problems found.'}")
    sys.exit(1 if wrong else 0)


def _findings(send_to: str) -> Iterator[Finding]:
    try:
        config = Config.from_env()
    except WrongSettings as error:
        for line in str(error).split("\n"):
            mend = "Run `ciss setup`, or set it yourself (docs/operating.md, Settings)."
            yield Finding("settings", State.WRONG, line, mend)
        yield Finding("services", State.NOT_USED, "Not checked. Fix the settings first.")
        return
    yield from queries.all_findings(config, send_to)
