"""The command `ciss`: each subcommand lives in the room that it belongs to."""

import sys

import click
from flask import Flask
from flask.cli import ScriptInfo

from cissapp import create_app
from cissapp.access.commands import access
from cissapp.audit.commands import audit
from cissapp.certificates.commands import certificates
from cissapp.certificates.keys.commands import keys
from cissapp.content.commands import content
from cissapp.content.reader import BrokenContent
from cissapp.core.commands import database
from cissapp.credentials.commands import credentials
from cissapp.demo.commands import demo, demo_rest, preview
from cissapp.enrolment.commands import schools_group
from cissapp.learning.commands import receipts_group
from cissapp.notices.commands import mail
from cissapp.operations.commands import daily, serve, setup
from cissapp.statements.commands import statements
from cissapp.transparency.commands import log
from cissapp.verification.commands import verify
from cissapp.verifier.commands import verifier
from cissapp.winddown.commands import winddown
from config import Config, WrongSettings


def _app() -> Flask:
    """Build the application from the environment; say in plain words what keeps it from starting."""
    try:
        return create_app(Config.from_env())
    except WrongSettings as error:
        click.echo(f"Settings are missing or wrong:\n{error}", err=True)
    except BrokenContent as error:
        click.echo(f"The content has faults:\n{error}", err=True)
    sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Certified Internet Safe School: training, review and certification."""
    context.obj = ScriptInfo(create_app=_app, set_debug_flag=False)


certificates.add_command(verify)
content.add_command(preview)

for command in (
    access,
    audit,
    certificates,
    content,
    credentials,
    daily,
    database,
    demo,
    demo_rest,
    keys,
    log,
    mail,
    receipts_group,
    schools_group,
    serve,
    setup,
    statements,
    verifier,
    winddown,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
