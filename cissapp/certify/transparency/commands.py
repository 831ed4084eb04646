"""`ciss log`: checks register and public log, exports the log, and does the work of a witness."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import ScriptInfo, with_appcontext

from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.transparency import queries, services
from cissapp.certify.transparency.checking import log_keys, saved_extent
from cissapp.certify.transparency.checking.database import fault_in_database, fault_of_saved
from cissapp.certify.transparency.rules.integrity import TrustedKeys, first_fault
from cissapp.certify.transparency.rules.notes import BadNote
from cissapp.certify.transparency.services import export, witness
from cissapp.certify.transparency.services.export import BadExport
from cissapp.certify.transparency.services.witness import NotSigned
from cissapp.foundation.core import clock
from cissapp.foundation.core.bulk.long_work import CHECK_SECONDS, time_limit
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Refused, counted
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import BrokenKeys

WHOLE, BROKEN, NOT_CHECKED = 0, 1, 2

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("log")
def log() -> None:
    """Manage the register of certificates and the public log."""


def _stop(message: str, code: int = BROKEN) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


# --- check ---------------------------------------------------------------------------------------


@log.command("check")
@click.option("--files", "with_files", is_flag=True, help="Check each stored file as well.")
@click.option("--export", "folder", type=FOLDER, help="Check this export instead of the database.")
@click.option("--keys", "keys_file", type=FILE, help="The public keys (keys.json) to trust.")
@click.option(
    "--witnesses", "witnesses_file", type=FILE, help="The witnesses to trust, one a line."
)
@click.option("--previous", type=FILE, help="A checkpoint that was kept from before.")
@click.pass_context
def check(
    context: click.Context,
    *,
    with_files: bool,
    folder: Path | None,
    keys_file: Path | None,
    witnesses_file: Path | None,
    previous: Path | None,
) -> None:
    """Check whether register and public log are whole. Exit 1 names the first bad entry, 2: not checked."""
    kept = previous.read_text("utf-8") if previous else None
    try:
        if folder:
            told = _check_export(folder, keys_file, witnesses_file, kept)
        else:
            with _app(context).app_context(), time_limit(CHECK_SECONDS):
                told = _check_database(keys_file, witnesses_file, kept, with_files=with_files)
    except (BrokenKeys, BadNote, ValueError, OSError) as error:
        _stop(f"Could not be checked: {error}", NOT_CHECKED)
    click.echo("\n".join(told[1]))
    sys.exit(told[0])


def _app(context: click.Context) -> Flask:
    return context.ensure_object(ScriptInfo).load_app()


def _trusted(keys_file: Path, witnesses_file: Path) -> TrustedKeys:
    others = (
        log_keys.read_public_keys(witnesses_file.read_text("utf-8"))
        if witnesses_file.is_file()
        else []
    )
    return log_keys.trusted_keys(keys.load_public(keys_file), others)


def _check_export(
    folder: Path, keys_file: Path | None, witnesses_file: Path | None, kept: str | None
) -> tuple[int, list[str]]:
    trusted = _trusted(
        keys_file or folder / keys.PUBLIC, witnesses_file or folder / log_keys.WITNESSES
    )
    if not trusted.logs:
        return NOT_CHECKED, [
            (
                "Could not be checked: there is no public key for the log. Give the file with it:"
                " --keys keys.json"
            )
        ]
    try:
        found = export.read_export(folder)
    except BadExport as bad:
        return BROKEN, [str(bad)]
    fault = first_fault(found, trusted, previous=kept)
    if fault:
        return BROKEN, [fault]
    notes = (
        []
        if keys_file
        else [
            (
                "The export was checked with its own keys. Compare them with keys.json from another"
                " source, or give that file with --keys."
            )
        ]
    )
    return WHOLE, [_whole(len(found.leaves), len(found.checkpoints)), *notes]


def _check_database(
    keys_file: Path | None, witnesses_file: Path | None, kept: str | None, *, with_files: bool
) -> tuple[int, list[str]]:
    folder = current_config().keys_dir
    trusted = (
        _trusted(keys_file, witnesses_file or folder / log_keys.WITNESSES)
        if keys_file
        else log_keys.open_log_keys(folder)[1]
    )
    faults = (
        register_checks.first_fault(files() if with_files else None),
        fault_in_database(trusted, previous=kept),
        fault_of_saved(saved_extent.read_saved_extent(files()), trusted),
    )
    told = [fault for fault in faults if fault]
    if told:
        return BROKEN, told
    return WHOLE, ["The register is intact.", _whole(queries.size(), len(queries.checkpoints()))]


def _whole(entries: int, checkpoints: int) -> str:
    return (
        f"The public log is intact: {counted(entries, 'entry', 'entries')},"
        f" {counted(checkpoints, 'signed checkpoint')}."
    )


# --- export --------------------------------------------------------------------------------------


@log.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--private", is_flag=True, help="Also what is hidden in the entries: keep it to yourself."
)
@with_appcontext
def export_log(folder: Path, *, private: bool) -> None:
    """Write the log into a new folder: entries, checkpoints, cosignatures, public keys."""
    keys_dir = current_config().keys_dir
    ring, _trust = log_keys.open_log_keys(keys_dir)
    with unit_of_work():
        services.sign_checkpoint(ring, at=clock.now())
    try:
        written = export.write_export(folder, keys_dir, private=private)
    except BadExport as bad:
        _stop(f"{bad}.")
    click.echo("\n".join(f"{folder / name}" for name in written))


# --- witnesses -----------------------------------------------------------------------------------


@log.command("new-witness")
@click.argument("name")
@click.option(
    "--key",
    "path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The new file for the private key.",
)
def new_witness(name: str, path: Path) -> None:
    """Draw the key of a witness; prints the public key, which the log's operator gets."""
    try:
        made = witness.draw_key(path, name)
    except FileExistsError:
        _stop(f"{path} already exists.")
    except NotSigned as reason:
        _stop(str(reason))
    click.echo(made.vkey)


@log.command("cosign")
@click.argument("checkpoint", type=FILE)
@click.option("--key", "key_file", required=True, type=FILE, help="The key of the witness.")
@click.option("--keys", "keys_file", required=True, type=FILE, help="The log's keys.json.")
@click.option("--proof", type=FILE, help="The answer of /log/proof/consistency.")
@click.option("--export", "folder", type=FOLDER, help="An export of the log, instead of the proof.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What was signed before. Without it: beside the key.",
)
def cosign(
    checkpoint: Path,
    *,
    key_file: Path,
    keys_file: Path,
    proof: Path | None,
    folder: Path | None,
    state: Path | None,
) -> None:
    """Sign a checkpoint as a witness, if it continues the last one signed; print the result."""
    try:
        signed = witness.cosign_checkpoint(
            checkpoint.read_text("utf-8"),
            logs=log_keys.trusted_keys(keys.load_public(keys_file), []).logs,
            key=witness.read_key(key_file),
            state=state or key_file.with_name(f"{key_file.name}.signed.json"),
            proof=_json(proof) if proof else None,
            leaves=export.read_export(folder).leaves if folder else None,
            at=clock.now(),
        )
    except NotSigned as reason:
        _stop(str(reason))
    except (BrokenKeys, BadExport, ValueError) as error:
        _stop(f"Not signed: {error}.")
    click.echo(str(signed), nl=False)


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@log.command("add-cosignature")
@click.argument("note", type=FILE)
@with_appcontext
def add_cosignature(note: Path) -> None:
    """Publish the signatures of known witnesses under a checkpoint of ours."""
    _ring, trusted = log_keys.open_log_keys(current_config().keys_dir)
    try:
        with unit_of_work():
            added = services.add_cosignatures(
                note.read_text("utf-8"), trusted.witnesses, at=clock.now()
            )
            told = [
                f"{one.witness}: checkpoint at {counted(one.size, 'entry', 'entries')}"
                for one in added
            ]
    except Refused as refused:
        _stop(" ".join(one.message % one.values for one in refused.problems))
    except ValueError as error:
        _stop(f"{note}: {error}.")
    if not told:
        _stop(
            "No new signature by a witness of this log. Add the public key of a new witness to"
            " witnesses.txt."
        )
    click.echo("\n".join(told))


@log.command("witnesses")
@with_appcontext
def list_witnesses() -> None:
    """List the witnesses, and the last checkpoint that each signed."""
    _ring, trusted = log_keys.open_log_keys(current_config().keys_dir)
    for one in queries.witnesses(trusted.witnesses):
        said = (
            f"{one.last.size} entries, {one.last.signed_at:%Y-%m-%d %H:%M} UTC" if one.last else "-"
        )
        click.echo(f"{one.name}: {said}")
