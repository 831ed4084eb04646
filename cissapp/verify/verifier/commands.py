"""`ciss verifier`: the page that checks without a connection, and the snapshot of the register."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import BrokenKeys, ExposedKeys, NoKeys
from cissapp.verify.verifier import services
from cissapp.verify.verifier.rules import VALID_FOR_DAYS, PageSource

days_option = click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=VALID_FOR_DAYS,
    show_default=True,
    help="For how many days the snapshot may call a certificate valid.",
)


@click.group()
def verifier() -> None:
    """Publish the page that checks certificates offline."""


@verifier.command("publish")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@days_option
@with_appcontext
def publish(folder: Path, days: int) -> None:
    """Write verify.html, snapshot.json, keys.json and the rest into a folder for mirrors."""
    try:
        made = services.publish_mirror(_source(days), folder, at=clock.now())
    except (NoKeys, BrokenKeys, ExposedKeys, OSError) as error:
        _stop(error)
    for name, size in made.items():
        click.echo(f"{size:>10,}  {folder / name}")


@verifier.command("snapshot")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@days_option
@with_appcontext
def snapshot(file: Path, days: int) -> None:
    """Write a signed snapshot of the register as it is now."""
    try:
        file.write_text(services.current_snapshot(_source(days), at=clock.now()), "utf-8")
    except (NoKeys, BrokenKeys, ExposedKeys, OSError) as error:
        _stop(error)


def _source(days: int) -> PageSource:
    config = current_config()
    return PageSource(keys.load(config.keys_dir), content(), config.base_url, days)


def _stop(error: Exception) -> NoReturn:
    click.echo(f"Nothing was published: {error}", err=True)
    sys.exit(2)
