"""`ciss serve`. The other commands have modules of their own: servers would keep what those load."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from cissapp.foundation.background.services import begin_serving
from cissapp.foundation.core.db import close_connections
from cissapp.foundation.core.installation.readiness import database_problem
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.intake.ocr import can_read
from cissapp.operate.operations import queries
from cissapp.operate.operations.serving import logs, memory, servers


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
        apart = current_config().files_url.startswith("s3:")
        servers.serve_several(None if apart else app, host, int(port), workers)


def _stop_if_weak(workers: int) -> None:
    """Refuse to serve an installation that others reach with settings that are too weak, listing all of them."""
    refused = queries.refusal_text(current_config(), workers=workers)
    if refused:
        sys.exit(refused)
