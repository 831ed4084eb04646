"""The errors that a user can meet, such as Missing, Forbidden and Refused, and what their sentences need. Any other error is a bug."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field


class Problem(Struct, frozen=True):
    """A reason why something is not allowed: a code, a sentence, its values, and where to fix it.

    `link` is an endpoint and its arguments, which the page turns into a URL.
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
    """The action is not allowed now; `problems` lists every reason."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class Busy(Refused):
    """The action is not possible now because of other load; the same request may be sent again."""


class TooManyAttempts(Exception):
    """There were too many attempts; the next is possible at the time `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class ConfirmationNeeded(Refused):
    """The input may contain something about a child; nothing is stored until the sender has confirmed it.

    `counts` is how often each kind of sign was seen, never what was seen.
    """

    def __init__(self, counts: dict[str, int], *problems: Problem) -> None:
        super().__init__(*problems)
        self.counts = counts


class EditConflict(Exception):
    """Another person changed the same thing in the meantime."""


def N_(message: str) -> str:  # noqa: N802 -- the name that the catalogue's extractor knows
    """Mark a sentence for translation where no translator is at hand."""
    return message


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number with its noun for the English of commands, such as "1 file" or "2 files".

    `things` is a plural that is not formed by -s.
    """
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
