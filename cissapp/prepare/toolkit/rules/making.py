"""What a product still lacks, its state, and the order of the languages offered."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from cissapp.foundation.content.schema.toolkit import ProductKey

# The evidence code of a product that proves nothing by itself.
NO_EVIDENCE = "none"


class ProductState(StrEnum):
    """The state of a product of a school."""

    NOT_MADE = "not_made"
    MADE = "made"
    OLD = "old"


def state_of(
    made_at: datetime | None, *, is_old: bool, answered_at: datetime | None
) -> ProductState:
    """Return the state of a product; it is old once a value or an answer in it has changed."""
    if made_at is None:
        return ProductState.NOT_MADE
    is_later = answered_at is not None and answered_at > made_at
    return ProductState.OLD if is_old or is_later else ProductState.MADE


def evidence_of(key: ProductKey) -> str | None:
    """Return the evidence code of a product; None if it proves nothing by itself."""
    return None if key.evidence in {None, NO_EVIDENCE} else key.evidence


def lacking(
    needs: Iterable[str], needed_fields: Iterable[str], known: Collection[str]
) -> list[str]:
    """List what a product needs but lacks: values of the school, and its own answers."""
    return [one for one in dict.fromkeys([*needs, *needed_fields]) if one not in known]


def offered_languages(
    pupils: Sequence[str], school_language: str, written: Collection[str], every: Sequence[str]
) -> list[str]:
    """Order the languages in which a product is written: those of the pupils first, then that of the school."""
    wanted = dict.fromkeys([*pupils, school_language, *every])
    return [one for one in wanted if one in written]
