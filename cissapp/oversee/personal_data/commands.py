"""`ciss retention`: deletes what has reached the end of its retention period."""

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.oversee.personal_data.queries import forecasts
from cissapp.oversee.personal_data.rules.record import record_of_processing
from cissapp.oversee.personal_data.services import retention as services


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Print what would go, when and why; change nothing.")
@click.option("--record", is_flag=True, help="Print the tables of docs/record-of-processing.md.")
@with_appcontext
def retention(*, dry_run: bool, record: bool) -> None:
    """Delete what may not be kept any longer, after 30 days of notice; `ciss daily` does the same."""
    if record:
        click.echo(record_of_processing(), nl=False)
        return
    at = clock.now()
    if dry_run:
        for line in forecasts.forecast(content(), services.ended_rules(content(), at), at=at):
            click.echo(line)
        return
    for result in services.carry_out(content(), store=files(), at=at):
        click.echo(
            f"{result.rule.value}: {result.marked} marked, {result.held} held, {result.gone}"
            " deleted"
        )
