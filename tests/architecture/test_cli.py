"""The command line answers at once: nothing is loaded that the call does not need."""

import json
import subprocess
import sys

import click
import pytest

from cissapp import cli
from config import ROOT


def loaded_by(code: str) -> set[str]:
    """Name the packages that a fresh process has loaded after running this."""
    told = f"{code}\nimport json, sys; print(json.dumps(sorted({{one.partition('.')[0] for one in sys.modules}})))"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_loads_no_room():
    code = "from cissapp.cli import main\nmain(['--help'], standalone_mode=False)"

    assert loaded_by(code) & {"sqlalchemy", "pydantic", "cryptography", "alembic"} == set()


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_says_of_a_command_what_the_command_says(name: str):
    command = cli.main.get_command(click.Context(cli.main), name)

    assert command
    assert cli.COMMANDS[name][1] == command.get_short_help_str(limit=200)


def test_commands_of_rooms_above_are_in_their_groups():
    context = click.Context(cli.main)
    groups = {name: cli.main.get_command(context, name) for name in cli.ADDED}

    assert {
        name: set(cli.ADDED[name]) <= set(group.commands)
        for name, group in groups.items()
        if isinstance(group, click.Group)
    } == dict.fromkeys(cli.ADDED, True)
