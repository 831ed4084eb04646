"""The errors that a person can meet: Missing, Forbidden, Refused. Everything else is a bug."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field


class Problem(Struct, frozen=True):
    """A reason why something may not happen: a code, a sentence, its values, and where to mend it.

    `link` is an endpoint and its arguments, turned into an address by the page that shows it.
    """

    code: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    link: tuple[str, dict[str, Any]] | None = None


class Missing(Exception):
    """It does not exist, or the person may not know that it does."""


class Forbidden(Exception):
    """The person's role may never do this."""


class NotSignedIn(Exception):
    """The request needs a person who is signed in."""


class Refused(Exception):
    """It may not happen now; `problems` lists every reason."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class Busy(Refused):
    """It may not happen now, because too much else does; the same may be sent again."""


class TooManyAttempts(Exception):
    """It was tried too often; one may try again at the moment `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class ConfirmationNeeded(Refused):
    """It may hold something about a child. Nothing is kept until the sender has looked and confirmed.

    `counts` says how often each kind of sign was seen, never what was seen.
    """

    def __init__(self, counts: dict[str, int], *problems: Problem) -> None:
        super().__init__(*problems)
        self.counts = counts


class EditConflict(Exception):
    """Another person changed the same thing in the meantime."""


def N_(message: str) -> str:  # noqa: N802 -- the name that the catalogue's extractor knows
    """Mark a sentence for translation where no translator is at hand."""
    return message
