"""`ciss certificates`: checks a file. `ciss log`: checks the register."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext

from cissapp.certificates import keys, register, verification
from cissapp.certificates.verification import Answer, Outcome, Verdict
from cissapp.core import clock
from cissapp.core.storage import files
from cissapp.web.context import content

VALID, NOT_VALID, NOT_CHECKED = 0, 1, 2
SIGNS = {Outcome.YES: "yes", Outcome.NO: "no ", Outcome.UNKNOWN: "?  "}
# Offline nobody can ask for the standard; the date alone decides, with the programme's usual warning.
EXPIRING_DAYS = 90


@click.group()
def certificates() -> None:
    """Certificates."""


@certificates.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--offline", is_flag=True, help="Use file and public keys only, not the register.")
@click.option(
    "--key",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The public keys (keys.json) to use; with it nothing else is needed.",
)
@click.pass_context
def verify(
    context: click.Context, file: Path, *, as_json: bool, offline: bool, keys_file: Path | None
) -> None:
    """Check a certificate. Exit 0: valid, 1: not valid, 2: could not be checked."""
    try:
        found = _verdict(context, file.read_bytes(), offline=offline, keys_file=keys_file)
    except (keys.BrokenKeys, OSError) as error:
        _stop(str(error))
    click.echo(_as_json(found) if as_json else _as_text(found), nl=True)
    sys.exit(_exit(found))


def _verdict(
    context: click.Context, sent: bytes, *, offline: bool, keys_file: Path | None
) -> Verdict:
    if offline or keys_file:
        ring = keys.load_public(keys_file or _app(context).config["CISS"].keys_dir / keys.PUBLIC)
        return verification.verify_offline(
            sent, ring, today=clock.today(), expiring_days=EXPIRING_DAYS
        )
    with _app(context).app_context():
        return verification.check_file(
            sent,
            keys.load(current_app.config["CISS"].keys_dir),
            at=clock.now(),
            expiring_days=content().standard.decision.validity.expiring_days,
        )


def _app(context: click.Context) -> Flask:
    return context.ensure_object(ScriptInfo).load_app()


def _stop(reason: str) -> NoReturn:
    click.echo(f"Could not be checked: {reason}", err=True)
    sys.exit(NOT_CHECKED)


def _exit(found: Verdict) -> int:
    if found.answer is Answer.UNKNOWN:
        return NOT_CHECKED
    return VALID if found.good else NOT_VALID


def _sentences(found: Verdict) -> list[tuple[str, Outcome, str]]:
    return [
        (
            check.what,
            check.outcome,
            check.sentence % {k: _plain(v) for k, v in check.values.items()},
        )
        for check in found.checks
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return value.isoformat() if isinstance(value, date) else value


def _as_json(found: Verdict) -> str:
    return json.dumps(
        {
            "status": found.answer.value,
            "facts": json.loads(found.facts.text()) if found.facts else None,
            "checks": [
                {"what": what, "result": outcome.value, "sentence": sentence}
                for what, outcome, sentence in _sentences(found)
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def _as_text(found: Verdict) -> str:
    lines = [verification.ANSWER_NAMES[found.answer]]
    lines += [f"  {SIGNS[outcome]} {what}: {said}" for what, outcome, said in _sentences(found)]
    facts = found.facts
    if facts:
        lines += [
            f"  {facts.school_name}, {facts.locality}, {facts.country_code}",
            f"  level {facts.level}, {facts.valid_from_on} to {facts.valid_until_on}, {facts.number}",
        ]
    return "\n".join(lines)


@click.group("log")
def log() -> None:
    """Look after the register of certificates."""


@log.command("check")
@click.option("--files", "with_files", is_flag=True, help="Check each stored file as well.")
@with_appcontext
def check(*, with_files: bool) -> None:
    """Say whether the register is whole; exit 1 and name the first bad entry if not."""
    fault = register.first_fault(files() if with_files else None)
    click.echo(fault or "The register is whole.")
    sys.exit(1 if fault else 0)
