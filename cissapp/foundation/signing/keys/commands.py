"""`ciss keys`: makes, lists, checks and ends the keys that certificates are signed with."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.signing.keys import (
    ceremony,
    checks,
    endorsements,
    keys_file,
    lifecycle,
    lost,
    private,
    requests,
)
from cissapp.foundation.signing.keys.errors import BrokenKeys, NoKeys
from cissapp.foundation.signing.keys.ring import Keyring, PublicKey, newest_of
from cissapp.foundation.signing.keys.token_place import TokenPlace

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def keys() -> None:
    """Manage the keys that certificates are signed with."""


@contextmanager
def _plainly() -> Iterator[None]:
    """Exit with a one-sentence message if the keys raise an error."""
    try:
        yield
    except (NoKeys, BrokenKeys, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _record(event: Event, key_id: str) -> None:
    """Add a line to the audit trail, which informs the secretariat; warn if the database cannot be used."""
    try:
        with unit_of_work():
            record(event, ("key", key_id), by=SYSTEM, at=clock.now())
    except DBAPIError:
        click.echo(
            "The database cannot be used, so the secretariat was not told.",
            err=True,
        )


def _organisation(ring: Keyring, given: str) -> str:
    return given or (ring.keys[-1].organisation if ring.keys else "ECPAT")


def _group(code: str) -> str | None:
    if code and code not in content().countries:
        known = ", ".join(sorted(content().countries))
        raise NoKeys(f"There is no country {code}. These are the countries: {known}")
    return code or None


# --- where the root is --------------------------------------------------------------------------


@keys.command("root")
@click.option("--into", "folder", type=FOLDER, required=True, help="A folder that has no root.")
@click.option("--organisation", default="ECPAT", show_default=True, help="Who vouches for keys.")
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase that protects the root.")
def root(folder: Path, organisation: str, *, passphrase: bool) -> None:
    """Make a root, on a machine that has no network."""
    typed = (
        click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if passphrase else ""
    )
    with _plainly():
        made = ceremony.new_root(
            folder, organisation=organisation, at=clock.now(), passphrase=typed
        )
    click.echo(f"The root is in {folder}. Write down its fingerprint on paper:")
    click.echo(ceremony.read_out(endorsements.fingerprint(made)))


@keys.command("try")
@click.option("--root", "folder", type=FOLDER, required=True, help="The folder of the root.")
def try_root(folder: Path) -> None:
    """Check whether a copy of the root can be opened and can sign; nothing is kept."""
    with _plainly():
        made = ceremony.try_root(folder, _passphrase(folder))
    click.echo("The root can sign. Its fingerprint:")
    click.echo(ceremony.read_out(endorsements.fingerprint(made)))


def _passphrase(folder: Path) -> str:
    if not private.has_passphrase(folder / lifecycle.ROOT_KEY):
        return ""
    typed: str = click.prompt("Passphrase for the root", hide_input=True)
    return typed


@keys.command("sign")
@click.argument("request", type=FILE)
@click.option("--root", "folder", type=FOLDER, required=True, help="The folder of the root.")
@click.option("--into", type=NEW, help="Where the answer goes; beside the request if left out.")
@click.option("--yes", is_flag=True, help="Do not ask whether the request is the right one.")
def sign(request: Path, folder: Path, into: Path | None, *, yes: bool) -> None:
    """Sign a request with the root, on the machine where the root is."""
    with _plainly():
        asked = requests.read_request(request.read_text("utf-8"))
        click.echo(f"Key {asked.id} of {asked.organisation}, for {asked.group or 'all countries'}")
        click.echo(f"credentials: {asked.credential.multibase}")
        if not yes:
            click.confirm("Does the other machine show the same? Sign this request", abort=True)
        given = ceremony.answer(asked, folder, at=clock.now(), passphrase=_passphrase(folder))
        target = into or request.with_name(f"{asked.id}.answer.json")
        target.write_text(given.text(), "utf-8")
    click.echo(f"The answer is in {target}. Fingerprint of the new key:")
    click.echo(ceremony.read_out(given.key.fingerprint))


# --- where the keys are -------------------------------------------------------------------------


@keys.command("request")
@click.option("--group", default="", help="The country whose certificates it signs, such as MD.")
@click.option("--organisation", default="", help="Whose key it is; as the newest key if left out.")
@click.option("--into", type=NEW, help="Where the request goes; this folder if left out.")
@click.option("--token", default="", help="PKCS #11: label of the token that holds the key.")
@click.option("--library", default="", help="PKCS #11: the library that speaks to the token.")
@click.option("--pin-file", type=FILE, help="PKCS #11: the file of the token's PIN.")
@with_appcontext
def request(
    *,
    group: str,
    organisation: str,
    into: Path | None,
    token: str,
    library: str,
    pin_file: Path | None,
) -> None:
    """Generate a key and write the request that goes to the root."""
    folder = current_config().keys_dir
    with _plainly():
        asked = ceremony.ask(
            folder,
            organisation=_organisation(lost.ring_to_continue(folder), organisation),
            at=clock.now(),
            group=_group(group),
            log_name=lifecycle.log_name(current_config().base_url),
            place=_place(token, library, pin_file),
        )
        target = into or Path(f"{asked.id}.request.json")
        target.write_text(asked.text(), "utf-8")
    click.echo(
        f"The request for key {asked.id} is in {target}. It contains no secrets. Sign it where"
        f" the root is: ciss keys sign {target.name} --root FOLDER"
    )
    click.echo(f"credentials: {asked.credential.multibase}")
    if token:
        click.echo(
            "The token holds the private key for PDF files. The one for credentials is a file."
        )


def _place(token: str, library: str, pin_file: Path | None) -> Callable[[str], TokenPlace] | None:
    """Return a function that maps a key's name to its place in the token; None for a file."""
    if not token and not library and not pin_file:
        return None
    if not token or not library or not pin_file:
        raise NoKeys("To use a token, give all three: --token, --library and --pin-file.")
    pin = str(pin_file.resolve())
    return lambda key_id: TokenPlace(library, token, f"ciss {key_id}", pin)


@keys.command("accept")
@click.argument("answer", type=FILE)
@click.option("--root", "root_sha256", default="", help="The root's fingerprint from the paper.")
@with_appcontext
def accept(answer: Path, root_sha256: str) -> None:
    """Put a key into use that the root vouched for."""
    with _plainly():
        text = answer.read_text("utf-8")
        key = ceremony.accept(
            current_config().keys_dir, text, at=clock.now(), root_sha256=root_sha256
        )
    _record(Event.KEY_MADE, key.id)
    click.echo(f"Key {key.id} is now in use.")
    if key.from_at > clock.now():
        click.echo(f"It will sign from {_moment(key.from_at)}, as the machines' clocks differ.")


@keys.command("rotate")
@click.option("--group", default="", help="The country whose certificates it signs, such as MD.")
@click.option("--organisation", default="", help="Whose key it is; as the newest key if left out.")
@with_appcontext
def rotate(group: str, organisation: str) -> None:
    """Make a new key if the root is in this folder; it signs from now on, older ones still verify."""
    folder = current_config().keys_dir
    with _plainly():
        made = lifecycle.create_keys(
            folder,
            organisation=_organisation(lost.ring_to_continue(folder), organisation),
            at=clock.now(),
            group=_group(group),
            log_name=lifecycle.log_name(current_config().base_url),
        )
    _record(Event.KEY_MADE, made.id)
    click.echo(f"Key {made.id} is now in use. Fingerprint: {ceremony.read_out(made.fingerprint)}")


@keys.command("retire")
@click.argument("key_id")
@with_appcontext
def retire(key_id: str) -> None:
    """Stop a key from signing; what it signed remains valid."""
    folder = current_config().keys_dir
    with _plainly():
        lifecycle.retire(folder, key_id, at=clock.now())
    _record(Event.KEY_RETIRED, key_id)
    click.echo(f"Key {key_id} no longer signs. What it signed remains valid.")
    left = [private.pdf_path(folder, key_id), private.credential_path(folder, key_id)]
    for path in left:
        if path.exists():
            click.echo(f"Delete this file, which is no longer needed: {path}")


@keys.command("compromised")
@click.argument("key_id")
@click.option("--since", required=True, help="From when on others may have had it, ISO 8601, UTC.")
@with_appcontext
def compromised(key_id: str, since: str) -> None:
    """Invalidate what a key signed from this time on; what it signed before remains valid."""
    folder = current_config().keys_dir
    with _plainly():
        key = lifecycle.compromised(folder, key_id, since=_read_moment(since))
        ring = keys_file.load(folder)
    _record(Event.KEY_COMPROMISED, key_id)
    at = key.compromised_at
    click.echo(
        f"What key {key_id} signed from {_moment(at) if at else since} on is no longer valid."
    )
    click.echo("Publish keys.json again, so that offline checks know this too.")
    if not newest_of(ring.keys, key.group, clock.now()):
        click.echo("No key can sign now. Make a new one with `ciss keys rotate`.")


def _read_moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise NoKeys(f"{text} is not a date and time. Write it like 2026-11-25T14:30") from error
    moment = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    if moment > clock.now():
        raise NoKeys("This date and time is in the future.")
    return moment


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


@keys.command("list")
@with_appcontext
def listed() -> None:
    """Show all keys, and which of them sign."""
    with _plainly():
        folder = current_config().keys_dir
        ring, roots = keys_file.load(folder), keys_file.roots(folder)
    for one in roots:
        click.echo(f"root      {ceremony.read_out(endorsements.fingerprint(one))}")
    if ring.log:
        click.echo(f"log       {ring.log.name}  {ring.log.multibase}")
    for key in ring.keys:
        dates = f"{key.from_at:%Y-%m-%d} to {key.until_at:%Y-%m-%d}"
        click.echo(f"{key.id:10}{key.group or 'all':5}{dates}  {_state(ring, key)}")
        click.echo(f"{'':10}{ceremony.read_out(key.fingerprint)}")


def _state(ring: Keyring, key: PublicKey) -> str:
    if key.compromised_at:
        return f"compromised since {_moment(key.compromised_at)}"
    if key.retired_at:
        return f"retired on {key.retired_at:%Y-%m-%d}, verifies"
    folder = ring.folder
    if not folder or not private.at_hand(folder, key.id):
        return "verifies only, because its private key is not here"
    at_hand = [one for one in ring.keys if private.at_hand(folder, one.id)]
    if newest_of(at_hand, key.group, clock.now()) is not key:
        return "verifies"
    return "signs, from a token" if private.token_path(folder, key.id).is_file() else "signs"


@keys.command("check")
@with_appcontext
def check() -> None:
    """Check whether the keys are whole and safe from others on this machine; exit 1 if not."""
    found = checks.look_over(current_config().keys_dir, at=clock.now())
    for fault in found.faults:
        click.echo(f"Problem: {fault}")
    for remark in found.remarks:
        click.echo(f"Note: {remark}")
    if not found.faults:
        click.echo("The keys are intact.")
    sys.exit(1 if found.faults else 0)
