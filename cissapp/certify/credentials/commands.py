"""`ciss credentials`: makes what is missing."""

import click
from flask.cli import with_appcontext

from cissapp.certify.credentials import services
from cissapp.certify.credentials.services import credential_issuer
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import counted


@click.group()
def credentials() -> None:
    """Manage the machine-readable credentials of certificates."""


@credentials.command("make")
@with_appcontext
def make() -> None:
    """Make the credentials of certificates that have none, and sign status lists that are due."""
    total = 0
    while made := _some():
        total += made
    with unit_of_work():
        signed = services.sign_changed_lists(issuer=credential_issuer(), at=clock.now())
    click.echo(f"{counted(total, 'credential')} made, {counted(signed, 'status list')} signed.")


def _some() -> int:
    """Make some in a transaction of their own, so that others are not held up for long."""
    with unit_of_work():
        return services.make_missing(issuer=credential_issuer(), at=clock.now())
