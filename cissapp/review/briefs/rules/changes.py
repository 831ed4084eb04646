"""What changed in an application since its previous submission."""

from collections.abc import Mapping

from msgspec import Struct


class ComparableSubmission(Struct, frozen=True):
    """The compared parts of an application: hashes by document, levels by criterion, the mechanism."""

    documents: Mapping[str, str]
    levels: Mapping[str, int | None]
    mechanism: str


class SubmissionChanges(Struct, frozen=True):
    """What is new, changed or gone; criteria in the order of the rubric."""

    documents_new: tuple[str, ...]
    documents_changed: tuple[str, ...]
    documents_gone: tuple[str, ...]
    raised: tuple[str, ...]
    lowered: tuple[str, ...]
    mechanism: bool


def compare_submissions(
    before: ComparableSubmission, now: ComparableSubmission
) -> SubmissionChanges:
    """Compare two applications; a criterion that is not applicable counts as below level 0."""
    both = [key for key in now.documents if key in before.documents]
    moved = {key: _step(before.levels.get(key), level) for key, level in now.levels.items()}
    return SubmissionChanges(
        documents_new=tuple(key for key in now.documents if key not in before.documents),
        documents_changed=tuple(key for key in both if before.documents[key] != now.documents[key]),
        documents_gone=tuple(key for key in before.documents if key not in now.documents),
        raised=tuple(key for key, step in moved.items() if step > 0),
        lowered=tuple(key for key, step in moved.items() if step < 0),
        mechanism=before.mechanism != now.mechanism,
    )


def _step(before: int | None, now: int | None) -> int:
    return (-1 if now is None else now) - (-1 if before is None else before)
