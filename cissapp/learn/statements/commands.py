"""`ciss statements verify`: checks a statement of learning, by the public keys alone."""

import sys
from pathlib import Path

import click
from flask.cli import ScriptInfo

from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import Keyring
from cissapp.learn.statements.document.checking import check_file
from cissapp.learn.statements.document.facts import StatementCheck
from cissapp.learn.statements.rules import NOT_A_CERTIFICATE, WORTH_NAMES, StatementWorth

VALID, NOT_VALID, NOT_CHECKED = 0, 1, 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def statements() -> None:
    """Check statements of learning."""


@statements.command("verify")
@click.argument("file", type=FILE)
@click.option(
    "--key",
    "keys_file",
    type=FILE,
    help="The public keys (keys.json) to use; with it nothing else is needed.",
)
@click.pass_context
def verify(context: click.Context, file: Path, *, keys_file: Path | None) -> None:
    """Check a statement of learning (PDF or JSON).

    Exit 0: valid, 1: not valid, 2: could not be checked.
    """
    seal.silence_library()
    try:
        ring = _ring(context, keys_file)
        found = check_file(file.read_bytes(), ring)
    except (keys.BrokenKeys, OSError) as error:
        click.echo(f"Could not be checked: {error}", err=True)
        sys.exit(NOT_CHECKED)
    if not ring.keys:
        click.echo(
            "Could not be checked: there are no public keys. Give them with --key keys.json",
            err=True,
        )
        sys.exit(NOT_CHECKED)
    click.echo("\n".join(_said(found)))
    sys.exit(_exit(found))


def _ring(context: click.Context, keys_file: Path | None) -> Keyring:
    if keys_file:
        return keys.load_public(keys_file)
    folder: Path = context.ensure_object(ScriptInfo).load_app().config["CISS"].keys_dir
    return keys.load(folder)


def _exit(found: StatementCheck) -> int:
    if found.worth is StatementWorth.UNKNOWN:
        return NOT_CHECKED
    return VALID if found.worth is StatementWorth.GENUINE else NOT_VALID


def _said(found: StatementCheck) -> list[str]:
    lines = [WORTH_NAMES[found.worth], f"  {found.reason}"]
    stated = found.statement
    if stated is None:
        return lines
    if stated.demo:
        lines.append("  DEMO: person, school and results are invented.")
    lines.append(f"  {stated.name}; {stated.school_name}, {stated.locality}, {stated.country_code}")
    for one in stated.modules:
        percent = "" if one.percent is None else f", {one.percent} %"
        passed = f"passed {one.passed_on}{percent}" if one.passed_on else "not passed"
        read = f"{one.lessons_read} of {one.lessons} lessons read"
        lines.append(f"  {one.number}. {one.title}: {passed}; {read}; version {one.version}")
    lines.append(f"  made {stated.made_at:%Y-%m-%d} by {stated.base_url}, key {stated.key_id}")
    return [*lines, NOT_A_CERTIFICATE]
