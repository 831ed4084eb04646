"""`ciss content path`: how long it takes to get certified, by the programme's own figures."""

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.prepare.applications.rules.path import path_of_head


@click.command("path")
@with_appcontext
def path() -> None:
    """Print the estimated effort of a head: pages, clicks and minutes of each part."""
    click.echo(f"{'':30}{'pages':>7}{'clicks':>8}{'minutes':>9}")
    parts = path_of_head(content())
    for part in parts:
        click.echo(f"{part.name:30}{part.pages:>7}{part.clicks:>8}{part.minutes:>9}")
    minutes = sum(part.minutes for part in parts)
    pages, clicks = sum(part.pages for part in parts), sum(part.clicks for part in parts)
    click.echo(f"{'together':30}{pages:>7}{clicks:>8}{minutes:>9}")
