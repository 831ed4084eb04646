"""Rules of the acknowledgements: which documents, how the count carries on, what a browser remembers."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem, Refused

# The policy is the only document that the whole staff is asked to read.
READ_BY_STAFF = frozenset({"POL"})
STAFF_MOST = 2000
CHANGE_MOST = 300
# A link that is passed around must not fill the database; the school is informed instead.
TIMES_STAFF = 3
SERIES_REMEMBERED = 20


class ReadingRequest(Struct, frozen=True):
    """What a school enters when it asks its staff to read a version."""

    staff: int
    substantive: bool = True
    change: str = ""


class AcknowledgementCount(Struct, frozen=True):
    """How many acknowledged: in total since the last change of substance, and exactly this version.

    `number` is the version that the link leads to.
    """

    document_id: UUID
    title: str
    number: int
    sha256: str
    in_all: int
    this_version: int
    staff: int
    since_on: date
    change: str

    @property
    def too_many(self) -> bool:
        """Whether there are more acknowledgements than staff, which means that the link was passed on."""
        return self.in_all > self.staff


def refuse_other_kinds(evidence_code: str) -> None:
    """Refuse a document that is not the policy."""
    if evidence_code not in READ_BY_STAFF:
        raise Refused(
            Problem("kind", N_("You can only share the safety policy with staff this way."))
        )


def refuse_unexplained(asked: ReadingRequest) -> None:
    """Refuse a change of substance without a sentence that says what changed."""
    if asked.substantive and not asked.change:
        raise Refused(Problem("change", N_("Describe what changed in one sentence.")))


def refuse_too_many(in_all: int, staff: int) -> None:
    """Refuse once there are three times as many acknowledgements as staff."""
    if in_all >= TIMES_STAFF * staff:
        message = N_(
            "Far more people have used this link than the school has staff. Tell the head of the school."
        )
        raise Refused(Problem("overfull", message))


def remember_series(before: Sequence[str], series: str) -> list[str]:
    """Return what a browser keeps after an acknowledgement: the newest twenty series, each once."""
    return [*(one for one in before if one != series), series][-SERIES_REMEMBERED:]
