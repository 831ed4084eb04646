"""What was found out about a file that is taken."""

from dataclasses import dataclass, field

from cissapp.evidence.intake.reasons import Finding


@dataclass
class Verdict:
    """The kind of the file (a value of `MediaType`), its pages if it has such, and what one should know."""

    kind: str
    pages: int | None = None
    findings: set[Finding] = field(default_factory=set)
