"""`ciss audit`: checks the trail."""

import sys

import click
from flask.cli import with_appcontext

from cissapp.audit import services


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command("check")
@with_appcontext
def check() -> None:
    """Say whether the trail is whole; exit 1 and name the first bad entry if not."""
    fault = services.first_fault()
    click.echo(fault or "The audit trail is whole.")
    sys.exit(1 if fault else 0)
