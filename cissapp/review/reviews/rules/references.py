"""What a score points to: a page of a document that was submitted, the reporting mechanism, or the visit."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.review.reviews.rules.scores import is_far_apart

MECHANISM, VISIT = "mechanism", "visit"
# Level 2 is the expected level; any other level claims more, so it has to reference what was seen.
EXPECTED = 2


class Reference(Struct, frozen=True):
    """A place in what was looked at; `version_id` and `page` for a document only."""

    kind: str
    version_id: UUID | None = None
    page: int | None = None

    def __str__(self) -> str:
        """Return the stored form: `mechanism`, `visit`, or `<version>#<page>`."""
        return self.kind if self.version_id is None else f"{self.version_id}#{self.page}"


def parse_reference(text: str) -> Reference:
    """Parse a stored reference; raise ValueError for anything else."""
    if text in {MECHANISM, VISIT}:
        return Reference(text)
    version, _, page = text.partition("#")
    return Reference("document", UUID(version), int(page))


def needs_reference(level: int | None, own: int | None) -> bool:
    """Return whether a score needs a reference: levels 0, 1 and 3, and those far from the school's own."""
    return (level is not None and level != EXPECTED) or is_far_apart(level, own)


def reference_problems(
    level: int | None, own: int | None, references: Collection[str], known: Collection[str]
) -> list[Problem]:
    """List what is wrong with the references of a score.

    `known` names what can be pointed to: version ids, `mechanism`, and `visit` once there was one.
    """
    if not references:
        if not needs_reference(level, own):
            return []
        message = N_("Choose where you saw it: a document and its page, or the mechanism.")
        return [Problem("seen_in", message)]
    if all(_is_known(one, known) for one in references):
        return []
    return [Problem("seen_in", N_("Choose something from this application, and a page."))]


def _is_known(text: str, known: Collection[str]) -> bool:
    try:
        found = parse_reference(text)
    except ValueError:
        return False
    if found.version_id is None:
        return found.kind in known
    return str(found.version_id) in known and (found.page or 0) >= 1
