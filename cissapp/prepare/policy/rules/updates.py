"""Changes in the library since a school chose its clauses that it has not responded to yet."""

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.content.toolkit import Clause, Toolkit
from cissapp.prepare.documents.rules.differences import Passage, Sentence, differences
from cissapp.prepare.policy.rules.clauses import (
    ClauseChoice,
    ClauseDecision,
    ClauseStanding,
    PlacedClause,
    SchoolWords,
)
from cissapp.prepare.policy.rules.signs import words_of


class UpdateKind(StrEnum):
    """What happened to a clause."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


class LibraryUpdate(Struct, frozen=True):
    """A clause that is changed, new or gone in the library; `passages` differ in the policy's language."""

    kind: UpdateKind
    old: Clause | None
    new: Clause | None
    passages: tuple[Passage, ...] = ()

    @property
    def clause(self) -> Clause:
        """The clause as it is now, or as it last was."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 -- one of the two is there
        return found

    @property
    def added_elements(self) -> tuple[str, ...]:
        """The elements that the new clause covers and the old one did not."""
        before = self.old.key.elements if self.old else ()
        after = self.new.key.elements if self.new else ()
        return tuple(one for one in after if one not in before)


def digest_of(clause: Clause) -> str:
    """Return a digest of a clause: its keys and its words in every language."""
    said = json.dumps(written(clause), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def written(clause: Clause) -> dict[str, object]:
    """Return a clause as plain values, from which `Clause` can be restored."""
    return {
        "key": clause.key.model_dump(mode="json"),
        "texts": {code: words.model_dump(mode="json") for code, words in clause.texts.items()},
    }


def library_updates(
    library: Toolkit, said: SchoolWords, placed: Sequence[PlacedClause], language: str
) -> list[LibraryUpdate]:
    """List the updates that await a response, in the order of the policy; none for left-out clauses."""
    found = []
    for one in placed:
        decision = said.decisions.get(one.id)
        newest = library.clause_by_id.get(one.id)
        if one.standing is ClauseStanding.NEW:
            found.append(
                LibraryUpdate(UpdateKind.NEW, None, newest, _differing(None, newest, language))
            )
        elif decision and decision.choice is not ClauseChoice.LEFT_OUT:
            kind = _kind(decision, newest, language)
            if kind:
                passages = _differing(decision.held, newest, language)
                found.append(LibraryUpdate(kind, decision.held, newest, passages))
    return found


def _kind(decision: ClauseDecision, newest: Clause | None, language: str) -> UpdateKind | None:
    if decision.declined == (digest_of(newest) if newest else UpdateKind.GONE):
        return None
    if newest is None:
        return UpdateKind.GONE
    is_newer = newest.key.version != decision.held.key.version
    other_words = newest.text(language) != decision.held.text(language)
    return UpdateKind.CHANGED if is_newer or other_words else None


def _differing(old: Clause | None, new: Clause | None, language: str) -> tuple[Passage, ...]:
    was, now = (_sentences(one, language) for one in (old, new))
    return tuple(differences(was, now))


def _sentences(clause: Clause | None, language: str) -> list[Sentence]:
    if clause is None:
        return []
    words = clause.text(language)
    texts = [words.text, words.younger, words.older]
    return [
        Sentence(1, line) for text in texts if text for line in words_of(text).split("\n") if line
    ]
