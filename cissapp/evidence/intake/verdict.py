"""What was found out about a file that is taken: in the worker, and as the application sees it."""

from dataclasses import dataclass, field

from cissapp.evidence.intake.reasons import Finding
from cissapp.evidence.rules import MediaType


@dataclass
class Verdict:
    """The worker's word: the kind of the file, its pages if it has such, and what one should know."""

    kind: MediaType
    pages: int | None = None
    findings: set[Finding] = field(default_factory=set)


@dataclass(frozen=True)
class Taken:
    """A document that is taken. The findings are sentences that the sender should read, to be translated."""

    media_type: MediaType
    text: str
    pages: int | None
    findings: tuple[str, ...]
