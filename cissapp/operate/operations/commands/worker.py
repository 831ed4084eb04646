"""`ciss worker`."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from cissapp.foundation.background.services import work_until_told
from cissapp.foundation.core.db import close_connections
from cissapp.foundation.core.installation.readiness import database_problem
from cissapp.foundation.core.installation.settings import current_config
from cissapp.operate.operations.serving import logs

NO_QUEUE = (
    "CISS_QUEUE_URL is not set, so the service does this work itself. To do it here, set"
    " CISS_QUEUE_URL (such as redis://host:6379) for both the service and this command."
)


@click.command()
@with_appcontext
def worker() -> None:
    """Run the background tasks of the service, if CISS_QUEUE_URL is set.

    Mails, webhooks, certificates, lists, pictures of pages. May run on several machines, and be stopped at any
    time: tasks under way are finished first, and those of a killed worker are done by another.
    """
    logs.init()
    if not current_config().queue_url:
        sys.exit(NO_QUEUE)
    problem = database_problem(current_app.config["MIGRATION_HEAD"])
    if problem:
        sys.exit(
            f"The database is not ready: {problem}. Run `ciss doctor` to see how to fix this. If"
            " migrations are missing, run `ciss db upgrade`."
        )
    close_connections()
    work_until_told(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 -- threads need the application itself
