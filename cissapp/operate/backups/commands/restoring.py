"""`ciss restore`: restores a whole installation from a backup."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.operate.backups.commands.shared import (
    identities_of,
    in_words,
    named_backup,
    tell,
    with_identity,
)
from cissapp.operate.backups.services import restoring
from cissapp.operate.backups.services.restore_job import RestoreOrder


@click.command("restore")
@click.argument("backup_file", metavar="FROM")
@with_identity
@click.option("--seal", help="The seal that was printed when the backup was made.")
@click.option(
    "--published",
    metavar="FILE_OR_URL",
    help="snapshot.json of a mirror, or a checkpoint of the log: what was published since.",
)
@click.option(
    "--accept-loss", is_flag=True, help="Continue without knowing what was withdrawn since."
)
@click.option("--accept-unproven", is_flag=True, help="Continue without knowing who made it.")
@click.option("--accept-faults", is_flag=True, help="Continue with faults that existed before.")
@click.option("--removals", metavar="FILE", help="What was removed since (ciss backup removals).")
@click.option("--erasures", metavar="FILE", help="Who was erased since (ciss backup erasures).")
@click.option(
    "--new-passwords",
    is_flag=True,
    help="Make the passwords in the backup invalid; each person sets a new one by email.",
)
@click.option("--foreign", is_flag=True, help="Restore a backup of another address here.")
@click.option("--replace", is_flag=True, help="Replace what is here, after asking once more.")
@click.pass_context
@with_appcontext
def restore(
    context: click.Context, /, backup_file: str, *, identity: Path | None, **options: Any
) -> None:
    """Restore a backup: all of it, checked, or nothing.

    The installation must be empty, unless its content may be replaced.
    """
    with in_words():
        place, name = named_backup(context, backup_file)
        order = RestoreOrder(place, name, identities_of(identity), **options)
        tell("Checking the backup …")
        job = restoring.look(order, current_config(), files(), at=clock.now())
        tell(f"Intact. {job.manifest.base_url}, {job.manifest.made_at:%Y-%m-%d %H:%M} UTC.")
        told = restoring.restore(job, agree=_agree(current_config().base_url), tell=tell)
    click.echo("\n".join(told))
    click.echo(AFTERWARDS)


AFTERWARDS = (
    "The backup was restored. What to do now:\n  1. Run: ciss keys check && ciss log check"
    " --files && ciss audit check\n  2. If PostgreSQL has a separate role for the"
    " application, run deploy/postgresql-roles.sql again.\n  3. Start the service, then"
    " run: ciss daily\n  4. If the public log is now shorter than its witnesses know, tell"
    " them (docs/incidents.md)."
)


def _agree(address: str) -> Callable[[int, int], bool]:
    def agree(rows: int, others: int) -> bool:
        tell(
            f"This will replace {counted(rows, 'row')} and {counted(others, 'file')} of {address}."
            " Stop the service first. An old SQLite file is kept next to the new one; the content"
            " of a PostgreSQL database is lost."
        )
        typed: str = click.prompt("Type the address of this installation to continue", err=True)
        return typed.strip().rstrip("/") == address

    return agree
