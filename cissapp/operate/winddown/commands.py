"""`ciss winddown`: exports everything into a folder, and imports it into an empty installation."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.readiness import database_problem
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing.keys import BrokenKeys
from cissapp.operate.winddown.archive import bags
from cissapp.operate.winddown.archive.bags import BadBag
from cissapp.operate.winddown.services import exporting, importing, log_key
from cissapp.operate.winddown.services.importing import NotImported
from cissapp.operate.winddown.services.log_key import NotEnded


def _require_database(head: str) -> None:
    """Exit with what keeps the database from being read, if anything does."""
    if problem := database_problem(head):
        sys.exit(
            f"The database is not ready: {problem}. Run `ciss doctor` to see how to fix this. If"
            " migrations are missing, run `ciss db upgrade`."
        )


@click.group("winddown")
def winddown() -> None:
    """Export everything, and continue elsewhere (docs/winddown.md)."""


@winddown.command("export")
@click.argument("folder", metavar="TO", type=click.Path(path_type=Path))
@click.option(
    "--without-people",
    is_flag=True,
    help="Only what the public pages are made of: no person, no document, no trail.",
)
@with_appcontext
def export(folder: Path, *, without_people: bool) -> None:
    """Write everything that another installation needs into a new folder. Exit with 1 if something is missing."""
    _require_database(current_app.config["MIGRATION_HEAD"])
    try:
        done = exporting.export(
            folder, current_config(), content(), files(), people=not without_people, at=clock.now()
        )
    except BadBag as reason:
        sys.exit(str(reason))
    click.echo(
        f"{counted(done.rows, 'row')} and {counted(done.files, 'file')} exported to {folder}."
    )
    click.echo(f"Write down this seal. It proves that the export is unchanged: {done.seal}")
    for key in done.missing:
        click.echo(f"Missing here, and marked as missing in the export: {key}", err=True)
    for fault in done.faults:
        click.echo(f"Damaged: {fault}. No installation will import this export.", err=True)
    sys.exit(1 if done.missing or done.faults else 0)


@winddown.command("import")
@click.argument("folder", metavar="FROM", type=click.Path(exists=True, path_type=Path))
@click.option("--seal", help="The seal that was written down at the export; it is compared.")
@with_appcontext
def import_(folder: Path, *, seal: str | None) -> None:
    """Bring an export into an empty installation: everything, or nothing and an explanation."""
    head = current_app.config["MIGRATION_HEAD"]
    _require_database(head)
    try:
        bag = bags.opened(folder)
        if seal and seal.strip().lower() != bag.seal:
            sys.exit("The seal is different. This is not the export that the seal belongs to.")
        work = importing.begin(bag, current_config(), files(), head=head)
        with importing.or_nothing(work), unit_of_work():
            count = importing.bring(work)
    except (BadBag, NotImported) as reason:
        sys.exit(str(reason))
    click.echo(
        f"{counted(count, 'row')} and {counted(len(work.put), 'file')} imported. The register"
        " and the log are intact."
    )
    for note in importing.notes(work, content()):
        click.echo(note)


@winddown.command("end-log-key")
@with_appcontext
def end_log_key() -> None:
    """Continue the log with another key after an import; from then on the old one only verifies."""
    try:
        line = log_key.end_key(current_config().keys_dir)
    except (NotEnded, BrokenKeys) as reason:
        sys.exit(str(reason))
    click.echo(f"What this key signed remains valid: {line}")
    click.echo("Now make your own keys: run `ciss keys rotate`, or follow docs/keys.md.")
