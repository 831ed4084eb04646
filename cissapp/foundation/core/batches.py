"""Work on many rows, part by part: short transactions, so that others can write in between."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from cissapp.foundation.core.db import unit_of_work

BATCH = 200

Key = TypeVar("Key")
Batch = TypeVar("Batch")


def batches_of(keys: Sequence[Key], size: int = BATCH) -> Iterator[Sequence[Key]]:
    """Yield the keys so many at a time."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def each_kept(batches: Iterable[Batch], work: Callable[[Batch], int]) -> int:
    """Do the work for one batch after the other, each kept by itself; return the sum."""
    total = 0
    for batch in batches:
        with unit_of_work():
            total += work(batch)
    return total
