"""`ciss content status` and `ciss content translations`: progress by language, export and import."""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import click

from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.translations import TextState
from cissapp.foundation.content.values import Content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import counted
from cissapp.learn.translation.formats import read_po, read_xliff, write_po, write_xliff
from cissapp.learn.translation.formats.unreadable import UnreadableTranslation
from cissapp.learn.translation.queries import read_terms
from cissapp.learn.translation.rules import (
    SentUnit,
    TranslationReport,
    Unit,
    judge,
    length_warning,
    part_of,
    progress_of,
    term_warnings,
    units_of,
)
from cissapp.learn.translation.services import note_made, note_read, write_entries
from config import MODULES

Reader = Callable[[bytes], Iterator[SentUnit]]
Writer = Callable[[Iterable[Unit], str], bytes]
FORMATS: dict[str, tuple[Reader, Writer]] = {
    ".po": (read_po, write_po),
    ".xlf": (read_xliff, write_xliff),
    ".xliff": (read_xliff, write_xliff),
}
LARGEST_BYTES = 20_000_000
SHOWN_CHANGES = 20
a_content = click.option(
    "--modules",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=MODULES,
    help="The content's folder, if it is another.",
)
some_entries = click.option(
    "--only",
    "patterns",
    multiple=True,
    help="Only these texts, as 1-children-online/*; repeatable.",
)


@click.command("status")
@a_content
@click.option("--texts", is_flag=True, help="List every text that is missing or stale.")
def status(modules: Path, *, texts: bool) -> None:
    """Count per language and part: read by a named editor, draft, stale, missing."""
    content = _loaded(modules)
    states = [TextState.READ, TextState.DRAFT, TextState.STALE, TextState.MISSING]
    click.echo(f"{'':34}" + "".join(f"{one:>9}" for one in states) + f"{'words':>16}")
    for language in _others(content):
        click.echo(f"{language} {content.languages[language].name}")
        for part in progress_of(content.translations, language):
            counts = "".join(f"{part.entries[one]:>9}" for one in states)
            click.echo(f"  {part.part:32}{counts}{part.words_there:>8} of {part.words}")
        if texts:
            for entry in sorted(content.translations.entries):
                state = content.translations.state(entry, language)
                if state in {TextState.MISSING, TextState.STALE}:
                    click.echo(f"    {state}: {entry}")


@click.group()
def translations() -> None:
    """Export the content for translators' tools, import it again, and record who has read it."""


@translations.command("export")
@click.argument("language")
@click.argument("to", type=click.Path(dir_okay=False, path_type=Path))
@some_entries
@click.option("--unfinished", is_flag=True, help="Only what is missing or stale.")
@a_content
def export(
    language: str, to: Path, patterns: tuple[str, ...], modules: Path, *, unfinished: bool
) -> None:
    """Write the content of a language as PO or XLIFF, by the file extension: .po, .xlf or .xliff."""
    content = _loaded(modules)
    _check_language(content, language)
    entries = _chosen(content, patterns)
    if unfinished:
        left = {TextState.MISSING, TextState.STALE}
        entries = [one for one in entries if content.translations.state(one, language) in left]
    units = units_of(content.translations, language, entries)
    try:
        with to.open("xb") as file:
            file.write(_format(to)[1](units, language))
    except FileExistsError:
        sys.exit(f"{to} already exists and was not overwritten. Choose another name.")
    except OSError as error:
        sys.exit(f"{to} could not be written: {error.strerror}.")
    click.echo(
        f"{counted(len(units), 'text')} from {counted(len(entries), 'entry', 'entries')}"
        f" written to {to}."
    )


@translations.command("import")
@click.argument("language")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only report.")
@a_content
def import_(language: str, file: Path, modules: Path, *, dry_run: bool) -> None:
    """Import a file of translations; show what changes, and list what is not imported, and why."""
    content = _loaded(modules)
    _check_language(content, language)
    if file.stat().st_size > LARGEST_BYTES:
        sys.exit(f"{file.name} is larger than {LARGEST_BYTES // 1000000} MB.")
    try:
        sent = list(_format(file)[0](file.read_bytes()))
    except UnreadableTranslation as reason:
        sys.exit(f"{file.name}: {reason}.")
    alphabet = content.languages[language].alphabet
    report = judge(content.translations, language, alphabet, sent)
    changed = {context.partition("|")[0] for context, _, _ in report.changes}
    if not dry_run and changed:
        write_entries(modules, language, {one: report.taken[one] for one in changed})
        note_made(modules, language, _loaded(modules).translations, changed)
    _tell(report, changed, dry_run=dry_run)
    if report.refused:
        sys.exit(1)


def _tell(report: TranslationReport, changed: set[str], *, dry_run: bool) -> None:
    for context, before, after in report.changes[:SHOWN_CHANGES]:
        click.echo(f"{context}\n- {before or '(nothing)'}\n+ {after}")
    if len(report.changes) > SHOWN_CHANGES:
        click.echo(f"… and {counted(len(report.changes) - SHOWN_CHANGES, 'more text')}")
    for context, message in report.refused:
        click.echo(f"Not imported: {context}: {message}", err=True)
    done = "would change" if dry_run else "changed"
    click.echo(
        f"{counted(len(report.changes), 'text')} in"
        f" {counted(len(changed), 'entry', 'entries')} {done}, {len(report.refused)} not"
        " imported."
    )


@translations.command("made")
@click.argument("language")
@some_entries
@a_content
def made(language: str, patterns: tuple[str, ...], modules: Path) -> None:
    """Record that texts edited in the files match the current English."""
    content = _loaded(modules)
    _check_language(content, language)
    entries = [
        one
        for one in _chosen(content, patterns)
        if content.translations.state(one, language) is TextState.STALE
    ]
    count = note_made(modules, language, content.translations, entries)
    click.echo(f"{counted(count, 'text')} recorded as drafts of the current English.")


@translations.command("read")
@click.argument("language")
@click.option("--by", required=True, help="Name of the native editor who has read them.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day; today, if nothing is said.")
@some_entries
@a_content
def read(language: str, by: str, on: date | None, patterns: tuple[str, ...], modules: Path) -> None:
    """Record that a native child-protection editor has read and approved texts."""
    content = _loaded(modules)
    _check_language(content, language)
    day = date(on.year, on.month, on.day) if on else clock.now().date()
    chosen = _chosen(content, patterns)
    left = note_read(modules, language, content.translations, chosen, by=by, on=day)
    for entry in left:
        click.echo(f"Not recorded, because it is missing or stale: {entry}", err=True)
    click.echo(f"{counted(len(chosen) - len(left), 'text')} recorded as read by {by}.")
    if left:
        sys.exit(1)


@translations.command("warnings")
@click.argument("language")
@some_entries
@a_content
def warnings(language: str, patterns: tuple[str, ...], modules: Path) -> None:
    """List texts that are much longer than their English, or that do not use the agreed terms."""
    content = _loaded(modules)
    _check_language(content, language)
    terms = read_terms(modules)
    count = 0
    for unit in units_of(content.translations, language, _chosen(content, patterns)):
        if not unit.own:
            continue
        said = term_warnings(terms, language, unit.english, unit.own)
        long = length_warning(unit.english, unit.own)
        for message in [*said, *([long] if long else [])]:
            count += 1
            click.echo(f"{unit.context}: {message}")
    click.echo(f"{counted(count, 'warning')}", err=True)


def _loaded(modules: Path) -> Content:
    try:
        return load(modules)
    except BrokenContent as broken:
        sys.exit("\n".join(("Fix these errors first:", *(str(one) for one in broken.faults))))


def _others(content: Content) -> list[str]:
    return [code for code in content.languages if code != ENGLISH]


def _check_language(content: Content, language: str) -> None:
    if language not in _others(content):
        sys.exit(
            f"{language} is not a language to translate into. The languages are:"
            f" {', '.join(_others(content))}."
        )


def _chosen(content: Content, patterns: Iterable[str]) -> list[str]:
    wanted = list(patterns)
    entries = sorted(content.translations.entries, key=lambda one: (part_of(one), one))
    found = [
        one for one in entries if not wanted or any(fnmatch(one, pattern) for pattern in wanted)
    ]
    if not found:
        sys.exit(
            f"No text of the programme matches {', '.join(wanted)}. Use a name that `ciss content"
            " status --texts` lists."
        )
    return found


def _format(path: Path) -> tuple[Reader, Writer]:
    if path.suffix not in FORMATS:
        sys.exit(f"{path.name}: the name must end in one of {', '.join(FORMATS)}.")
    return FORMATS[path.suffix]
