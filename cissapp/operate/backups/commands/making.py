"""`ciss backup`: makes, lists and checks backups, and writes the lists that a restore needs."""

import os
import sys
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.run_records import BACKUP, RunRecord, keep_run
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.safeguards.kept_lists import KeptList
from cissapp.foundation.safeguards.kept_removals import REMOVALS
from cissapp.operate.backups import rules
from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.archive.places import Place
from cissapp.operate.backups.archive.tar_stream import OpenMember, members_of
from cissapp.operate.backups.commands.shared import (
    identities_of,
    in_words,
    named_backup,
    place_at,
    tell,
    with_identity,
)
from cissapp.operate.backups.rules import BadBackup
from cissapp.operate.backups.services import making
from cissapp.operate.backups.services.checking import check
from cissapp.operate.backups.services.making import BackupOrder
from cissapp.operate.operations.queries import of_clock
from cissapp.oversee.personal_data.services.repeating import ERASURES
from config import WrongSettings, gather, settings_path

NEW_FILE = click.Path(dir_okay=False, path_type=Path)


class WithDefault(click.Group):
    """A group whose first argument may be a place; `make` is then implied."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the name of the command before its arguments if it is left out."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group("backup", cls=WithDefault)
def backup() -> None:
    """Back up the whole installation into one encrypted file; list and check backups."""


@backup.command("make")
@click.argument("to", metavar="TO")
@click.option(
    "--recipient", "recipients", multiple=True, help="A public key (age1…) that opens it."
)
@click.option("--not-encrypted", is_flag=True, help="Anybody who gets the file can read it.")
@click.option("--without-keys", is_flag=True, help="Leave the private keys out.")
@click.option("--no-verify", is_flag=True, help="Do not read the backup again.")
@click.option(
    "--keep-days",
    type=click.IntRange(1, 3650),
    default=rules.KEEP_DAYS,
    show_default=True,
    help="Remove backups from TO that are older, by their names.",
)
@click.pass_context
@with_appcontext
def make(
    context: click.Context,
    to: str,
    *,
    recipients: tuple[str, ...],
    not_encrypted: bool,
    without_keys: bool,
    no_verify: bool,
    keep_days: int,
) -> None:
    """Back up everything to TO: a folder, a new file, or s3://bucket/prefix. The service may keep running."""
    at = clock.now()
    with in_words():
        known = encryption.read_recipients(_recipients(recipients, not_encrypted=not_encrypted))
        place, name = place_at(context, to)
        order = BackupOrder(
            place,
            name or rules.name_of(at, encrypted=bool(known)),
            known,
            _settings_file(),
            private_keys=not without_keys,
            verify=not no_verify,
        )
        REMOVALS.keep(files())
        ERASURES.keep(files())
        done = making.make(order, current_config(), files(), at=at, tell=tell)
        ended = clock.now()
        keep_run(files(), BACKUP, RunRecord(ended, (ended - at).total_seconds()))
        removed = _removed(place, at=at, keep_days=keep_days) if name is None else []
        keep_run(files(), BACKUP, RunRecord(clock.now(), (clock.now() - at).total_seconds()))
    click.echo(f"{order.name}: {done.manifest.summary}")
    click.echo("Read back: every hash matches." if done.verified else "It was not read back.")
    click.echo(f"Seal: {done.manifest.seal}")
    for old in removed:
        click.echo(f"Deleted because it is more than {keep_days} days old: {old}")
    for gone in done.manifest.missing:
        tell(f"Not in the backup, because it was deleted while the backup was being made: {gone}")


def _removed(place: Place, *, at: datetime, keep_days: int) -> list[str]:
    """Remove the old backups, unless the clock seems to be ahead: then all of them would look old."""
    found = of_clock.fault(at)
    if found is None or not found.ahead:
        return making.remove_old(place, at=at, keep_days=keep_days, tell=tell)
    tell(f"{found.said} No old backup was deleted. {found.mend}")
    return []


def _recipients(given: tuple[str, ...], *, not_encrypted: bool) -> tuple[str, ...]:
    found = given or current_config().backup_recipients
    if not_encrypted:
        if given:
            raise BadBackup("Use either --recipient or --not-encrypted, not both.")
        return ()
    if not found:
        raise BadBackup(
            "No key to encrypt the backup with. Make one with `ciss backup key FILE`, then set"
            " CISS_BACKUP_RECIPIENTS to its public part or add --recipient age1…"
        )
    return found


def _settings_file() -> Path | None:
    """Return the file that the settings came from; None if they come from the environment alone."""
    path = settings_path()
    return path if path and path.is_file() else None


@backup.command("list")
@click.argument("to", metavar="TO")
@click.pass_context
def list_backups(context: click.Context, to: str) -> None:
    """List the backups that lie in TO, the oldest first."""
    with in_words():
        place, name = place_at(context, to)
        for one in place.names():
            if name in {None, one.name}:
                click.echo(f"{one.size:>18,}  {one.name}")


@backup.command("check")
@click.argument("file", metavar="FILE")
@with_identity
@click.option("--seal", help="The seal that was printed when the backup was made.")
@click.pass_context
def check_backup(
    context: click.Context, file: str, *, identity: Path | None, seal: str | None
) -> None:
    """Decrypt a backup and compare every hash, without writing anything. Exit with 1 if it is not intact."""
    with in_words():
        place, name = named_backup(context, file)
        with place.reading(name) as opened:
            found = check(opened, identities_of(identity)).manifest
        if seal and seal.strip().lower() != found.seal:
            raise BadBackup(
                "The backup is intact, but its seal is different. This is not the backup that the"
                " seal belongs to."
            )
    click.echo(f"Intact. {found.base_url}, {found.made_at:%Y-%m-%d %H:%M} UTC: {found.summary}")
    click.echo(f"Seal: {found.seal}")
    click.echo(
        "Origin proven: it was made with this installation's secret key."
        if found.is_proven(_secrets_here())
        else (
            "ORIGIN NOT PROVEN. Compare the seal with the one that was printed when the backup"
            " was made (--seal)."
        )
        if not seal
        else "Origin proven by its seal."
    )


def _secrets_here() -> list[str]:
    """List the secret keys of this machine; there may be none, as a backup can be checked anywhere."""
    try:
        found = gather()
    except WrongSettings:
        return []
    old = found.get("CISS_SECRET_KEY_OLD", "").split(",")
    return [key.strip() for key in (found.get("CISS_SECRET_KEY", ""), *old) if key.strip()]


@backup.command("take")
@click.argument("file", metavar="FILE")
@click.argument("member", metavar="NAME")
@with_identity
@click.pass_context
def take(context: click.Context, file: str, member: str, *, identity: Path | None) -> None:
    """Write one file of a backup to standard output, such as settings.env."""
    with in_words():
        place, name = named_backup(context, file)
        keys = identities_of(identity)
        with place.reading(name) as opened, encryption.opened(opened, keys) as plain:
            count = sum(_write_out(one) for one in members_of(plain) if one.name == member)
        if not count:
            raise BadBackup(f"{name} does not contain {member}.")


def _write_out(member: OpenMember) -> int:
    for piece in member.pieces():
        click.echo(piece, nl=False)
    return 1


@backup.command("key")
@click.argument("file", type=NEW_FILE)
@click.option("--no-passphrase", is_flag=True, help="Whoever gets the file opens every backup.")
def new_key(file: Path, *, no_passphrase: bool) -> None:
    """Write a new key that opens backups to a file, and print its public part. Keep it on another machine."""
    drawn = encryption.new_identity()
    content = encryption.identity_text(drawn)
    if not no_passphrase:
        secret = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
        content = encryption.with_passphrase(content, secret)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
    except OSError as error:
        sys.exit(f"{file}: {error.strerror}")
    click.echo(str(drawn.to_public()))


@backup.command("removals")
@click.argument("file", type=NEW_FILE)
@with_appcontext
def removals(file: Path) -> None:
    """Write the list of what was removed, for a restore of an older backup to remove again."""
    _write_list(REMOVALS, file)


@backup.command("erasures")
@click.argument("file", type=NEW_FILE)
@with_appcontext
def erasures(file: Path) -> None:
    """Write the list of erasures and stopped erasures, for a restore of an older backup to repeat."""
    _write_list(ERASURES, file)


def _write_list(kept: KeptList, file: Path) -> None:
    try:
        before = kept.stored(files())
    except OSError:
        tell(
            "The file store does not answer. The list comes from the database alone and may be"
            " incomplete."
        )
        before = []
    file.write_text(kept.text(before), "utf-8")
