"""`ciss certificates verify`: checks a file, with the register or without."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import ScriptInfo

from cissapp.certify.credentials.rules.addresses import did_of
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.checking import offline, online, snapshots
from cissapp.verify.verification.checking.offline_sources import OfflineSources
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.phrases import ANSWER_NAMES
from cissapp.verify.verification.rules import CheckAnswer, CheckOutcome
from config import keys_folder

VALID, NOT_VALID, NOT_CHECKED = 0, 1, 2
NOT_ANSWERED = frozenset({CheckAnswer.UNKNOWN, CheckAnswer.UNREADABLE})
SIGNS = {CheckOutcome.YES: "yes", CheckOutcome.NO: "no ", CheckOutcome.UNKNOWN: "?  "}
# Offline nobody can ask for the standard; the date alone decides, with the programme's usual warning.
EXPIRING_DAYS = 90
NOT_ASKED = "Attention: this check cannot tell whether the certificate was suspended or withdrawn."

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--offline", is_flag=True, help="Use file and public keys only, not the register.")
@click.option(
    "--key",
    "keys_file",
    type=FILE,
    help="The public keys (keys.json) to use; with it nothing else is needed.",
)
@click.option(
    "--snapshot",
    "snapshot_file",
    type=FILE,
    help="A snapshot of the register (ciss-snapshot-1): tells suspended and withdrawn offline.",
)
@click.option(
    "--proof", "proof_file", type=FILE, help="The proof of the log (ciss-proof-1) to check as well."
)
@click.pass_context
def verify(
    context: click.Context,
    file: Path,
    *,
    as_json: bool,
    offline: bool,
    keys_file: Path | None,
    snapshot_file: Path | None,
    proof_file: Path | None,
) -> None:
    """Check a certificate (PDF) or its credential (JSON, JWT, badge).

    Exit 0: valid, 1: not valid, 2: could not be checked.
    """
    seal.silence_library()
    try:
        sent = file.read_bytes()
        if offline or keys_file or snapshot_file or proof_file:
            ring = keys.load_public(keys_file or _public_keys())
            found = _offline(sent, _known(ring, snapshot_file, proof_file))
        else:
            found = _with_register(context, sent)
    except (keys.BrokenKeys, snapshots.BadSnapshot, OSError, ValueError) as error:
        _stop(str(error))
    click.echo(_as_json(found) if as_json else _as_text(found))
    sys.exit(_exit(found))


def _public_keys() -> Path:
    """Return the public keys of this installation; no setting but their folder is needed."""
    path = keys_folder() / keys.PUBLIC
    if not path.exists():
        _stop(f"there are no public keys in {path.parent}. Give them with --key keys.json")
    return path


def _offline(sent: bytes, known: OfflineSources) -> CheckResult:
    return offline.check_offline(sent, known, at=clock.now(), expiring_days=EXPIRING_DAYS)


def _known(ring: Keyring, snapshot_file: Path | None, proof_file: Path | None) -> OfflineSources:
    return OfflineSources(
        ring,
        snapshots.read_snapshot(snapshot_file.read_bytes(), ring) if snapshot_file else None,
        json.loads(proof_file.read_bytes()) if proof_file else None,
    )


def _with_register(context: click.Context, sent: bytes) -> CheckResult:
    with _app(context).app_context():
        config = current_config()
        return online.check_file(
            sent,
            keys.load(config.keys_dir),
            at=clock.now(),
            expiring_days=content().standard.decision.validity.expiring_days,
            issuer=did_of(config.base_url),
        )


def _app(context: click.Context) -> Flask:
    return context.ensure_object(ScriptInfo).load_app()


def _stop(reason: str) -> NoReturn:
    click.echo(f"Could not be checked: {reason}", err=True)
    sys.exit(NOT_CHECKED)


def _exit(found: CheckResult) -> int:
    if found.answer in NOT_ANSWERED:
        return NOT_CHECKED
    return VALID if found.good else NOT_VALID


def _sentences(found: CheckResult) -> list[tuple[str, CheckOutcome, str]]:
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


def _as_json(found: CheckResult) -> str:
    return json.dumps(
        {
            "status": found.answer.value,
            "status_checked": found.status_checked,
            "facts": json.loads(found.facts.text()) if found.facts else None,
            "checks": [
                {"what": what, "result": outcome.value, "sentence": sentence}
                for what, outcome, sentence in _sentences(found)
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def _as_text(found: CheckResult) -> str:
    lines = [ANSWER_NAMES[found.answer]]
    lines += [f"  {SIGNS[outcome]} {what}: {said}" for what, outcome, said in _sentences(found)]
    facts = found.facts
    if facts:
        lines += [
            f"  {facts.school_name}, {facts.locality}, {facts.country_code}",
            f"  level {facts.level}, {facts.valid_from_on} to {facts.valid_until_on}, {facts.number}",
        ]
    if found.good and not found.status_checked:
        lines.append(NOT_ASKED)
    return "\n".join(lines)
