"""`ciss setup`, `ciss doctor`, `ciss serve`, `ciss daily`, `ciss audit`."""

import sys
from itertools import islice

import click
from flask import current_app
from flask.cli import with_appcontext

from cissapp.foundation.background.services import begin_serving
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import close_connections
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.readiness import database_problem
from cissapp.foundation.core.installation.run_records import DAILY, RunRecord, keep_run
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.ocr import can_read
from cissapp.operate.operations import queries, services
from cissapp.operate.operations.commands.doctor import doctor
from cissapp.operate.operations.commands.setup import setup
from cissapp.operate.operations.commands.worker import worker
from cissapp.operate.operations.services import integrity
from cissapp.operate.operations.serving import logs, memory, servers

__all__ = ["audit", "daily", "doctor", "serve", "setup", "worker"]

# The most faults that are listed; if there are more, they have the same cause.
MOST_FAULTS = 20


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    help="Processes; more than one needs Redis for rate limits.",
)
@with_appcontext
def serve(bind: str, workers: int) -> None:
    """Serve the application, behind a proxy that terminates TLS."""
    logs.init()
    problem = database_problem(current_app.config["MIGRATION_HEAD"])
    if problem:
        sys.exit(
            f"The database is not ready: {problem}. Run `ciss doctor` to see how to fix this. If"
            " migrations are missing, run `ciss db upgrade`."
        )
    _stop_if_weak(workers)
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit():
        sys.exit("--bind must be HOST:PORT, such as 127.0.0.1:8000")
    if not can_read():
        click.echo(
            "Text in photographs and scans will not be read, because Tesseract is not installed.",
            err=True,
        )
    close_connections()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- the server needs the application itself
    if workers == 1:
        begin_serving(app)
        memory.settle()
        memory.return_free_memory_always()
        servers.serve_one(app, host, int(port))
    else:
        # The client of an object store has threads of its own, which a forked process would not have.
        apart = current_app.config["CISS"].files_url.startswith("s3:")
        servers.serve_several(None if apart else app, host, int(port), workers)


@click.command()
@with_appcontext
def daily() -> None:
    """Do the day's work: expiries, waiting emails, seals, repair of the tallies.

    Prints what each job did, how long it took, and whether the next run has to continue it. A failing job does
    not stop the others: the log explains it under the reference printed, and the exit status is 1.
    """
    try:
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


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command("check")
@with_appcontext
def check_trail() -> None:
    """Check that the audit trail is intact and that the rows beside it match; exit with 1 if not."""
    found = list(islice(integrity.faults(files()), MOST_FAULTS))
    click.echo("\n".join(found) or "The audit trail is intact.")
    sys.exit(1 if found else 0)


def _stop_if_weak(workers: int) -> None:
    """Refuse to serve an installation that others reach with settings that are too weak, listing all of them."""
    refused = queries.refusal_text(current_app.config["CISS"], workers=workers)
    if refused:
        sys.exit(refused)
