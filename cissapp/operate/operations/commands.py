"""`ciss setup`, `ciss serve`, `ciss daily`, `ciss audit`."""

import sys
from itertools import islice
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import close_connections, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.ocr import can_read
from cissapp.foundation.signing import keys
from cissapp.foundation.web.forms import shown
from cissapp.operate.operations import services
from cissapp.operate.operations.services import integrity
from cissapp.operate.operations.serving import logs, servers
from cissapp.people.accounts import services as accounts
from cissapp.people.home import queries as health
from cissapp.people.notices import services as notices
from config import Config

# Faults that are named at once: where there are more, the cause is the same.
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
    """Serve, behind a proxy that speaks TLS."""
    logs.init()
    problems = health.not_ready(current_app.config["MIGRATION_HEAD"])
    if problems:
        _stop("The database is not ready. Run: ciss db upgrade")
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit():
        _stop("--bind must be HOST:PORT")
    if not can_read():
        click.echo(
            "Text in photographs and scans is not read: Tesseract is not installed.", err=True
        )
    close_connections()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- the server needs the application itself
    if workers == 1:
        notices.start_sending(app)
        servers.serve_one(app, host, int(port))
    else:
        # The client of an object store has threads of its own, which no process that is split off would have.
        apart = current_app.config["CISS"].files_url.startswith("s3:")
        servers.serve_several(None if apart else app, host, int(port), workers)


@click.command()
@click.option("--email", prompt="E-mail address of the first person of the secretariat")
@click.option("--name", prompt="Name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--organisation", default="ECPAT", show_default=True, help="Who signs certificates.")
@click.option("--root-elsewhere", is_flag=True, help="Make no keys here; see docs/keys.md.")
@with_appcontext
def setup(*, email: str, name: str, password: str, organisation: str, root_elsewhere: bool) -> None:
    """Prepare a new installation: database, signing key, first account."""
    upgrade()
    if not root_elsewhere:
        _make_keys(current_app.config["CISS"], organisation)
    try:
        with unit_of_work():
            accounts.create_first_account(
                email=email, name=name, password=password, language="en", at=clock.now()
            )
    except Refused as refused:
        with current_app.test_request_context():
            _stop("\n".join(shown(problem).text for problem in refused.problems))
    click.echo("Ready. Start the service with: ciss serve")


def _make_keys(config: Config, organisation: str) -> None:
    keys.complete(
        config.keys_dir,
        organisation=organisation,
        at=clock.now(),
        log_name=keys.log_name(config.base_url),
    )
    if keys.root_beside(config.keys_dir):
        click.echo(
            "The root of the keys lies beside them. That will do for a small installation;"
            " docs/keys.md says how to keep it on another machine."
        )


@click.command()
@with_appcontext
def daily() -> None:
    """Do the day's work: expiries, mails that waited, seals, repair of the tallies.

    Says what each job did, and how long it took. A job that fails stops no other: it is named with the
    reference under which the log says why, and the exit status is 1.
    """
    try:
        results = services.daily(content(), at=clock.now(), tell=_print_result)
    except services.AnotherRun:
        click.echo("The day's work is being done by another run. Nothing was done twice.", err=True)
        return
    failed = [result for result in results if result.fault]
    click.echo(f"{len(results)} jobs in {sum(result.seconds for result in results):.0f} s.")
    if failed:
        _stop(f"{len(failed)} of them failed. The log says why, under their references.")


def _print_result(result: services.JobResult) -> None:
    done = f"FAILED, reference {result.fault}" if result.fault else f"{result.count:6}"
    click.echo(f"{done} {result.name} ({result.seconds:.1f} s)")


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command("check")
@with_appcontext
def check_trail() -> None:
    """Check whether the trail is whole, and the rows beside it are as it says; exit 1 if not."""
    found = list(islice(integrity.faults(files()), MOST_FAULTS))
    click.echo("\n".join(found) or "The audit trail is whole.")
    sys.exit(1 if found else 0)


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
