"""`ciss certificates`: publishes reservations, and ends those that cannot be finished."""

import os
import sys
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.services import issuing
from cissapp.certify.certificates.services.batch import publish_many
from cissapp.certify.certificates.services.publishing import PublishingResult
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Refused, counted
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing.settings import Settings
from cissapp.foundation.web.forms import shown

REASONS = 5


@click.group()
def certificates() -> None:
    """Publish, end and check certificates."""


@certificates.command("publish")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=lambda: os.cpu_count() or 1,
    show_default="as many as there are processors",
    help="How many processes sign at the same time.",
)
@with_appcontext
def publish(*, workers: int) -> None:
    """Sign and publish every reserved certificate. Safe to interrupt and to repeat.

    Exits with status 1 if any of them still waits.
    """
    ids, issuer = queries.reserved_ids(), _issuer()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- a process needs the application itself
    going = publish_many(app, ids, issuer, workers=workers, moment=clock.now)
    with click.progressbar(going, length=len(ids), label="Certificates") as shown_going:
        done = list(shown_going)
    _report(done, len(ids))


def _issuer() -> Issuer:
    try:
        return Issuer(content(), Settings.of(current_config()), files())
    except Refused as refused:
        _stop(refused)


def _report(done: list[PublishingResult], number: int) -> None:
    published = sum(one.published for one in done)
    waiting = [one for one in done if one.why]
    waits = len(waiting) + number - len(done)
    click.echo(f"{counted(published, 'certificate')} published, {waits:,} still waiting.")
    for one in waiting[:REASONS]:
        click.echo(f"  {one.certificate_id}: {one.why}", err=True)
    sys.exit(1 if waits else 0)


@certificates.command("void")
@click.argument("number")
@click.option("--reason", required=True, help="Why it cannot be finished; stays in the register.")
@click.option(
    "--again/--for-good",
    default=True,
    show_default=True,
    help="Reserve the same facts under a new number, or not.",
)
@with_appcontext
def void(number: str, *, reason: str, again: bool) -> None:
    """End a reservation that cannot be finished. Withdraw a published certificate instead."""
    try:
        with unit_of_work():
            found = _by_number(number)
            issuing.void(found, reason=reason, by=SYSTEM, at=clock.now())
            follows = _again(found) if again else None
    except Refused as refused:
        _stop(refused)
    click.echo(
        f"Reservation {number} has ended."
        + (f" {follows} is reserved in its place." if follows else "")
    )


def _by_number(number: str) -> Certificate:
    found = queries.by_number(number)
    if found is None:
        raise click.ClickException(f"There is no certificate with the number {number}.")
    return found


def _again(found: Certificate) -> str:
    return issuing.reserve_again(found, _issuer(), by=SYSTEM, at=clock.now()).number


def _stop(refused: Refused) -> NoReturn:
    for problem in refused.problems:
        click.echo(shown(problem), err=True)
    sys.exit(1)
