"""What changed between two versions of the standard, for a school that answers again."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.errors import N_

LEVELS = ("0", "1", "2", "3")


class ChangeKind(StrEnum):
    """Whether a criterion is asked in another way, is new, or is no longer asked."""

    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"


class CriterionChange(Struct, frozen=True):
    """A criterion before and now; None where a version does not have it."""

    before: Criterion | None
    now: Criterion | None

    @property
    def kind(self) -> ChangeKind:
        """What happened to it."""
        if self.before is None:
            return ChangeKind.NEW
        return ChangeKind.REMOVED if self.now is None else ChangeKind.CHANGED

    @property
    def notes(self) -> list[str]:
        """What it asks for in another way, besides its words."""
        if self.before is None or self.now is None:
            return []
        found = []
        if self.before.critical is not self.now.critical:
            critical = N_("It is now critical."), N_("It is no longer critical.")
            found.append(critical[not self.now.critical])
        if self.before.key.not_applicable is not self.now.key.not_applicable:
            left_out = (
                N_("You can now leave it out, with a reason."),
                N_("You can no longer leave it out."),
            )
            found.append(left_out[not self.now.key.not_applicable])
        return found

    def sentences(self, language: str) -> list[tuple[str | None, str, str]]:
        """List the question (None) and the levels whose words differ, each before and now."""
        if self.before is None or self.now is None:
            return []
        before, now = self.before.text(language), self.now.text(language)
        was, present = self.before.text(ENGLISH), self.now.text(ENGLISH)
        pairs: list[tuple[str | None, str, str]] = []
        if was.question != present.question:
            pairs.append((None, before.question, now.question))
        return pairs + [
            (level, before.levels[level], now.levels[level])
            for level in LEVELS
            if was.levels[level] != present.levels[level]
        ]

    @property
    def is_one(self) -> bool:
        """Whether the answer to it is concerned; advice and examples may change without that."""
        return self.kind is not ChangeKind.CHANGED or bool(self.notes or self.sentences(ENGLISH))


def changes_between(before: Standard, now: Standard) -> Iterator[CriterionChange]:
    """Yield what changed, in the order of the standard; what is no longer asked comes last.

    Words are compared in English, which all translations follow.
    """
    for criterion in now.criteria:
        change = CriterionChange(before.by_id.get(criterion.id), criterion)
        if change.is_one:
            yield change
    for criterion in before.criteria:
        if criterion.id not in now.by_id:
            yield CriterionChange(criterion, None)
