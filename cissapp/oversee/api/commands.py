"""`ciss api`: sends messages that wait, and prints the API document."""

import json

import click
from flask.cli import with_appcontext

from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.settings import current_config
from cissapp.oversee.api.rules.document import document
from cissapp.oversee.api.services.sending import send_due


@click.group("api")
def api_group() -> None:
    """Manage the API for programs and its webhooks."""


@api_group.command("send")
@with_appcontext
def send() -> None:
    """Send the messages to webhooks that are due."""
    click.echo(f"{counted(send_due(), 'message')} delivered.")


@api_group.command("document")
@with_appcontext
def write_document() -> None:
    """Print the document of the API (OpenAPI 3.1)."""
    text = document(current_config().base_url)
    click.echo(json.dumps(text, ensure_ascii=False, indent=1))
