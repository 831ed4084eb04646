"""The facts of a statement of learning: plain values, serialised as the one JSON text that is signed."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct, to_builtins

from cissapp.foundation.content.values import Module
from cissapp.foundation.core.db import canonical
from cissapp.learn.learning.rules import ModuleProgress
from cissapp.learn.statements.rules import FORMAT, PERCENT, StatementWorth, read_json


class StatedModule(Struct, frozen=True):
    """A person's progress in a module; `version` is that of the content on the date of the statement.

    `passed_on` and `percent` are None until the module is passed.
    """

    id: str
    number: int
    title: str
    version: int
    lessons: int
    lessons_read: int
    passed_on: date | None
    percent: int | None


class PrintedStatement(Struct, frozen=True):
    """The printed text in one language; `rows` are the cells of the table, one row per module."""

    title: str
    school: str
    box: str
    lead: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    demo: str | None


class LearningStatement(Struct, frozen=True):
    """What a person has learned as of a time, without e-mail address, answers, or anything about others."""

    name: str
    school_name: str
    school_code: str
    locality: str
    country_code: str
    language: str
    modules: tuple[StatedModule, ...]
    made_at: datetime
    base_url: str
    key_id: str
    demo: bool
    says_not: str
    format: str = FORMAT

    @property
    def passed(self) -> int:
        """How many modules are passed."""
        return sum(one.passed_on is not None for one in self.modules)

    @property
    def lessons_read(self) -> int:
        """How many lessons were read."""
        return sum(one.lessons_read for one in self.modules)

    def text(self) -> str:
        """Return the statement as the exact text that is signed."""
        made_at = f"{self.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return canonical({**to_builtins(self, builtin_types=(date, datetime)), "made_at": made_at})

    def content(self) -> dict[str, Any]:
        """Return the statement as plain JSON values."""
        values: dict[str, Any] = json.loads(self.text())
        return values


def stated_modules(
    parts: Iterable[ModuleProgress], titles: dict[str, str]
) -> tuple[StatedModule, ...]:
    """List the modules of which there is something to state, in their order."""
    found = (_module(part, part.module, titles) for part in parts)
    return tuple(one for one in found if one.lessons_read or one.passed_on)


def _module(part: ModuleProgress, module: Module, titles: dict[str, str]) -> StatedModule:
    passing = part.passing_attempt if part.passed_at else None
    return StatedModule(
        id=module.id,
        number=module.number,
        title=titles[module.id],
        version=module.file.version,
        lessons=len(module.lessons),
        lessons_read=part.lessons_read,
        passed_on=part.passed_at.astimezone(UTC).date() if part.passed_at else None,
        percent=int(passing.percent) if passing else None,
    )


# --- reading -----------------------------------------------------------------------------------


def read_statement(text: str) -> LearningStatement:
    """Parse a statement; raise ValueError if the text is not what `LearningStatement.text` writes."""
    raw = read_json(text)
    if raw.get("format") != FORMAT:
        raise ValueError("this is no statement of learning")
    try:
        modules = tuple(
            StatedModule(**{**one, "passed_on": _day(one["passed_on"])}) for one in raw["modules"]
        )
        made_at = datetime.strptime(raw["made_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        found = LearningStatement(**{**raw, "modules": modules, "made_at": made_at})
        well = found.text() == text and _sound(found)
    except (KeyError, TypeError, AttributeError, UnicodeEncodeError) as error:
        raise ValueError("this is no statement of learning") from error
    if not well:
        raise ValueError("this statement is not written as ours are")
    return found


def _day(raw: str | None) -> date | None:
    return None if raw is None else date.fromisoformat(raw)


def _sound(found: LearningStatement) -> bool:
    """Check that every value has the right type; only the signature shows whether it is true."""
    texts = (
        *(found.name, found.school_name, found.school_code, found.locality, found.country_code),
        *(found.language, found.base_url, found.key_id, found.says_not),
        *(text for one in found.modules for text in (one.id, one.title)),
    )
    counts = [n for one in found.modules for n in (one.number, one.version, one.lessons)]
    shares = [one.percent for one in found.modules if one.percent is not None]
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(found.demo, bool)
        and bool(found.modules)
        and all(type(number) is int and number > 0 for number in counts)
        and all(type(one.lessons_read) is int for one in found.modules)
        and all(0 <= one.lessons_read <= one.lessons for one in found.modules)
        and all(type(share) is int and 0 <= share <= PERCENT for share in shares)
    )


class StatementCheck(Struct, frozen=True):
    """The result of checking a file, with what it states if that may be believed."""

    worth: StatementWorth
    reason: str
    statement: LearningStatement | None = None
