"""`ciss figures`: counts a month again if its figures were wrong."""

import sys
from datetime import datetime

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web.forms import shown
from cissapp.oversee.figures import queries, services


@click.group()
def figures() -> None:
    """Count and correct the monthly figures."""


@figures.command("months")
@click.argument("country")
@with_appcontext
def months(country: str) -> None:
    """List the months of a country whose figures are kept, with corrections."""
    for month in queries.frozen_months(country.upper()):
        corrected = f"  version {month.version}: {month.reason}" if month.version > 1 else ""
        click.echo(f"{month.month:%Y-%m}  frozen {month.frozen_at:%Y-%m-%d}{corrected}")


@figures.command("correct")
@click.argument("country")
@click.argument("month", type=click.DateTime(["%Y-%m"]))
@click.option("--reason", required=True, help="Why the figures were wrong. Ministries read it.")
@with_appcontext
def correct(*, country: str, month: datetime, reason: str) -> None:
    """Count a month again from the history as it is now known; the previous version is kept beside it."""
    try:
        with unit_of_work():
            edition = services.correct_month(
                content().countries,
                country.upper(),
                month.date(),
                reason=reason,
                by=SYSTEM,
                at=clock.now(),
            )
            click.echo(
                f"{edition.month:%Y-%m} was counted again and stored as version {edition.version}."
            )
    except Refused as refused:
        click.echo("\n".join(shown(problem).text for problem in refused.problems), err=True)
        sys.exit(1)
