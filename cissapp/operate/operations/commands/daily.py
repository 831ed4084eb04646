"""`ciss daily`: the day's work."""

import sys

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.run_records import DAILY, RunRecord, keep_run
from cissapp.foundation.core.storage import files
from cissapp.operate.operations import services
from cissapp.operate.operations.queries import of_clock
from cissapp.operate.operations.serving import logs


@click.command()
@click.option(
    "--after-a-pause",
    is_flag=True,
    help="Work although nothing was recorded for over a year: the clock was checked and is right.",
)
@with_appcontext
def daily(*, after_a_pause: bool) -> None:
    """Do the day's work: expiries, waiting emails, seals, repair of the tallies.

    Prints what each job did, how long it took, and whether the next run has to continue it. A failing job does
    not stop the others: the log explains it under the reference printed, and the exit status is 1. If the clock
    seems to be over a year ahead, nothing is done: what has passed its retention is deleted for good.
    """
    _look_at_the_clock(after_a_pause=after_a_pause)
    try:
        with logs.of_command():
            results = services.daily(content(), at=clock.now(), tell=_print_result)
    except services.AnotherRun:
        click.echo("Another run of `ciss daily` is under way, so this one did nothing.", err=True)
        return
    failed = [result for result in results if result.fault]
    seconds = sum(result.seconds for result in results)
    _keep(RunRecord(clock.now(), seconds, tuple(result.name for result in failed)))
    click.echo(f"{counted(len(results), 'job')} in {seconds:.0f} s.")
    if failed:
        sys.exit(
            f"{counted(len(failed), 'job')} failed. To find out why, search the log for the"
            " references above."
        )


def _look_at_the_clock(*, after_a_pause: bool) -> None:
    """Warn if the clock seems wrong; stop if it seems to be far ahead and nobody says that it is right."""
    found = of_clock.fault(clock.now())
    if found is None or (found.far_ahead and after_a_pause):
        return
    if found.far_ahead:
        sys.exit(f"{found.said} Nothing was done. {found.mend}")
    click.echo(f"{found.said} {found.mend}", err=True)


def _keep(run: RunRecord) -> None:
    """Record when the day's work ended, for `ciss doctor` and the monitoring, if the store can be reached."""
    try:
        keep_run(files(), DAILY, run)
    except OSError as error:
        click.echo(
            f"The end of this run could not be recorded in the file store: {type(error).__name__}."
            " Run `ciss doctor` to check the store.",
            err=True,
        )


def _print_result(result: services.JobResult) -> None:
    done = f"FAILED, reference {result.fault}" if result.fault else f"{result.count:6}"
    left = "; out of time, the next run will continue" if result.has_more else ""
    click.echo(f"{done} {result.name} ({result.seconds:.1f} s){left}")
