"""`ciss mail`: processing of returned mails."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import unit_of_work
from cissapp.people.notices import services
from cissapp.people.notices.rules import parse_bounces


@click.group("mail")
def mail() -> None:
    """Record the emails that came back."""


@mail.command("bounces")
@click.argument(
    "places",
    metavar="PLACE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@with_appcontext
def read_bounces(places: tuple[Path, ...]) -> None:
    """Read returned mails from files or Maildir folders, and mark the addresses that bounced."""
    for path in (file for place in places for file in _files(place)):
        found = parse_bounces(path.read_bytes())
        if not found:
            click.echo(f"{path.name}: not a returned email")
        for bounce in found:
            with unit_of_work():
                ours = services.record_bounce(bounce, at=clock.now())
            said = "marked" if ours else "not an email that this installation sent"
            click.echo(f"{path.name}: {bounce.address}: {said}")


def _files(place: Path) -> list[Path]:
    """List the messages of a Maildir folder, or of a plain one, or the file itself."""
    if place.is_file():
        return [place]
    boxes = [place / name for name in ("new", "cur") if (place / name).is_dir()] or [place]
    return sorted(path for box in boxes for path in box.iterdir() if path.is_file())
