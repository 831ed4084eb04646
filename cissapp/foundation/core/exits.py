"""How a command ends that cannot go on."""

import sys
from typing import NoReturn

import click


def stop(message: str) -> NoReturn:
    """End the command with a message on standard error and status 1."""
    click.echo(message, err=True)
    sys.exit(1)
