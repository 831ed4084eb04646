"""`ciss audit`: checks of the audit trail."""

import sys
from itertools import islice

import click
from flask.cli import with_appcontext

from cissapp.foundation.core.bulk.long_work import CHECK_SECONDS, time_limit
from cissapp.foundation.core.storage import files
from cissapp.operate.operations.services import integrity

# The most faults that are listed; if there are more, they have the same cause.
MOST_FAULTS = 20


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command("check")
@with_appcontext
def check_trail() -> None:
    """Check that the audit trail is intact and that the rows beside it match; exit with 1 if not."""
    with time_limit(CHECK_SECONDS):
        found = list(islice(integrity.faults(files()), MOST_FAULTS))
    click.echo("\n".join(found) or "The audit trail is intact.")
    sys.exit(1 if found else 0)
