"""The command `ciss`: each subcommand lives in the room that it belongs to, and is loaded when it is called."""

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import ScriptInfo

from cissapp import create_app, starting

if TYPE_CHECKING:
    from flask import Flask

# The module and help line of each command: loading all of them takes seconds.
COMMANDS = {
    "access": (
        "cissapp.foundation.access.commands:access",
        "Show what each role is allowed to do.",
    ),
    "api": (
        "cissapp.oversee.api.commands:api_group",
        "Manage the API for programs and its webhooks.",
    ),
    "audit": ("cissapp.operate.operations.commands.audit:audit", "Check the audit trail."),
    "backup": (
        "cissapp.operate.backups.commands:backup",
        "Back up the whole installation into one encrypted file; list and check backups.",
    ),
    "certificates": (
        "cissapp.certify.certificates.commands:certificates",
        "Publish, end and check certificates.",
    ),
    "content": (
        "cissapp.foundation.content.commands:content",
        "Check, preview, translate and exchange the programme's content in `modules/`.",
    ),
    "credentials": (
        "cissapp.certify.credentials.commands:credentials",
        "Manage the machine-readable credentials of certificates.",
    ),
    "daily": (
        "cissapp.operate.operations.commands.daily:daily",
        "Do the day's work: expiries, waiting emails, seals, repair of the tallies.",
    ),
    "db": ("cissapp.foundation.core.commands:database", "Migrate the database."),
    "demo": (
        "cissapp.operate.demo.commands:demo",
        "Create the demonstration and serve it; everything stays in one folder.",
    ),
    "doctor": (
        "cissapp.operate.operations.commands.doctor:doctor",
        "Check settings and services; name what is wrong and how to fix it.",
    ),
    "figures": (
        "cissapp.oversee.figures.commands:figures",
        "Count and correct the monthly figures.",
    ),
    "keys": (
        "cissapp.foundation.signing.keys.commands:keys",
        "Manage the keys that certificates are signed with.",
    ),
    "load": (
        "cissapp.operate.load.commands:load",
        "Fill an installation that has no real data with made-up schools of whole countries.",
    ),
    "log": (
        "cissapp.certify.transparency.commands:log",
        "Manage the register of certificates and the public log.",
    ),
    "mail": (
        "cissapp.people.notices.commands:mail",
        "Record the emails that came back.",
    ),
    "receipts": (
        "cissapp.learn.learning.commands:receipts_group",
        "Check receipts for saved answers.",
    ),
    "regions": (
        "cissapp.people.schools.regions.commands:regions_group",
        "Import state statistics about the regions of a country.",
    ),
    "restore": (
        "cissapp.operate.backups.commands:restore",
        "Restore a backup: all of it, checked, or nothing.",
    ),
    "retention": (
        "cissapp.oversee.personal_data.commands:retention",
        "Delete what may not be kept any longer, after 30 days of notice; `ciss daily` does the same.",
    ),
    "schools": (
        "cissapp.people.school_lists.commands:schools_group",
        "Import lists of schools into the register.",
    ),
    "serve": (
        "cissapp.operate.operations.commands.serve:serve",
        "Serve the application, behind a proxy that terminates TLS.",
    ),
    "setup": (
        "cissapp.operate.operations.commands.setup:setup",
        "Prepare a new installation: settings, database, signing keys, first account.",
    ),
    "statements": ("cissapp.learn.statements.commands:statements", "Check statements of learning."),
    "verifier": (
        "cissapp.verify.verifier.commands:verifier",
        "Publish the page that checks certificates offline.",
    ),
    "winddown": (
        "cissapp.operate.winddown.commands:winddown",
        "Export everything, and continue elsewhere (docs/winddown.md).",
    ),
    "worker": (
        "cissapp.operate.operations.commands.worker:worker",
        "Run the background tasks of the service, if CISS_QUEUE_URL is set.",
    ),
}
HIDDEN = {
    "demo-rest": "cissapp.operate.demo.commands:demo_rest",
}
# Commands that a room above adds to the group of a room below.
ADDED = {
    "certificates": {"verify": "cissapp.verify.verification.commands:verify"},
    "content": {
        "path": "cissapp.prepare.applications.commands:path",
        "preview": "cissapp.operate.preview.commands:preview",
        "questions": "cissapp.learn.authoring.commands:questions",
        "status": "cissapp.learn.translation.commands:status",
        "translations": "cissapp.learn.translation.commands:translations",
    },
}


def _app() -> "Flask":
    """Build the application from the environment; say in plain words what keeps it from starting."""
    from cissapp.foundation.content.faults import BrokenContent  # noqa: PLC0415 -- slow import
    from config import Config, WrongSettings  # noqa: PLC0415 -- with what it is told to whom

    try:
        return create_app(Config.from_env())
    except WrongSettings as error:
        click.echo(f"Some settings are missing or wrong:\n{error}", err=True)
        click.echo(
            "Run `ciss doctor` to see how to fix each one, or `ciss setup` to enter them.", err=True
        )
    except BrokenContent as error:
        click.echo(
            f"The content has errors:\n{error}\nRun `ciss content check` after you have fixed them.",
            err=True,
        )
    sys.exit(2)


class Rooms(click.Group):
    """A group whose commands are loaded one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        place = COMMANDS[cmd_name][0] if cmd_name in COMMANDS else HIDDEN.get(cmd_name)
        if place is None:
            return None
        command = loaded(place)
        for name, added in ADDED.get(cmd_name, {}).items():
            if isinstance(command, click.Group):
                command.add_command(loaded(added), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; if the machine keeps it from working, exit with what is wrong and how to fix it."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except Exception as error:
            from cissapp.foundation.core.installation.command_faults import explained  # noqa: PLC0415 -- slow import

            said = explained(error)
            if said is None:
                raise
            sys.exit(said)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each command, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def loaded(place: str) -> click.Command:
    """Load a command by its module and its name there."""
    module, _, name = place.partition(":")
    with starting():
        command: click.Command = getattr(importlib.import_module(module), name)
    return command


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--settings",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The settings file; else CISS_SETTINGS, /etc/ciss/settings.env or instance/settings.env.",
)
@click.pass_context
def main(context: click.Context, settings: Path | None) -> None:
    """Certified Internet Safe School: training, review and certification."""
    if settings:
        from config import use_settings_file  # noqa: PLC0415 -- the list of commands needs none

        use_settings_file(settings)
    context.obj = ScriptInfo(create_app=_app, set_debug_flag=False)


if __name__ == "__main__":
    main()
