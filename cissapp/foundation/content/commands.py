"""`ciss content`: checks the content files."""

import sys
from pathlib import Path

import click

from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.lengths import length_warnings
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.promises import promise_faults
from cissapp.foundation.core.errors import counted
from config import MODULES


@click.group()
def content() -> None:
    """Check, preview, translate and exchange the programme's content in `modules/`."""


@content.command("check")
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--strict", is_flag=True, help="Take what is noted of translations for faults too.")
def check(folder: Path | None, *, strict: bool) -> None:
    """Check all content; list every fault with its file and key.

    Faults of a translation are only noted: English is used instead, and the rest works. So are options whose
    length gives the right one away.
    """
    root = folder or MODULES
    try:
        found = load(root)
        if promises := promise_faults(found, root):
            raise BrokenContent(promises)  # noqa: TRY301 -- it is told as the loader's faults are
    except BrokenContent as broken:
        for fault in broken.faults:
            click.echo(fault)
        click.echo(
            f"{counted(len(broken.faults), 'error')} found. Fix"
            f" {'it' if len(broken.faults) == 1 else 'them'} and run `ciss content check` again.",
            err=True,
        )
        sys.exit(1)
    for one in found.noted:
        click.echo(f"{one}; English is shown instead", err=True)
    for warning in length_warnings(found):
        click.echo(warning, err=True)
    if strict and found.noted:
        click.echo(f"{counted(len(found.noted), 'translation error')} found.", err=True)
        sys.exit(1)
    lessons = sum(len(module.lessons) for module in found.modules)
    questions = sum(len(module.questions) for module in found.modules)
    counts = (
        counted(len(found.modules), "module"),
        counted(lessons, "lesson"),
        counted(questions, "question"),
        counted(len(found.standard.criteria), "criterion", "criteria"),
        counted(len(found.countries), "country pack"),
    )
    click.echo(f"No errors: {', '.join(counts)}.")
