"""The content as it ships, for tests that need some module, lesson or question, and no certain one."""

import fcntl
import pickle
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from msgspec.structs import replace

from cissapp.foundation.content import helplines, reader
from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.content.kept import KeptContent
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema import QuestionKind, Region, SchoolStatistics
from cissapp.foundation.content.values import Content, Module, Question
from config import ROOT

# A test breaks a file or two, and reads all of them: those that are as before are parsed once in a process.
_parse = reader.parsed


@lru_cache(maxsize=1000)
def _packed(text: str) -> bytes:
    return pickle.dumps(_parse(text))


reader.parsed = lambda text: pickle.loads(_packed(text))


def read_once() -> Content:
    """Read the content in one process of a run: the others, and later runs, take what it kept."""
    folder = ROOT / ".pytest_cache" / "content"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return load(ROOT / "modules", KeptContent(folder, b"for tests only"))


SHIPPED = read_once()
MODULE = SHIPPED.modules[0]
LESSON = MODULE.lessons[1]  # one stands before it, and one after it
FOLDER = f"{MODULE.number}-{MODULE.id}"
# Whom people of Moldova call: the line for children, and the police.
HELPLINE, POLICE = (
    next(one for one in SHIPPED.countries["MD"].helplines if one.kind == kind)
    for kind in (helplines.HELPLINE, helplines.POLICE)
)


def copied(root: Path) -> Path:
    """Copy the content in English alone: a fifth to read, and nothing depends on what is translated."""
    others = shutil.ignore_patterns("translations", *(set(SHIPPED.languages) - {"en"}))
    return shutil.copytree(ROOT / "modules", root, ignore=others)


def questions_of(kind: QuestionKind, module: Module = MODULE) -> list[Question]:
    """The questions of a kind that people of every country are asked."""
    found = [one for one in module.questions_for(None) if one.key.kind is kind]
    assert found, f"{module.id} asks nothing of the kind {kind}"
    return found


@contextmanager
def installed(app: Flask, *changed: Module) -> Iterator[None]:
    """Put changed modules into the place of those that the application was started with."""
    known = app.extensions[EXTENSION]
    new = {one.id: one for one in changed}
    app.extensions[EXTENSION] = replace(
        known, modules=tuple(new.get(one.id, one) for one in known.modules)
    )
    try:
        yield
    finally:
        app.extensions[EXTENSION] = known


def in_english(module: Module) -> Module:
    """The module as if nobody had begun to translate it."""
    return replace(
        module,
        texts={"en": module.texts["en"]},
        lessons=tuple(replace(one, texts={"en": one.texts["en"]}) for one in module.lessons),
        questions=tuple(replace(one, texts={"en": one.texts["en"]}) for one in module.questions),
    )


def titled(criterion_id: str) -> str:
    """A criterion as lists name it in English, with the mark of a critical one."""
    criterion = SHIPPED.standard.by_id[criterion_id]
    star = " ★" if criterion.critical else ""
    return f"{criterion_id} · {criterion.text('en').title}{star}"


def country_of(
    *regions: Region, code: str = "MD", statistics: Iterable[SchoolStatistics] = ()
) -> CountryPack:
    """A country's pack as it ships, with other regions."""
    file = SHIPPED.countries[code].file
    changed = {"regions": list(regions), "statistics": list(statistics)}
    return CountryPack(file.model_copy(update=changed))


def region(code: str, parent: str | None = None, **values: Any) -> Region:
    """A region that is called by one word, as its code says; days and heirs by their names in the file."""
    top = {} if parent else {"tile": (0, 0), "short": code[-2:]}
    return Region.model_validate(
        {
            "code": code,
            "parent": parent,
            "names": {"en": f"Region{code.replace('-', '')}"},
            **top,
            **values,
        }
    )


@contextmanager
def installed_country(app: Flask, pack: CountryPack) -> Iterator[None]:
    """Put a country's pack into the place of the one that the application was started with."""
    known = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(known, countries={**known.countries, pack.code: pack})
    try:
        yield
    finally:
        app.extensions[EXTENSION] = known
