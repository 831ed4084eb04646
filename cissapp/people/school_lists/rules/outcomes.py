"""What happens to rows and lists, and how the result is stored."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import asdict

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.schools.rules import RegisterFacts


class RowOutcome(StrEnum):
    """What became of a row of a list."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DIFFERS = "differs"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    SKIPPED = "skipped"


OUTCOME_NAMES = {
    RowOutcome.CREATED: N_("New"),
    RowOutcome.CHANGED: N_("Changed"),
    RowOutcome.UNCHANGED: N_("Unchanged"),
    RowOutcome.DIFFERS: N_("Different, left as it is"),
    RowOutcome.DUPLICATE: N_("Possible duplicate"),
    RowOutcome.REFUSED: N_("Refused"),
    RowOutcome.SKIPPED: N_("Nothing to import, skipped"),
}
OUTCOME_KINDS = {
    RowOutcome.CREATED: "ok",
    RowOutcome.CHANGED: "info",
    RowOutcome.UNCHANGED: "none",
    RowOutcome.DIFFERS: "warn",
    RowOutcome.DUPLICATE: "warn",
    RowOutcome.REFUSED: "bad",
    RowOutcome.SKIPPED: "none",
}
# Outcomes that somebody must look at, and may correct and send again.
TO_MEND = frozenset({RowOutcome.DIFFERS, RowOutcome.DUPLICATE, RowOutcome.REFUSED})


class ListState(StrEnum):
    """The progress of a list."""

    READING = "reading"
    READ = "read"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    IMPORTED = "imported"
    HOLDING = "holding"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    DISCARDING = "discarding"


AT_WORK = frozenset(
    {
        ListState.READING,
        ListState.CHECKING,
        ListState.IMPORTING,
        ListState.HOLDING,
        ListState.UNDOING,
        ListState.DISCARDING,
    }
)
# States in which schools of the list are being changed.
WRITING = frozenset({ListState.IMPORTING, ListState.UNDOING})
# States in which the rows of the list are needed to the end.
NEEDS_ROWS = WRITING | {ListState.HOLDING}
# States in which a list may be mapped, checked or discarded: nothing is in the register yet.
OPEN = frozenset({ListState.READ, ListState.CHECKED, ListState.FAILED})

LIST_STATE_NAMES = {
    ListState.READING: N_("The file is being read"),
    ListState.READ: N_("Read: choose its columns"),
    ListState.CHECKING: N_("The rows are being checked"),
    ListState.CHECKED: N_("Checked: nothing is in the register yet"),
    ListState.IMPORTING: N_("The rows are being imported"),
    ListState.IMPORTED: N_("Imported"),
    ListState.HOLDING: N_("Emails that have not been sent yet are being stopped"),
    ListState.UNDOING: N_("The import is being undone"),
    ListState.UNDONE: N_("Undone"),
    ListState.FAILED: N_("The file cannot be read"),
    ListState.DISCARDING: N_("The list is being deleted"),
}


class UndoOutcome(StrEnum):
    """What became of a row when its import was undone."""

    UNDONE = "undone"
    LEFT = "left"


def to_mend(counts: Mapping[str, int]) -> int:
    """Return how many rows of a list somebody may have to correct at most, from the numbers of its outcomes."""
    return sum(counts.get(one.value, 0) for one in (*TO_MEND, UndoOutcome.LEFT))


class RowResult(Struct):
    """The outcome of a row, the reasons, and what is needed to undo it.

    `before` holds the facts of a changed school, `version` the number of our last change to it, and
    `invitation_ids` the invitations that were sent.
    """

    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()
    school_id: UUID | None = None
    before: RegisterFacts | None = None
    version: int | None = None
    invitation_ids: list[UUID] = field(default_factory=list)
    undo: UndoOutcome | None = None
    undo_problem: Problem | None = None
    # How many people would be invited; only set for a checked row.
    invited: int = 0
    # The hashes of a checked row in pairs, by which later rows of its school are recognised.
    hashes: tuple[int, ...] = ()

    def stored(self) -> dict[str, Any]:
        """Return the result in the form in which it is stored, without empty values."""
        values = {
            "o": self.outcome.value,
            "p": [_stored(problem) for problem in self.problems],
            "s": str(self.school_id) if self.school_id else None,
            "b": asdict(self.before) if self.before else None,
            "v": self.version,
            "i": [str(one) for one in self.invitation_ids],
            "u": self.undo.value if self.undo else None,
            "q": _stored(self.undo_problem) if self.undo_problem else None,
            "h": self.hashes,
        }
        return {key: value for key, value in values.items() if value}


def restored(kept: dict[str, Any]) -> RowResult:
    """Return a result from its stored form."""
    return RowResult(
        RowOutcome(kept["o"]),
        tuple(_problem(one) for one in kept.get("p", [])),
        UUID(kept["s"]) if "s" in kept else None,
        RegisterFacts(**kept["b"]) if "b" in kept else None,
        kept.get("v"),
        [UUID(one) for one in kept.get("i", [])],
        UndoOutcome(kept["u"]) if "u" in kept else None,
        _problem(kept["q"]) if "q" in kept else None,
    )


def restored_words(kept: dict[str, Any]) -> RowResult:
    """Return what a stored result says in words, without the ids and earlier facts that undoing needs."""
    return RowResult(
        RowOutcome(kept["o"]),
        tuple([_problem(one) for one in kept.get("p", [])]),
        undo=UndoOutcome(kept["u"]) if "u" in kept else None,
        undo_problem=_problem(kept["q"]) if "q" in kept else None,
    )


def _stored(problem: Problem) -> list[Any]:
    return [problem.code, problem.message, problem.values]


def _problem(kept: list[Any]) -> Problem:
    code, message, values = kept
    return Problem(code, message, values)
