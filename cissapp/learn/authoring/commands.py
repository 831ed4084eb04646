"""`ciss content questions`: exports questions for other systems, and imports theirs as drafts."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from cissapp.foundation.content import schema
from cissapp.foundation.content.languages import programme_languages
from cissapp.foundation.core.errors import counted
from cissapp.learn.authoring.formats.gift import read_gift, write_gift
from cissapp.learn.authoring.formats.moodle_xml import read_moodle_xml, write_moodle_xml
from cissapp.learn.authoring.queries import ModulePool, read_module_pool
from cissapp.learn.authoring.rules.drafts import DraftDefaults
from cissapp.learn.authoring.rules.import_report import LARGEST_BYTES, ImportReport, UnreadableFile
from cissapp.learn.authoring.services import draft_paths, write_draft
from config import MODULES

FORMATS = {
    "gift": (read_gift, write_gift),
    "moodle-xml": (read_moodle_xml, write_moodle_xml),
}
a_format = click.option("--format", "kind", type=click.Choice(list(FORMATS)), required=True)
a_language = click.option(
    "--language", type=click.Choice(list(programme_languages())), default="en", show_default=True
)
a_content = click.option(
    "--modules",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=MODULES,
    help="The content's folder, if it is another.",
)


@click.group()
def questions() -> None:
    """Export questions for other systems, and import theirs as drafts."""


@questions.command("export")
@click.argument("module_id", metavar="MODULE")
@a_format
@a_language
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A new file.")
@a_content
def export(module_id: str, kind: str, language: str, output: Path | None, modules: Path) -> None:
    """Write the questions of a module for another system; list what its format cannot carry.

    The file holds the right answers: keep it as an exam paper is kept.
    """
    own = _pool(modules, module_id)
    if own.faults:
        sys.exit("\n".join(("Fix these errors first:", *(str(fault) for fault in own.faults))))
    text, dropped = FORMATS[kind][1](own.questions, language)
    _say(dropped, "Left out:", err=True)
    carried = len(own.questions) - len(dropped)
    click.echo(f"{carried} of {counted(len(own.questions), 'question')} written.", err=True)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        sys.exit(f"{output} already exists and was not overwritten. Choose another name.")
    except OSError as error:
        sys.exit(f"{output} could not be written: {error.strerror}.")


@questions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@a_format
@click.option("--module", "module_id", required=True, help="The module that they are for.")
@click.option("--topic", type=click.IntRange(1, 99), required=True, help="Their topic.")
@click.option("--lesson", required=True, help="The lesson that answers them.")
@a_language
@click.option(
    "--difficulty", type=click.Choice(list(schema.Difficulty)), default=schema.Difficulty.MEDIUM
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--dry-run", is_flag=True, help="Only report.")
@a_content
def import_(
    file: Path, kind: str, module_id: str, into: Path, modules: Path, **options: Any
) -> None:
    """Read questions of another system into drafts, and report what became of each.

    Drafts go into a folder of their own. What our questions need and the file lacks is marked
    TO WRITE; `ciss content check` names each such place.
    """
    own = _pool(modules, module_id)
    if options["lesson"] not in own.lessons:
        lessons = ", ".join(own.lessons)
        sys.exit(
            f"Module {module_id} has no lesson {options['lesson']}. Its lessons are: {lessons}."
        )
    filling = DraftDefaults(
        options["topic"],
        options["lesson"],
        options["language"],
        options["difficulty"],
        used_ids=frozenset(one.id for one in own.questions),
    )
    try:
        report = FORMATS[kind][0](_text(file), filling)
        if options["dry_run"]:
            _tell(report)
        else:
            paths = draft_paths(into, own.folder.name, filling.language, modules)
            _tell(report)
            _write(report, paths, filling.language)
    except UnreadableFile as reason:
        sys.exit(f"{file.name}: {reason}")
    except OSError as error:
        sys.exit(f"{into} could not be written: {error.strerror}.")


def _write(report: ImportReport, paths: tuple[Path, Path], language: str) -> None:
    if report.imported:
        write_draft(report.imported, paths, language)
        click.echo(
            f"Drafts written to {paths[0]} and {paths[1]}. Complete each place marked TO WRITE."
        )


def _pool(modules: Path, module_id: str) -> ModulePool:
    try:
        return read_module_pool(modules, module_id)
    except UnreadableFile as reason:
        sys.exit(str(reason))


def _text(file: Path) -> str:
    """Read an untrusted file, up to the size limit; raise `UnreadableFile` if it is larger or not UTF-8."""
    with file.open("rb") as opened:
        raw = opened.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        raise UnreadableFile("The file is larger than 2 MB.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "The file is not UTF-8 text. Save it again with that encoding."
        ) from error


def _tell(report: ImportReport) -> None:
    _say(report.dropped, "Not imported:", err=False)
    _say(report.notes, "Imported, but not completely:", err=False)
    click.echo(
        f"{counted(report.found, 'question')} in the file: {len(report.imported)} imported,"
        f" {len(report.dropped)} not imported."
    )


def _say(lines: Iterable[object], title: str, *, err: bool) -> None:
    shown = [str(line) for line in lines]
    for line in [title, *(f"  {one}" for one in shown)] if shown else []:
        click.echo(line, err=err)
