"""`ciss load`: fills an empty installation with the invented schools of whole countries."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from random import Random

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from cissapp.certify.certificates.document.issuer import current_issuer
from cissapp.foundation.background.services import run_at_once
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.bulk.long_work import time_limit
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.operate.demo.schools.cast import PASSWORDS
from cissapp.operate.demo.schools.people import SchoolStory
from cissapp.operate.load import queries
from cissapp.operate.load.rules.names import drawn_by
from cissapp.operate.load.services import (
    copies,
    finishing,
    office,
    pattern_schools,
    patterns,
    staff,
)
from cissapp.people.accounts.services import passwords
from cissapp.people.notices import services as notices

# Earlier than anything that the copies did.
PAST = timedelta(days=2200)
# Up to this many copies have every answer and score; beyond that, the rest have what lists and figures read.
MOST_FULL = 5000
# A seal holds the hashes of its entries in memory: those of twenty batches took 200 MB.
SEALED_AFTER = 4

LAST_STEPS_SECONDS = 1800.0


@click.command()
@click.option("--schools", "number", type=click.IntRange(1), required=True, help="How many.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same schools.")
@click.option(
    "--country", "codes", multiple=True, help="Its code, such as UA; once or more. All, if none."
)
@click.option(
    "--full", type=click.IntRange(0, 100), help="Per cent that have every answer and score."
)
@click.option(
    "--certificates", is_flag=True, help="Sign a credential for each certificate: 15 ms each."
)
@with_appcontext
def load(
    *, number: int, seed: int, codes: Sequence[str], full: int | None, certificates: bool
) -> None:
    """Fill an installation that has no real data with made-up schools of whole countries."""
    upgrade()
    packs = _packs(codes)
    _refuse_foreign()
    now = clock.now()
    _make_keys(now - PAST)
    random = drawn_by(f"{seed}:{queries.loaded_schools()}")
    shares = dict.fromkeys(packs, number // len(packs))
    shares[next(iter(packs))] += number % len(packs)
    press = _press(packs, shares, full, number=number, random=random, now=now)
    _copy(press, shares, number, now)
    _furnish(press, shares, f"{seed}:{number}", now)
    click.echo(
        f"{counted(finishing.enter_into_log(at=now), 'entry', 'entries')} added to the public log"
    )
    finishing.seal_trail(at=now)
    finishing.leave_unexamined()
    if certificates:
        made = sum(finishing.make_credentials(at=now))
        click.echo(f"{counted(made, 'credential')} made")
    # Long enough for a machine that is busy with other things, too.
    with time_limit(LAST_STEPS_SECONDS):
        finishing.refresh_statistics()
        finishing.keep_steps(at=now)
        finishing.keep_figures(content(), at=now)
    _print_accounts(packs)


def _packs(codes: Sequence[str]) -> dict[str, CountryPack]:
    known = content().countries
    unknown = sorted(set(codes) - set(known))
    if unknown:
        sys.exit(
            f"No country pack has the code {', '.join(unknown)}. These do: {', '.join(known)}."
        )
    return {code: pack for code, pack in known.items() if not codes or code in codes}


def _refuse_foreign() -> None:
    found = list(queries.foreign_rows())
    if found:
        sys.exit(
            "Nothing was added, because this database contains data that was not invented:\n"
            + "\n".join(f"- {what}" for what in found)
            + "\nSet CISS_DATABASE_URL to a separate database."
        )


def _make_keys(at: datetime) -> None:
    """Create missing keys; an installation that has its own keeps them."""
    config = current_config()
    name = keys.log_name(config.base_url)
    keys.complete(config.keys_dir, organisation="Invented", at=at, log_name=name)


def _press(
    packs: dict[str, CountryPack],
    shares: dict[str, int],
    full: int | None,
    *,
    number: int,
    random: Random,
    now: datetime,
) -> copies.Press:
    issuer = current_issuer()
    hashed = passwords.hash_password(PASSWORDS["staff"])
    with run_at_once(), notices.hold_mails():
        with unit_of_work():
            maker = staff.StaffMaker(hashed, random, now - PAST)
            groups = maker.make(packs, shares)
            # New patterns would begin in a past that the register has left behind.
            home = queries.country_of_patterns() or next(iter(packs))
            first = groups.get(home) or maker.make(_packs([home]), {home: 0})[home]
        panel = staff.panel_of(home, groups)[-patterns.PANEL :]
        made = pattern_schools.make_patterns(issuer, first, panel, at=now, told=_shown)
        with unit_of_work():
            groups = {code: maker.add_coordinators(group) for code, group in groups.items()}
    whole, bare = zip(*map(patterns.read_pattern, made), strict=True)
    return copies.Press(
        groups,
        files(),
        full=copies.by_kind(whole),
        thin=copies.by_kind(bare),
        share_full=min(1.0, MOST_FULL / number) if full is None else full / 100,
        random=random,
        today=now.date(),
        expiring_days=content().standard.decision.validity.expiring_days,
        codes=queries.codes_in_use(),
    )


def _shown(tales: Sequence[SchoolStory]) -> Iterator[SchoolStory]:
    with (
        click.progressbar(tales, label="Pattern schools") if tales else nullcontext(tales) as shown
    ):
        yield from shown


def _copy(press: copies.Press, shares: dict[str, int], number: int, now: datetime) -> None:
    first = queries.loaded_schools()
    with click.progressbar(length=number, label="Schools        ") as bar:
        for batch, made in enumerate(copies.write_copies(press, shares, first), 1):
            bar.update(made)
            if batch % SEALED_AFTER == 0:
                finishing.seal_trail(at=now)


def _furnish(press: copies.Press, shares: dict[str, int], seed: str, now: datetime) -> None:
    """Add what the people of groups work with besides cases."""
    made = 0
    with run_at_once(), notices.hold_mails(), time_limit(LAST_STEPS_SECONDS):
        for code, group in press.staff.items():
            made += sum(office.add_all(group, shares[code], store=press.store, seed=seed, at=now))
    click.echo(
        f"{counted(made, 'request, message or other thing', 'requests, messages and other things')} of groups added"
    )


def _print_accounts(packs: dict[str, CountryPack]) -> None:
    click.echo(f"\nEverything is invented. The password of these people: {PASSWORDS['staff']}\n")
    for address, about in staff.accounts_to_show(packs):
        click.echo(f"{address:42} {about}")
    click.echo(f"\nThe password of the people at schools: {PASSWORDS['school']}\n")
    for address, about in staff.accounts_of_schools(next(iter(packs))):
        click.echo(f"{address:42} {about}")
