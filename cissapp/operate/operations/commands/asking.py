"""Asks for the settings of a new installation, one group after the other, and tries each at once."""

import sys
from collections.abc import Iterable, Mapping

import click

from cissapp.foundation.core.installation.probes import Fault
from cissapp.operate.operations.services.new_settings import (
    GROUPS,
    KEY_NAME,
    SettingsGroup,
    default_of,
    fresh_secret,
    trial,
    wanted_names,
)
from config import SECRETS

Values = dict[str, str]


def ask_all(known: Mapping[str, str], *, ask: bool) -> Values:
    """Return the settings: those already known, and the answers to questions about the others.

    If no questions are asked, defaults are used, and everything that is wrong is listed before exiting.
    """
    values: Values = {KEY_NAME: fresh_secret(), **known}
    problems: list[str] = []
    for group in GROUPS:
        if ask:
            _ask_group(group, values)
            continue
        _take_defaults(group, values)
        problems += [_line(group, fault) for fault in _tried(group, values)]
    if problems:
        click.echo(
            "\n".join(
                ["Nothing was set up. Fix these settings and run `ciss setup` again:", *problems]
            ),
            err=True,
        )
        sys.exit(1)
    return values


def try_all(values: Mapping[str, str]) -> None:
    """Try existing settings; exit with a list of everything that is wrong."""
    problems = [_line(group, fault) for group in GROUPS for fault in _tried(group, values)]
    if problems:
        click.echo(
            "\n".join(
                ["Some settings do not work. Fix them and run the command again:", *problems]
            ),
            err=True,
        )
        sys.exit(1)


def _tried(group: SettingsGroup, values: Mapping[str, str]) -> Iterable[Fault]:
    faults = trial(group, values)
    click.echo(f"{'wrong' if faults else 'ok':6} {group.about}")
    return faults


def _line(group: SettingsGroup, fault: Fault) -> str:
    return f"  {group.about}: {fault.said}. {fault.mend}"


def _take_defaults(group: SettingsGroup, values: Values) -> None:
    for name in wanted_names(group, values):
        values.setdefault(name, default_of(name, values))


def _ask_group(group: SettingsGroup, values: Values) -> None:
    """Ask until the answers of a group work together."""
    click.echo(f"\n{group.about}. {group.hint}")
    while True:
        for name in wanted_names(group, values):
            values[name] = _answer(name, values)
        faults = list(_tried(group, values))
        if not faults:
            return
        for fault in faults:
            click.echo(f"       {fault.said}. {fault.mend}", err=True)
        click.echo(
            "Press Enter to keep the value in brackets. Press Ctrl+C to stop; nothing is saved"
            " until the end."
        )


def _answer(name: str, values: Mapping[str, str]) -> str:
    default = values.get(name) or default_of(name, values)
    hidden = name in SECRETS and name != "CISS_DATABASE_URL" and "URL" not in name
    if hidden:
        typed = click.prompt(name, default=default, hide_input=True, show_default=False)
    else:
        typed = click.prompt(name, default=default or None if name == "CISS_BASE_URL" else default)
    return str(typed).strip()
