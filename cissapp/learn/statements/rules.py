"""Names used in statements of learning, and a parser for untrusted JSON. Pure."""

import json
from enum import StrEnum
from typing import Any, NoReturn

from cissapp.foundation.core.errors import N_

FORMAT = "ciss-statement-1"
# More characters than any statement has; a longer text is not parsed.
LARGEST = 100_000
PERCENT = 100

NOT_A_CERTIFICATE = N_(
    "This is not a school certificate and says nothing about the school’s safety."
)


class StatementWorth(StrEnum):
    """What a file is worth as a statement of learning."""

    GENUINE = "genuine"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    NO_STATEMENT = "no_statement"
    UNKNOWN = "unknown"


WORTH_NAMES = {
    StatementWorth.GENUINE: "Genuine statement of learning",
    StatementWorth.ALTERED: "Altered",
    StatementWorth.NOT_OURS: "Not one of ours",
    StatementWorth.NO_STATEMENT: "Not a statement of learning",
    StatementWorth.UNKNOWN: "Could not be checked",
}


def read_json(text: str) -> dict[str, Any]:
    """Parse a JSON object strictly, without duplicate names or fractions; raise ValueError."""
    if len(text) > LARGEST:
        raise ValueError("it is too long")
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is no object")  # noqa: TRY004 -- a document is wrong, not a type
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands in it twice")
    return found


def _refuse(value: str) -> NoReturn:
    raise ValueError(f"it holds the number {value[:20]}")
