"""Shared by the backup commands: where a backup is stored, which key opens it, faults in words."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import ScriptInfo

from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.archive.encryption import Identity
from cissapp.operate.backups.archive.places import Place, place_of
from cissapp.operate.backups.rules import BadBackup

with_identity = click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the key of age that opens the backup.",
)


@contextmanager
def in_words() -> Iterator[None]:
    """Exit the command with the message of a `BadBackup`."""
    try:
        yield
    except BadBackup as reason:
        sys.exit(str(reason))


def tell(message: str) -> None:
    """Print progress to standard error, apart from the command's output."""
    click.echo(message, err=True)


def place_at(context: click.Context, to: str) -> tuple[Place, str | None]:
    """Return the place that a name means; the settings are read only for a bucket."""
    settings: Mapping[str, str] = {}
    if to.startswith("s3://"):
        settings = context.ensure_object(ScriptInfo).load_app().config["CISS"].s3_settings
    return place_of(to, settings)


def identities_of(path: Path | None) -> list[Identity]:
    """Read the keys of a file, asking for its passphrase where it has one."""
    if path is None:
        return []
    content = encryption.read_key_file(path)
    secret = None
    if encryption.needs_passphrase(content):
        secret = click.prompt("Passphrase of the key", hide_input=True, err=True)
    return encryption.read_identities(content, secret)


def named_backup(context: click.Context, file: str) -> tuple[Place, str]:
    """Find a backup; in a folder, the newest one."""
    place, name = place_at(context, file)
    if name is None:
        there = place.names()
        if not there:
            raise BadBackup(f"There are no backups in {file}.")
        name = there[-1].name
    return place, name
